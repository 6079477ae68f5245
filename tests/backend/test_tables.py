"""Tables that finance loads: each row holds from a day on, for one employer or for all; files load by command."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from backend import people, table_files, tables
from backend.allowances import Mileage
from backend.company import SAMPLE
from backend.events import Event
from backend.people import Employer
from backend.rates import Rate
from backend.refusals import Refusal
from backend.store import Store
from bot.cli import app
from tests.office import Office, found
from tools import all_kinds

USD = {"since": "2026-01-01", "currency": "USD", "rate": "0.85"}


@pytest.fixture
def company(store: Store) -> Store:
    """The small company, on each kind of database, with a second employer."""
    found(store)
    with store.writing() as session:
        session.add(Employer(name="Other Works", currency="EUR", timezone="Europe/Madrid"))
    return store


def load(store: Store, *rows: dict[str, str]) -> tuple[int, int]:
    with store.writing() as session:
        return tables.load(session, "rates", Rate, rows, by=people.find(session, "olga"))


def rate(store: Store, on: str, employer: str = "Small Works") -> Decimal | None:
    with store.looking() as session:
        of = session.scalars(select(Employer).where(Employer.name == employer)).one()
        rows = tables.rows(session, "rates", Rate, employer=of, on=date.fromisoformat(on))
        return next((each.rate for each in rows if each.currency == "USD"), None)


def test_a_row_holds_from_its_day_until_a_newer_one_does(company: Store) -> None:
    assert load(company, USD, {**USD, "since": "2026-06-01", "rate": "0.9"}) == (2, 0)
    assert [rate(company, each) for each in ("2025-12-31", "2026-01-01", "2026-05-31", "2026-06-01")] == [
        None,
        Decimal("0.85"),
        Decimal("0.85"),
        Decimal("0.9"),
    ]


def test_a_row_for_one_employer_comes_before_those_for_all(company: Store) -> None:
    load(company, {**USD, "employer": "Other Works", "rate": "0.7"}, {**USD, "since": "2026-06-01"})
    assert rate(company, "2026-07-01", "Other Works") == Decimal("0.7")
    assert rate(company, "2026-07-01") == Decimal("0.85")


def test_loading_again_replaces_what_differs_and_is_recorded_once(company: Store) -> None:
    assert load(company, USD) == (1, 0)
    assert load(company, USD) == (0, 0)
    assert load(company, {**USD, "rate": "0.9"}) == (0, 1)
    assert rate(company, "2026-02-01") == Decimal("0.9")
    with company.looking() as session:
        events = session.scalars(select(Event).where(Event.kind == "table.loaded").order_by(Event.seq)).all()
        olga = people.find(session, "olga")
        assert [(each.actor_id, each.subject) for each in events] == [(olga.id, "table:rates")] * 2
        assert len(tables.held(session, "rates")) == 1


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"since": "yesterday", "currency": "USD", "rate": "1"}, "since"),
        ({"since": "2026-01-01", "currency": "dollar", "rate": "1"}, "Currency"),
        ({"since": "2026-01-01", "currency": "USD", "rate": "0"}, "Rate"),
        ({"since": "2026-01-01", "currency": "USD", "rate": "1", "colour": "red"}, "colour"),
        ({"since": "2026-01-01", "currency": "USD", "rate": "1", "employer": "Nobody"}, "Nobody"),
        ({"since": "2026-01-01", "rate": "1"}, "Currency"),
        ({**USD, "rate": "9"}, "row 1"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_nothing_is_loaded(
    company: Store, row: dict[str, str], problem: str
) -> None:
    with pytest.raises(Refusal, match="Row 2 of rates") as refused:
        load(company, USD, row)
    assert problem in str(refused.value)
    assert rate(company, "2026-02-01") is None


def test_every_table_has_a_key_that_its_rows_have() -> None:
    forms = table_files.forms(all_kinds())
    assert {"rates", "mileage", "per_diem"} <= set(forms)
    for form in forms.values():
        assert issubclass(form, tables.Row)
        assert form.key
        assert set(form.key) <= set(form.model_fields)


def test_the_sample_companys_tables_can_be_loaded_and_say_what_its_handbook_says(company: Store) -> None:
    problems: list[str] = []
    with company.writing() as session:
        changed = table_files.bring_in(session, SAMPLE, all_kinds(), by=None, problems=problems)
    assert problems == []
    assert {"rates", "mileage", "per_diem"} <= set(changed)
    with company.writing() as session:
        assert table_files.bring_in(session, SAMPLE, all_kinds(), by=None, problems=problems) == []
        employer = session.scalars(select(Employer)).first()
        assert employer is not None
        rows = tables.rows(session, "mileage", Mileage, employer=employer, on=date(2026, 11, 24))
    assert {(each.country, each.vehicle): str(each.rate) for each in rows}[("ES", "car")] == "0.26"


# from files


def command(office: Office, *args: str) -> tuple[int, str]:
    """Types `backdesk tables ...` in the office's home: (exit code, what was printed or refused)."""
    done = CliRunner().invoke(app, ["tables", *args, "--home", str(office.app.home)])
    return (1, str(done.exception)) if isinstance(done.exception, Refusal) else (done.exit_code, done.output)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rates.csv"
    path.write_text("# of the central bank\nsince;currency;rate\n2026-01-01;USD;0.85\n\n2026-01-01;GBP;1.15\n", "utf-8")
    return path


def test_finance_loads_a_file_after_a_dry_run(office: Office, file: Path) -> None:
    code, text = command(office, "load", "rates", str(file), "--as", "olga", "--dry-run")
    assert (code, text) == (0, "A dry run: 2 new rows in rates, 0 replaced. Nothing was written.\n")
    assert rate(office.store, "2026-02-01") is None
    assert command(office, "load", "rates", str(file), "--as", "olga") == (0, "rates: 2 new rows, 0 replaced.\n")
    assert rate(office.store, "2026-02-01") == Decimal("0.85")
    code, text = command(office, "list", "--json")
    assert {row["currency"] for row in json.loads(text)["rates"]} == {"USD", "GBP"}
    assert "per_diem" in command(office, "list")[1]
    assert "0.85" in command(office, "list", "rates")[1]


def test_who_is_not_finance_loads_nothing(office: Office, file: Path) -> None:
    assert command(office, "load", "rates", str(file), "--as", "ana") == (
        1,
        "Ana Costa has no role for that: finance and admins load tables.",
    )
    assert rate(office.store, "2026-02-01") is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"since,currency,rate\n2026-01-01,USD,0.85,9\n", "line 2"),
        (b"since,currency,rate\n2026-01-01,USD,\xff\n", "UTF-8"),
        (b"since,currency,rate\n2026-01-01,USD,cheap\n", "Row 1 of rates"),
        (b'since,currency,rate\n"2026-01-01,USD,1\n', "line"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    office: Office, tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    code, text = command(office, "load", "rates", str(path), "--as", "olga")
    assert code == 1
    assert problem in text


def test_a_table_that_is_not_there_is_refused_with_those_that_are(office: Office, file: Path) -> None:
    code, text = command(office, "load", "dates", str(file), "--as", "olga")
    assert code == 1
    assert "rates" in text
    assert command(office, "load", "rates", str(file.parent / "none.csv"), "--as", "olga")[0] == 1


def test_a_column_named_twice_is_told(tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("since,rate,rate,,\n2026-01-01,1,2,,\n", encoding="utf-8")
    with pytest.raises(Refusal, match="two columns are called 'rate'"):
        table_files.read(file)

"""Loading a company folder: once, again, changed; and requests and balances from before."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from backend import calendars, decisions, entitlements, escalations, events, leave, people, requests, steps
from backend.calendars import Part, Unit
from backend.company import Loaded
from backend.leave import LeaveEntry
from backend.leave_types import LeaveType, TimeOffLimits
from backend.people import Account, Person
from backend.refusals import Refusal
from backend.store import Base
from bot.app import App
from tests.company.conftest import COMPANY, PEOPLE

Write = Callable[..., Path]
Load = Callable[[Path], Loaded]


def _lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def _vacation(number: int, status: str, start: str, end: str, **more: str) -> dict[str, object]:
    row = {"id": number, "kind": "time_off", "by": "ann", "status": status, "leave_type": "vacation"}
    return {**row, "start": start, "end": end, **more}


PAST = _vacation(5, "approved", "2026-03-02", "2026-03-06", submitted="2026-02-01")
REQUESTS = _lines(
    PAST,
    _vacation(9, "approved", "2026-12-07", "2026-12-09"),
    _vacation(12, "pending", "2026-12-21", "2026-12-22"),
    {"id": 14, "kind": "expense", "by": "ann", "status": "pending", "amount": "12.50", "category": "meals"},
    {"id": 15, "kind": "expense", "by": "cem", "status": "paid", "amount": "80", "category": "transport"},
)
BALANCES = """
{"who": "ann", "leave_type": "vacation", "days": 11.5, "as_of": "2026-11-24"}
{"who": "ann", "leave_type": "sick", "days": null, "as_of": "2026-11-24"}
"""


def free(app: App, handle: str, leave_type: str = "vacation") -> Decimal:
    with app.store.looking() as session:
        return leave.free(session, people.find(session, handle), leave_type)


def everything(app: App) -> list[tuple[object, ...]]:
    """Every row of every table, to compare before and after."""
    with app.store.looking() as session:
        tables = Base.metadata.sorted_tables
        return [(table.name, *row) for table in tables for row in session.execute(select(table))]


def test_a_company_is_loaded(app: App, folder: Write, load: Load) -> None:
    loaded = load(folder())
    with app.store.looking() as session:
        cem = people.find(session, "CEM@acme.example")
        assert [each.what for each in loaded.people.changes] == ["new", "new", "new"]
        assert people.company(session).name == "Acme"
        assert (cem.manager and cem.manager.handle, cem.place.name, cem.employer.name) == ("boss", "Berlin", "Acme SL")
        assert cem.work_week == {"mon": 8, "tue": 8, "wed": 4}
        assert [each.handle for each in people.holders(session, "finance")] == ["cem"]
        assert people.who_is(session, channel="slack", account="U3").handle == "cem"
        assert calendars.halves_free(session, cem.place, date(2026, 12, 24)) == {Part.PM}
        assert calendars.halves_free(session, cem.place, date(2030, 12, 24)) == {Part.PM}
        assert calendars.holiday_name(session, cem.place, date(2027, 5, 7)) == "Bridge"


def test_an_employer_has_an_owner_and_a_place_its_hours(app: App, folder: Write, load: Load) -> None:
    named = COMPANY.replace('name = "Acme SL"', 'name = "Acme SL"\nowner = "BO@acme.example"')
    hours = named.replace('country = "ES"', 'country = "ES"\nhours = "8:00 - 16:30"')
    load(folder())
    loaded = load(folder(company_toml=hours))
    assert set(loaded.company) == {"place Madrid", "owner of Acme SL"}
    with app.store.looking() as session:
        ann = people.find(session, "ann")
        owner = people.owner_of(session, ann.employer_id)
        assert (owner and owner.handle, ann.place.hours) == ("boss", "08:00-16:30")
        assert people.find(session, "cem").place.hours == people.HOURS
    assert load(folder()).company == ("place Madrid", "owner of Acme SL")


def test_loading_twice_changes_nothing(app: App, folder: Write, load: Load) -> None:
    path = folder(requests_jsonl=REQUESTS, balances_jsonl=BALANCES)
    assert load(path).changed
    before = everything(app)
    assert not load(path).changed
    assert everything(app) == before


def test_only_the_differences_are_changed_and_recorded(app: App, folder: Write, load: Load) -> None:
    load(folder())
    with app.store.looking() as session:
        before = events.length(session)
    loaded = load(folder(people_csv=PEOPLE.replace("Ann Able", "Ann Baker").replace("U2", "U22")))
    (change,) = loaded.people.changes
    assert (change.handle, change.what) == ("ann", "changed")
    assert change.fields == (("name", "Ann Able", "Ann Baker"), ("slack", "U2", "U22"))
    with app.store.looking() as session:
        assert events.length(session) == before + 2
        assert session.scalars(select(Account.account).order_by(Account.account)).all() == ["U1", "U22", "U3"]


def test_who_is_missing_is_listed_and_stays(app: App, folder: Write, load: Load) -> None:
    load(folder())
    loaded = load(folder(people_csv="\n".join(PEOPLE.splitlines()[:3])))
    assert loaded.people.missing == ("cem",)
    assert loaded.people.changes == ()
    with app.store.looking() as session:
        assert people.works_here(session, people.find(session, "cem"))


def test_an_end_ends_somebody_and_no_longer_lists_them(app: App, folder: Write, load: Load) -> None:
    load(folder())
    loaded = load(folder(people_csv=PEOPLE.replace("2022-01-01,,U3", "2022-01-01,2026-10-31,U3")))
    (change,) = loaded.people.changes
    assert (change.handle, change.what, change.fields) == ("cem", "ends", (("end", "", "2026-10-31"),))
    with app.store.looking() as session:
        assert not people.works_here(session, people.find(session, "cem"))
        assert [each.handle for each in people.everybody(session)] == ["ann", "boss"]
    assert load(folder(people_csv="\n".join(PEOPLE.splitlines()[:3]))).people.missing == ()


def test_columns_that_the_file_lacks_stay_as_they_are(app: App, folder: Write, load: Load) -> None:
    load(folder())
    loaded = load(folder(people_csv="handle,name\nboss,Bo Boss\nann,Ann Able\ncem,Cem Celik\n"))
    assert loaded.people.changes == ()


def test_two_people_may_swap_their_addresses(app: App, folder: Write, load: Load) -> None:
    load(folder())
    swapped = PEOPLE.replace("ann@", "x@").replace("cem@", "ann@").replace("x@", "cem@")
    assert len(load(folder(people_csv=swapped)).people.changes) == 2
    with app.store.looking() as session:
        assert people.find(session, "cem@acme.example").handle == "ann"


def test_an_address_of_somebody_whom_the_file_does_not_name_is_refused(app: App, folder: Write, load: Load) -> None:
    load(folder())
    before = everything(app)
    with pytest.raises(Refusal, match=r"people\.csv line 2: slack 'U2' belongs to ann already"):
        load(folder(people_csv="handle,name,slack\nnew,New Newman,U2\n"))
    assert everything(app) == before


def test_a_circle_through_people_here_is_refused(app: App, folder: Write, load: Load) -> None:
    load(folder())
    with pytest.raises(Refusal, match="the managers go in a circle"):
        load(folder(people_csv=PEOPLE.replace("boss,Bo Boss,bo@acme.example,,", "boss,Bo Boss,bo@acme.example,ann,")))


def test_a_local_day_that_the_file_drops_is_a_working_day_again(app: App, folder: Write, load: Load) -> None:
    load(folder())
    assert "days of Berlin" in load(folder(company_toml=COMPANY.replace('half_days = ["12-24"]', ""))).company
    with app.store.looking() as session:
        place = people.find(session, "cem").place
        assert calendars.halves_free(session, place, date(2026, 12, 24)) == frozenset()


def test_requests_from_before_keep_their_numbers(app: App, folder: Write, load: Load) -> None:
    loaded = load(folder(requests_jsonl=REQUESTS, balances_jsonl=BALANCES))
    assert loaded.requests == (5, 9, 12, 14, 15)
    with app.store.looking() as session:
        ann, boss = people.find(session, "ann"), people.find(session, "boss")
        states = {each.number: each.state for each in requests.of(session, ann)}
        assert states == {5: "approved", 9: "approved", 12: "pending", 14: "pending"}
        assert [step.number for step in steps.waiting_for(session, boss)] == [12, 14]
        assert escalations.without_timer(session) == []
        assert people.company(session).last_number == 15
        days = leave.days_of(session, ann, date(2026, 1, 1), date(2026, 12, 31))
        taken = {each.day.isoformat(): each.state for each in days if each.cost}
        assert taken == {
            "2026-12-07": "booked",
            "2026-12-09": "booked",
            "2026-12-21": "pending",
            "2026-12-22": "pending",
        }


def test_what_waits_can_be_decided_after_the_import(app: App, folder: Write, load: Load) -> None:
    load(folder(requests_jsonl=REQUESTS, balances_jsonl=BALANCES))
    with app.store.writing() as session:
        boss = people.find(session, "boss")
        for number in (12, 14):
            request = requests.get(session, number)
            assert request is not None
            assert decisions.decide(request, session, by=boss, outcome="approved").state == "approved"
    assert free(app, "ann") == Decimal("11.5")


def test_a_request_that_cannot_be_made_stops_everything(app: App, folder: Write, load: Load) -> None:
    christmas = _lines(_vacation(3, "pending", "2026-12-25", "2026-12-25"))
    before = everything(app)
    with pytest.raises(Refusal, match=r"requests\.jsonl line 1: .*holiday"):
        load(folder(requests_jsonl=christmas))
    assert everything(app) == before


def test_a_number_that_is_taken_is_refused(app: App, folder: Write, load: Load) -> None:
    load(folder(requests_jsonl=REQUESTS))
    with pytest.raises(Refusal, match="line 1: number 5 belongs to another request here"):
        load(folder(requests_jsonl=_lines({**PAST, "by": "cem"})))


def test_balances_open_at_what_is_free_and_reconcile(app: App, folder: Write, load: Load) -> None:
    loaded = load(folder(requests_jsonl=REQUESTS, balances_jsonl=BALANCES))
    (row,) = loaded.reconciliation
    assert (row.handle, row.file_says, row.ledger_says, row.difference) == ("ann", Decimal("11.5"), Decimal("11.5"), 0)
    assert free(app, "ann") == Decimal("11.5")
    with app.store.looking() as session:
        ann = people.find(session, "ann")
        wanted = select(LeaveEntry).where(LeaveEntry.person_id == ann.id, LeaveEntry.leave_type == "vacation")
        entries = {each.sort: each.days for each in session.scalars(wanted)}
        assert entries == {"booking": Decimal(-2), "hold": Decimal(-2), "opening": Decimal("15.5")}


def test_a_balance_that_differs_later_shows_and_is_left_alone(app: App, folder: Write, load: Load) -> None:
    load(folder(requests_jsonl=REQUESTS, balances_jsonl=BALANCES))
    loaded = load(folder(requests_jsonl=REQUESTS, balances_jsonl=BALANCES.replace("11.5", "13")))
    (row,) = loaded.reconciliation
    assert (row.file_says, row.ledger_says, row.difference) == (Decimal(13), Decimal("11.5"), Decimal("-1.5"))
    assert free(app, "ann") == Decimal("11.5")


def test_who_has_no_balance_in_the_file_starts_with_the_years_days(app: App, folder: Write, load: Load) -> None:
    loaded = load(folder(balances_jsonl=BALANCES))
    assert loaded.granted == 5
    assert free(app, "boss") == Decimal(23)
    assert free(app, "cem") == Decimal(14)


@pytest.mark.parametrize(
    ("week", "start", "unit", "days"),
    [
        ({"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 8}, None, Unit.WORKING, "23"),
        ({"mon": 8, "tue": 8, "wed": 8, "thu": 8}, None, Unit.WORKING, "18.5"),
        ({"mon": 6, "tue": 6, "wed": 6, "thu": 6, "fri": 6}, date(2019, 6, 3), Unit.WORKING, "23"),
        ({"mon": 8, "tue": 8, "wed": 8, "thu": 8}, None, Unit.CALENDAR, "23"),
        ({"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 8}, date(2026, 7, 15), Unit.WORKING, "11.5"),
        ({"mon": 8, "tue": 8, "wed": 8, "thu": 8, "fri": 8}, date(2026, 7, 16), Unit.WORKING, "10"),
    ],
)
def test_the_share_of_a_years_days(week: dict[str, int], start: date | None, unit: Unit, days: str) -> None:
    person = Person(handle="x", name="X", work_week=week, start=start)
    kind = LeaveType(name="vacation", title="Vacation", unit=unit, allowance=Decimal(23))
    limits = TimeOffLimits()
    year = entitlements.year_of(date(2026, 11, 24), limits)
    assert entitlements.share(kind, person, year=year, limits=limits) == Decimal(days)

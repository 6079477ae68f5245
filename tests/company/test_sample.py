"""The sample company: it loads, it says what its handbook says, and it is the world of the sample utterances."""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import frontmatter
import pytest

from backend import calendars, company, leave, people, policies, requests
from backend.company import SAMPLE
from bot.app import App

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "eval" / "utterances" / "seed.json"


@pytest.fixture
def sample(app: App) -> App:
    with app.store.writing() as session:
        company.load(session, company.read("sample", kinds=app.kinds), by=None)
    return app


@pytest.fixture
def seed() -> dict[str, Any]:
    return json.loads(SEED.read_text(encoding="utf-8"))


with_utterances = pytest.mark.skipif(not SEED.is_file(), reason="the sample utterances are not here")


def test_the_sample_has_one_of_everything(sample: App) -> None:
    with sample.store.looking() as session:
        assert len(people.everybody(session)) == 13
        assert [each.handle for each in people.holders(session, "hr")] == ["carmen.vidal"]
        assert [each.handle for each in people.holders(session, "finance")] == ["olga.petrova"]
        assert [each.handle for each in people.holders(session, "admin")] == ["elena.rossi"]
        assert people.find(session, "elena.rossi").manager is None
        assert people.find(session, "sofia.almeida").work_week == {"mon": 8, "tue": 8, "wed": 8, "thu": 8}
        assert {each.place.name for each in people.everybody(session)} == {"Madrid"}


def test_the_samples_route_for_large_sums(sample: App) -> None:
    with sample.store.looking() as session:
        ana = people.find(session, "ana.costa")
        small = policies.route_for(session, ana, kind="purchase", amount=Decimal(1000), category=None)
        large = policies.route_for(session, ana, kind="purchase", amount=Decimal("1000.01"), category=None)
        assert [ask.roles for stop in small for ask in stop] == [("manager",)]
        assert [ask.roles for stop in large for ask in stop] == [("manager",), ("finance",)]


@with_utterances
def test_the_sample_is_the_world_of_the_utterances(sample: App, seed: dict[str, Any]) -> None:
    with sample.store.looking() as session:
        assert people.company(session).name == seed["company"]
        for row in seed["people"]:
            person = people.find(session, row["handle"])
            manager = person.manager.handle if person.manager else None
            assert (person.name, manager, person.team) == (row["name"], row["manager"], row["team"])
            assert people.who_is(session, channel="slack", account=row["slack"]).id == person.id
        ana = people.find(session, seed["default_speaker"])
        assert leave.free(session, ana, "vacation") == Decimal(str(seed["balances"]["vacation"]))
        assert leave.free(session, ana, "personal") == Decimal(str(seed["balances"]["personal"]))
        assert "sick" not in leave.kept(session, ana)
        names = {"paid": "done"}
        for row in seed["requests"]:
            request = requests.get(session, row["id"])
            assert request is not None
            assert (request.kind, request.person.handle) == (row["kind"], row["by"])
            assert request.state == names.get(row["status"], row["status"])
            for name in row.keys() - {"id", "kind", "by", "status"}:
                assert requests.said_in(request)[name] == row[name]


@with_utterances
def test_the_samples_open_requests_are_those_of_the_utterances(sample: App, seed: dict[str, Any]) -> None:
    with sample.store.looking() as session:
        everybody = people.everybody(session)
        open_now = {
            each.number for person in everybody for each in requests.of(session, person) if each.state == "pending"
        }
        assert open_now == {each["id"] for each in seed["requests"] if each["status"] == "pending"}


@with_utterances
def test_the_samples_holidays_are_those_of_the_utterances(sample: App, seed: dict[str, Any]) -> None:
    with sample.store.looking() as session:
        place = people.find(session, seed["default_speaker"]).place
        days = [date(2026, 11, 24), date(2027, 1, 31)]
        found = [str(day) for day in calendars.span(*days) if calendars.holiday_name(session, place, day)]
        assert found == seed["holidays"]


HANDBOOK = sorted(company.read(SAMPLE).handbook)
PAGES = {each.name: frontmatter.load(str(each)) for each in HANDBOOK}


def test_the_handbook_is_about_twenty_five_pages() -> None:
    words = sum(len(re.findall(r"\w+", page.content)) for page in PAGES.values())
    assert 9_000 < words < 14_000


def test_the_handbook_has_places_audiences_and_dates() -> None:
    told = [page.metadata for page in PAGES.values()]
    assert {each["place"] for each in told if "place" in each} == {"Madrid", "Lisbon", "Berlin"}
    assert {each["audience"] for each in told if "audience" in each} == {"managers", "finance"}
    assert max(str(each["effective"]) for each in told if "effective" in each) > "2026-12-31"
    assert min(str(each["expires"]) for each in told if "expires" in each) < "2026-01-01"


def test_the_handbooks_owners_work_here(sample: App) -> None:
    with sample.store.looking() as session:
        addresses = {str(each.email) for each in people.everybody(session)}
    assert {str(page["owner"]) for page in PAGES.values()} <= addresses


@pytest.mark.parametrize("place", ["Madrid", "Lisbon", "Berlin"])
def test_the_handbooks_holidays_are_those_of_the_calendar(sample: App, place: str) -> None:
    page = PAGES[f"public-holidays-{place.lower()}.md"].content
    rows = re.findall(r"^\| (\w+) \| (\d+ \w+ 2026|\d+ \w+ 2027) \|", page, re.MULTILINE)
    told = {datetime.strptime(f"{day} +0000", "%d %B %Y %z").date(): weekday for weekday, day in rows}
    assert {day.strftime("%A") for day in told} == set(told.values())
    assert [day.strftime("%A") for day in told] == list(told.values())
    with sample.store.looking() as session:
        row = session.query(people.Place).filter_by(name=place).one()
        year = calendars.span(date(2026, 1, 1), date(2026, 12, 31))
        whole = {day for day in year if len(calendars.halves_free(session, row, day)) == 2}
    assert {day for day in told if day.year == 2026} >= whole - BRIDGES
    assert {day for day in told if day.year == 2026} <= whole


BRIDGES = {date(2026, 6, 5)}
"""Given in Lisbon, and told below the table."""


def test_the_handbook_says_what_the_policies_say(sample: App) -> None:
    kind = sample.kinds["time_off"]
    with sample.store.looking() as session:
        types = {each.name: each for each in policies.limit_lines(session, kind, "leave_type")}
        limits = policies.limits(session, sample.kinds["expense"]).model_dump()
    leave_page, money_page = PAGES["time-off.md"].content, PAGES["expenses.md"].content
    assert f"| Madrid | {types['vacation'].allowance} |" in leave_page
    assert f"**{types['personal'].allowance} personal days**" in leave_page
    assert f"| up to €{limits['receipt_over']} |" in money_page
    assert f"within **{limits['oldest_days']} days**" in money_page
    assert "over €1,000 | your manager, then finance" in PAGES["purchasing.md"].content
    assert "**over €500** also need finance" in money_page


def test_a_part_timers_days_are_within_what_the_handbook_gives(sample: App) -> None:
    with sample.store.looking() as session:
        sofia = people.find(session, "sofia.almeida")
        assert leave.free(session, sofia, "vacation") <= Decimal("18.5")

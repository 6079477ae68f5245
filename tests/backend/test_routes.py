"""Who has to approve what: every condition of a route, what holds of several, approval by policy, and mistakes."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend import company, events, people, policies, requests, steps
from backend.events import Event
from backend.refusals import Refusal
from backend.requests import Request
from backend.routes import Asked, Route, chosen
from tests.office import Office
from tools import all_kinds

KINDS = all_kinds()
MANAGER, FINANCE = {"any": ["manager"]}, {"any": ["finance"]}


def set_routes(office: Office, *routes: dict[str, Any], **others: Any) -> None:
    with office.store.writing() as session:
        policies.set_all(session, {"route": list(routes), **others}, by=None, kinds=office.app.kinds)


def spends(office: Office, amount: str, *, who: str = "ana", category: str = "transport", **more: str) -> Any:
    values = {"amount": amount, "category": category, "date": "2026-11-23", **more}
    office.says(who, "taxi", meant=[("expense.submit", values)])
    return office.presses(who, "submit")


def leaves(office: Office, start: str, end: str, *, who: str = "ana") -> Any:
    values = {"leave_type": "vacation", "start": start, "end": end}
    office.says(who, "vacation", meant=[("time_off.submit", values)])
    return office.presses(who, "submit")


def waits_for(office: Office, number: int) -> list[str]:
    with office.store.looking() as session:
        office.app.furnish(session)
        found = [step for step in session.get_one(Request, number).steps if step.state == "open"]
        return [each.handle for step in found for each, _ in steps.waiting_on(session, step)]


def picked(office: Office, *rows: dict[str, Any], amount: str | None = None, **asked: Any) -> int:
    """The number of the route that is chosen of these; 0 where none fits."""
    with office.store.looking() as session:
        person = people.find(session, asked.pop("who", "ana"))
        worth = Decimal(amount) if amount is not None else None
        routes = [Route.model_validate({"kind": "expense", "steps": [MANAGER], **each}) for each in rows]
        found = chosen(routes, Asked(kind="expense", person=person, amount=worth, **asked))
        return found[0] if found else 0


@pytest.mark.parametrize(
    ("condition", "asked", "fits"),
    [
        ({"over": 500}, {"amount": "500.01"}, True),
        ({"over": 500}, {"amount": "500"}, False),
        ({"over": 500}, {"amount": "Infinity"}, True),
        ({"over": 500}, {}, False),
        ({"up_to": 50}, {"amount": "50"}, True),
        ({"up_to": 50}, {"amount": "50.01"}, False),
        ({"up_to": 50}, {"amount": "Infinity"}, False),
        ({"over_days": 10}, {"days": Decimal("10.5")}, True),
        ({"over_days": 10}, {"days": Decimal(10)}, False),
        ({"up_to_days": 1}, {"days": Decimal(1)}, True),
        ({"category": "meals"}, {"categories": frozenset({"transport", "meals"})}, True),
        ({"category": "meals"}, {"categories": frozenset({"transport"})}, False),
        ({"department": "Works"}, {}, True),
        ({"team": "office"}, {}, False),
        ({"place": "Madrid"}, {}, True),
        ({"place": "Lisbon"}, {}, False),
        ({"employer": "Small Works"}, {}, True),
        ({"employer": "Another"}, {}, False),
    ],
)
def test_a_route_holds_where_its_condition_does(
    office: Office, condition: dict[str, Any], asked: dict[str, Any], fits: bool
) -> None:
    assert picked(office, condition, **asked) == int(fits)


def test_more_conditions_then_the_higher_amount_then_the_later_line_win(office: Office) -> None:
    assert picked(office, {"over": 1000}, {"over": 500}, {}, amount="2000") == 1
    assert (
        picked(office, {"over": 1000}, {"category": "meals", "team": "works"}, amount="2000", categories={"meals"}) == 2
    )
    assert picked(office, {"place": "Madrid"}, {"team": "works"}, amount="2000") == 2


def test_where_two_fit_alike_somebody_decides_rather_than_nobody(office: Office) -> None:
    auto: dict[str, Any] = {"up_to": 50, "auto": True, "steps": []}
    assert picked(office, {"up_to": 50, "place": "Madrid"}, {**auto, "team": "works"}, amount="20") == 1


def test_an_amount_without_a_rate_takes_the_route_for_the_highest_amount(office: Office) -> None:
    assert picked(office, {}, {"over": 500}, {"over": 5000}, {"up_to": 50}, amount="Infinity") == 3


def test_stops_come_in_order_and_those_of_one_stop_at_the_same_time(office: Office) -> None:
    set_routes(office, {"kind": "expense", "steps": [MANAGER, {"all": ["finance", "hr"]}]})
    spends(office, "80")
    assert waits_for(office, 1) == ["maria"]
    office.presses("maria", "approve", on="EX-1")
    assert waits_for(office, 1) == ["olga", "carmen"]
    office.presses("carmen", "approve", on="EX-1")
    assert office.state(1) == "pending"
    office.presses("olga", "approve", on="EX-1")
    assert office.state(1) == "approved"


def test_any_of_them_is_one_yes_and_so_many_of_them_are_so_many(office: Office) -> None:
    set_routes(
        office,
        {"kind": "expense", "steps": [{"any": ["finance", "hr"]}]},
        {"kind": "expense", "over": 100, "steps": [{"of": 2, "from": ["finance", "hr", "admin"]}]},
    )
    spends(office, "80")
    office.presses("carmen", "approve", on="EX-1")
    assert office.state(1) == "approved"
    spends(office, "180", merchant="another")
    office.presses("carmen", "approve", on="EX-2")
    assert office.state(2) == "pending"
    office.presses("elena", "approve", on="EX-2")
    assert office.state(2) == "approved"


def test_long_leave_goes_further_than_short_leave(office: Office) -> None:
    set_routes(
        office,
        {"kind": "time_off", "steps": [MANAGER]},
        {"kind": "time_off", "over_days": 3, "steps": [MANAGER, {"any": ["hr"]}]},
    )
    leaves(office, "2026-12-14", "2026-12-16")
    leaves(office, "2027-01-11", "2027-01-14")
    for ref in ("TO-1", "TO-2"):
        office.presses("maria", "approve", on=ref)
    assert (office.state(1), waits_for(office, 2)) == ("approved", ["carmen"])


def test_policy_approves_what_is_under_its_limit_and_the_record_says_so(office_on_each: Office) -> None:
    office = office_on_each
    pay = {"any": ["finance"], "work": "pay"}
    set_routes(
        office,
        {"kind": "expense", "steps": [MANAGER, pay]},
        {"kind": "expense", "up_to": 50, "auto": True, "steps": [pay]},
    )
    drafted = office.says("ana", "taxi", meant=[("expense.submit", SMALL)])
    assert drafted.card is not None
    assert [(each.who, each.why) for each in drafted.card.route][:1] == [((), "policy (up to €50.00)")]
    office.presses("ana", "submit")
    assert office.state(1) == "approved"
    assert any("EX-1 is approved by policy (up to €50.00)" in post.text for post in office.shown("ana"))
    assert ("policy (up to €50.00)", "approved") in [(each.why, each.state) for each in office.card("ana").route]
    with office.store.looking() as session:
        said = session.scalars(
            select(Event).where(Event.kind.in_(("step.approved", "request.approved"))).order_by(Event.seq)
        ).all()
        assert [each.actor_id for each in said] == [None, None]
        detail = events.happening(session, said[0].id)
        assert detail is not None
        assert detail.detail["policy"] == "policy, up to 50 EUR"
    assert waits_for(office, 1) == ["olga"]
    assert not [post for post in office.shown("maria") if post.card]


def test_above_that_limit_somebody_decides(office: Office) -> None:
    set_routes(office, {"kind": "expense", "steps": [MANAGER]}, AUTO)
    spends(office, "50.01")
    assert waits_for(office, 1) == ["maria"]


SMALL = {"amount": "20", "category": "transport", "date": "2026-11-23"}
AUTO = {"kind": "expense", "up_to": 50, "auto": True}


def test_a_changed_policy_is_on_record_and_leaves_what_runs_as_it_was(office: Office) -> None:
    set_routes(office, {"kind": "expense", "steps": [MANAGER]})
    spends(office, "80")
    set_routes(office, {"kind": "expense", "steps": [MANAGER, FINANCE]})
    spends(office, "81", merchant="another")
    for ref in ("EX-1", "EX-2"):
        office.presses("maria", "approve", on=ref)
    assert (office.state(1), office.state(2)) == ("approved", "pending")
    with office.store.looking() as session:
        changed = session.scalars(select(Event).where(Event.kind == "policy.changed").order_by(Event.seq)).all()
        last = events.happening(session, changed[-1].id)
        assert last is not None
        steps_of = [len(last.detail[name]["route"][0]["steps"]) for name in ("before", "after")]
    assert steps_of == [1, 2]


# mistakes


def policy_of(folder: Path, text: str) -> Path:
    (folder / "company.toml").write_text(
        'name = "Acme"\ntimezone = "Europe/Madrid"\n[[place]]\nname = "Madrid"\ncountry = "ES"\n'
    )
    (folder / "people.csv").write_text("handle,name,roles,team\nolga,Olga Petrova,finance,money\nann,Ann Able,,works\n")
    (folder / "policies.toml").write_text(text)
    return folder


HEAD = "# limits\n\n[[route]]\nkind = 'expense'\n"
STEPS = "steps = [{ any = ['manager'] }]\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD + "steps = [{ any = ['olga'] }]\n", "line 3: [[route]] number 1: steps (line 5): 'olga' is a person"),
        (HEAD + "steps = [{ any = ['Olga Petrova'] }]\n", "'Olga Petrova' is a person; write a role that they hold"),
        (HEAD + "steps = [{ any = ['The Boss'] }]\n", "'The Boss' is no role; write one from people.csv"),
        ("[approvals]\ntop = ['ann']\n", "policies.toml line 1: [approvals]: top (line 2): 'ann' is a person"),
        (HEAD + "amout = 5\n" + STEPS, "amout (line 5): there is no 'amout' here"),
        (HEAD + "days = 5\n" + STEPS, "days (line 5): there is no 'days' here; did you mean over_days?"),
        (HEAD + "over = 'much'\n" + STEPS, "over (line 5): that is no number; write it without a currency, like 500"),
        (
            HEAD + "steps = [{ any = ['hr'] }, { maybe = ['hr'] }]\n",
            "steps (line 5): step 2: there is no 'maybe'; a step",
        ),
        (HEAD + "steps = [{ any = 'hr' }]\n", 'step 1: write a list, like any = ["finance"]'),
        (HEAD + "steps = [{ of = 2 }]\n", "step 1: 'of' and 'from' go together: {of = 2, from = [...]}"),
        (HEAD, 'it names nobody who decides: add steps = [{ any = ["manager"] }], or auto = true'),
        (HEAD + "auto = true\n", "auto = true needs a limit: add up_to = 50"),
        (HEAD + "auto = true\nup_to = 5\n" + STEPS, "auto = true means that nobody decides: leave out the steps"),
        (HEAD + "over = 9\nup_to = 5\n" + STEPS, "up_to (line 6): nothing is over and up to that at once"),
        (HEAD + "over_days = 2\n" + STEPS, "over_days (line 5): requests of this kind have no days, so it never holds"),
        (HEAD + "category = 'fun'\n" + STEPS, "category (line 5): there is no category 'fun'; there are "),
        (HEAD + "place = 'Oslo'\n" + STEPS, "place (line 5): there is no place 'Oslo' in company.toml"),
        (HEAD + "employer = 'X'\n" + STEPS, "employer (line 5): there is no employer 'X' in company.toml"),
        (HEAD.replace("expense", "party") + STEPS, "kind (line 4): there is no kind 'party'; there are "),
        ("[[route]]\n" + STEPS, "kind: it is missing; write it like"),
        (
            2 * (HEAD + "over = 5\n" + STEPS),
            "line 9: [[route]] number 2: kind (line 10): it says when to apply just as",
        ),
        ("route = 5\n", "write every route under a line of its own: [[route]]"),
        ("[approvals]\nremind_days = 0\n", "policies.toml line 1: [approvals]: remind_days (line 2): "),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(Refusal) as refused:
        company.read(policy_of(tmp_path, text), kinds=KINDS)
    assert problem in str(refused.value)


def test_roles_and_teams_that_nobody_has_are_a_note_and_no_mistake(tmp_path: Path) -> None:
    text = HEAD + "team = 'sales'\nsteps = [{ any = ['legal'] }, { any = ['finance'] }]\n"
    notes = "\n".join(company.read(policy_of(tmp_path, text), kinds=KINDS).notes)
    assert "policies.toml line 3: [[route]] number 1: steps (line 6): nobody holds the role 'legal' yet" in notes
    assert "team (line 5): nobody is in the team 'sales' yet" in notes
    assert "'finance'" not in notes


def test_a_handle_is_refused_in_a_route_that_is_set_later_too(office: Office) -> None:
    with pytest.raises(Refusal, match="'olga' is a person"):
        set_routes(office, {"kind": "expense", "steps": [{"any": ["olga"]}]})


def test_the_route_and_what_it_looked_at_stay_with_the_request(office: Office) -> None:
    set_routes(office, {"kind": "expense", "steps": [MANAGER]}, {"kind": "expense", "over": 500, "steps": [FINANCE]})
    spends(office, "700")
    set_routes(office, {"kind": "expense", "steps": [MANAGER]})
    with office.store.looking() as session:
        why = steps.route_of(session.get_one(requests.Request, 1))
    assert (why["number"], why["amount"], why["route"]["over"]) == (2, "700.00", "500")

"""Who works with whom is told to everybody who works here, and of nobody else."""

from typing import Any

from backend import people
from tests.office import Office


def asks(office: Office, who: str, **args: Any) -> str:
    reply = office.says(who, "who?", meant=[("colleague.ask", args)])
    return reply.text if reply.refusal is None else f"refused: {reply.refusal}"


def test_managers_reports_teams_and_addresses(office: Office) -> None:
    with office.store.writing() as session:
        ana, maria = people.find(session, "ana"), people.find(session, "maria")
        assert ana.manager_id == maria.id
        address, team = maria.email, ana.team
    assert asks(office, "ana") == f"Your manager is {maria.name} ({address})."
    assert asks(office, "olga", person="ana") == f"The manager of {ana.name} is {maria.name} ({address})."
    assert ana.name in asks(office, "ana", about="reports", person="maria")
    assert asks(office, "ana", about="reports") == f"Nobody reports to {ana.name}."
    assert asks(office, "ana", about="email", person="maria") == f"{maria.name}: {address}"
    assert ana.name in asks(office, "maria", about="team", team=team)
    assert asks(office, "maria", about="team", team="lighthouse keepers") == "I find nobody in a team of that name."


def test_who_has_left_is_not_told_about(office: Office) -> None:
    with office.store.writing() as session:
        tom = people.find(session, "tom")
        tom.end = people.today(session, tom).replace(day=1)
    assert asks(office, "ana", about="email", person="tom").startswith("refused: ")
    assert tom.name not in asks(office, "ana", about="reports", person="maria")

"""Looks up how the person's own requests stand."""

from datetime import date, timedelta

from backend import people, requests, snoozes, steps
from backend.clock import day_in
from backend.forms import Form, blank
from backend.kinds import kinds_of
from backend.refusals import Refusal
from backend.store import now
from backend.words import say
from tools.look import Around, Found, Look

LATELY = timedelta(days=30)
"""How long what was decided is told without being asked for."""


class Which(Form):
    """Which requests: one by number, or those of a kind, about a thing, of a colleague; none: those that matter now."""

    request_id: int | None = blank("Number", default=None)
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)
    whose: str | None = blank("Whose", default=None)


def find(around: Around, asked: Which) -> Found:
    """The requests asked for, each with its state and who it waits for."""
    session, person = around.session, around.person
    if asked.request_id is not None:
        request = requests.get(session, asked.request_id)
        if request is None or not steps.may_see(session, request, person):
            raise Refusal("I find no request {number} of yours.", number=asked.request_id)
        return Found(_line(around, request), requests=(request.number,), rows=(_row(around, request),))
    whose = people.find(session, asked.whose) if asked.whose else person
    mine = [each for each in requests.of(session, whose) if whose is person or steps.may_see(session, each, person)]
    if asked.kind:
        mine = [each for each in mine if each.kind == asked.kind]
    if asked.item:
        mine = [each for each in mine if asked.item.lower() in _summary(around, each).lower()]
    shown = [each for each in mine if _matters_now(around, each)] or mine[:3]
    if not shown and whose is not person:
        return Found(say(person.language, "I find no request of {name} that I may show you.", name=whose.name))
    if not shown:
        none = "You have no requests like that." if asked.kind or asked.item else "You have no requests yet."
        return Found(say(person.language, none))
    lines = [_line(around, each) for each in shown[:10]]
    return Found(
        "\n".join(lines),
        requests=(shown[0].number,) if len(shown) == 1 else (),
        rows=tuple(_row(around, r) for r in shown),
    )


def _matters_now(around: Around, request: requests.Request) -> bool:
    """Whether it waits, or is about days to come, or was decided in the last month and is not closed."""
    if request.state in requests.CLOSED:
        return False
    moment = now(around.session)
    today = day_in(around.person.place.timezone, moment)
    kind = kinds_of(around.session)[request.kind]
    form, lines = requests.forms_of(kind, request)
    days = [value for each in (form, *lines) for _, value in each if isinstance(value, date)]
    fresh = request.decided_at is not None and moment - request.decided_at < LATELY
    return request.state == requests.PENDING or fresh or any(each >= today for each in days)


def _summary(around: Around, request: requests.Request) -> str:
    return requests.summary(around.session, request, around.person.language, ceiling=around.ceiling)


def _line(around: Around, request: requests.Request) -> str:
    session, person = around.session, around.person
    language = person.language
    ref = requests.ref(session, request)
    if request.state == requests.PENDING:
        text = say(
            language,
            "{ref} ({what}) waits for {who}.",
            ref=ref,
            what=_summary(around, request),
            who=steps.waits_for(session, request),
        )
        return " ".join([text, *snoozes.said(session, request, person)])
    state = requests.stands(session, request, language)
    return say(language, "{ref} ({what}) is {state}.", ref=ref, what=_summary(around, request), state=state)


def _row(around: Around, request: requests.Request) -> dict[str, object]:
    row: dict[str, object] = {"request_id": request.number, "ref": requests.ref(around.session, request)}
    return row | {"what": _summary(around, request), "state": request.state}


LOOK = Look(
    "look_requests", ("request.status",), Which, find, "How the person's own requests stand and who they wait for."
)

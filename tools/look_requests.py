"""Looks up how the person's own requests stand."""

from backend import requests, snoozes, steps
from backend.kinds import Form, blank
from backend.refusals import Refusal
from backend.words import say
from tools.look import Around, Found, Look


class Which(Form):
    """Which requests: one by number, or those of a kind or about a thing; none of them: the open ones."""

    request_id: int | None = blank("Number", default=None)
    kind: str | None = blank("Kind", default=None)
    item: str | None = blank("About", default=None)


def find(around: Around, asked: Which) -> Found:
    """The requests asked for, each with its state and who it waits for."""
    session, person = around.session, around.person
    if asked.request_id is not None:
        request = requests.get(session, asked.request_id)
        if request is None or not steps.may_see(session, request, person):
            raise Refusal("I find no request {number} of yours.", number=asked.request_id)
        return Found(_line(around, request), requests=(request.number,), rows=(_row(around, request),))
    mine = requests.of(session, person)
    if asked.kind:
        mine = [each for each in mine if each.kind == asked.kind]
    if asked.item:
        mine = [each for each in mine if asked.item.lower() in _summary(around, each).lower()]
    shown = [each for each in mine if each.state not in requests.CLOSED] or mine[:3]
    if not shown:
        return Found(say(person.language, "You have no requests like that."))
    lines = [_line(around, each) for each in shown[:10]]
    return Found(
        "\n".join(lines),
        requests=(shown[0].number,) if len(shown) == 1 else (),
        rows=tuple(_row(around, r) for r in shown),
    )


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

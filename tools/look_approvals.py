"""Looks up what waits for the person: decisions and work."""

from backend import requests, steps
from backend.forms import Form
from backend.kinds import Sort
from backend.people import Person
from backend.requests import Request
from backend.words import say
from tools.look import Around, Found, Look


class Nothing(Form):
    """There is nothing to say with it."""


def find(around: Around, nothing: Nothing) -> Found:
    """What waits for the person, oldest first, decisions and work apart; their cards are shown with it."""
    session, me = around.session, around.person
    waiting = steps.waiting_for(session, me)
    asked = _asked(around)
    if not waiting and not asked:
        return Found(say(me.language, "Nothing waits for you."))
    decisions = [each for each in waiting if each.sort == Sort.DECISION]
    work = [each for each in waiting if each.sort == Sort.WORK]
    numbers = tuple(dict.fromkeys(step.number for step in decisions))
    said: list[str] = []
    if numbers:
        head = say(
            me.language,
            "One request waits for you:" if len(numbers) == 1 else "{count} requests wait for you:",
            count=len(numbers),
        )
        said += [head, *(_line(around, session.get_one(Request, number)) for number in numbers)]
    if work:
        said.append(say(me.language, "Your work:"))
        said += [f"{_line(around, each.request)} ({say(me.language, each.label or 'work')})" for each in work]
    said += asked
    numbers = tuple(dict.fromkeys((*numbers, *(each.number for each in work))))
    return Found("\n".join(said), requests=numbers)


def _asked(around: Around) -> list[str]:
    """What the person was asked about requests of their own, which wait for the answer."""
    out: list[str] = []
    for request in requests.of(around.session, around.person, open_only=True):
        question = requests.sent_back(request)
        if question is not None:
            who, ref = around.session.get_one(Person, question.by_id).name, requests.ref(around.session, request)
            words = {"ref": ref, "who": who, "question": question.text}
            out.append(say(around.person.language, "{ref}: {who} asks “{question}”", **words))
    return out


def _line(around: Around, request: Request) -> str:
    session, language = around.session, around.person.language
    back = requests.sent_back(request) is not None
    return say(
        language,
        "{ref}: {name}, {what} (sent back to {name})" if back else "{ref}: {name}, {what}",
        ref=requests.ref(session, request),
        name=request.person.name,
        what=requests.summary(session, request, language, ceiling=around.ceiling),
    )


LOOK = Look("look_approvals", ("approvals.list",), Nothing, find, "What waits for the person to decide or to do.")

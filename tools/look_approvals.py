"""Looks up what waits for the person: decisions and work."""

from backend import requests, steps
from backend.kinds import Form
from backend.words import say
from tools.look import Around, Found, Look


class Nothing(Form):
    """There is nothing to say with it."""


def find(around: Around, asked: Nothing) -> Found:
    """What waits for the person, oldest first; their cards are shown with it."""
    session, me = around.session, around.person
    waiting = steps.waiting_for(session, me)
    if not waiting:
        return Found(say(me.language, "Nothing waits for you."))
    numbers = tuple(dict.fromkeys(step.number for step in waiting))
    lines: list[str] = []
    for number in numbers:
        request = session.get_one(requests.Request, number)
        what = requests.summary(session, request, me.language, ceiling=around.ceiling)
        lines.append(
            say(
                me.language,
                "{ref}: {name}, {what}",
                ref=requests.ref(session, request),
                name=request.person.name,
                what=what,
            )
        )
    head = say(
        me.language,
        "One request waits for you:" if len(numbers) == 1 else "{count} requests wait for you:",
        count=len(numbers),
    )
    return Found("\n".join([head, *lines]), requests=numbers)


LOOK = Look("look_approvals", ("approvals.list",), Nothing, find, "What waits for the person to decide or to do.")

"""What somebody sees at home, where a channel has such a page: balance, requests, what waits, and what can be begun."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend import requests
from backend.people import Person
from backend.words import say
from tools.look import Around

if TYPE_CHECKING:
    from bot.app import App


@dataclass(frozen=True)
class Part:
    """A piece of the page: its title, what it says, and the requests whose cards can be asked for: (number, ref)."""

    title: str
    text: str
    requests: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """Something that can be begun: what stands on its button, and the tool that begins it."""

    label: str
    tool: str


@dataclass(frozen=True)
class Page:
    """The whole page, in its reader's language."""

    parts: tuple[Part, ...]
    tasks: tuple[Task, ...]


PARTS = {"approvals.list": "Waiting for you", "request.status": "Your requests", "time_off.balance": "Your balance"}
"""The looks that make up the page, by what they answer, and their titles."""


def page(app: "App", person: Person, *, channel: str) -> Page:
    """The page of a person, as it may be shown on this channel."""
    parts: list[Part] = []
    with app.store.looking() as session:
        app.furnish(session)
        me = session.get_one(Person, person.id)
        around = Around(session, me, app.ask_handbook, ceiling=app.ceiling(session, channel))
        for intent in PARTS:
            look = next((each for each in app.looks.values() if intent in each.intents), None)
            if look is not None:
                found = look.find(around, look.form())
                numbers = [int(each["request_id"]) for each in found.rows if "request_id" in each] or found.requests
                rows = [requests.get(session, number) for number in dict.fromkeys(numbers)]
                shown = tuple((each.number, requests.ref(session, each)) for each in rows if each is not None)
                parts.append(Part(say(me.language, PARTS[intent]), found.text, shown))
        tasks = tuple(Task(say(me.language, each.title), f"draft_{name}") for name, each in app.kinds.items())
    return Page(tuple(parts), tasks)

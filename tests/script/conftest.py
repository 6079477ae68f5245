"""A stage for scripts: the small company, a still clock, and what came out, line by line."""

import io
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.clock import StillClock
from backend.store import Store
from bot.app import App
from bot.brain.port import Turn, Understood
from bot.channels.script import NAME, ScriptChannel, run
from bot.message import Intent
from tests.conftest import NOW
from tests.office import found, surroundings

Line = Mapping[str, Any] | str


class Plain:
    """A brain that reads `time_off.submit {"start": "2026-11-26"}` and nothing else."""

    def understand(self, turn: Turn) -> Understood:
        name, _, args = turn.text.partition(" ")
        try:
            return Understood((Intent(name, dict(json.loads(args or "{}"))),))
        except ValueError:
            return Understood((Intent("out_of_scope"),))


class Stage:
    """Plays scripts one after another in the same home, each as a run of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.clock = StillClock(NOW)
        with self._app(io.StringIO()) as (app, _):
            found(app.store)

    def play(self, *lines: Line, raw: str | None = None) -> list[dict[str, Any]]:
        """Plays these lines from a file; returns what came out."""
        file = self.folder / "script.jsonl"
        written = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
        file.write_bytes((written if raw is None else raw).encode("utf-8", "surrogatepass"))
        return self._play(file, None)

    def pipes(self, *lines: Line) -> list[dict[str, Any]]:
        """Plays these lines from standard input."""
        written = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
        return self._play(None, io.StringIO(written))

    @contextmanager
    def edit(self, moment: str) -> Generator[Session]:
        """Something is changed beside the script, at a moment; what follows from it happens."""
        self.clock = StillClock(datetime.fromisoformat(moment))
        with self._app(io.StringIO()) as (app, _):
            with app.store.writing() as session:
                yield session
            app.settle()

    @contextmanager
    def looking(self) -> Generator[Session]:
        """The database, to look into, as it is at the last moment played."""
        with self._app(io.StringIO()) as (app, _), app.store.looking() as session:
            app.furnish(session)
            yield session

    def app(self) -> Store:
        """The database, to look into."""
        return Store(self.url, clock=self.clock)

    def _play(self, file: Path | None, given: io.StringIO | None) -> list[dict[str, Any]]:
        out = io.StringIO()
        self.clock = StillClock(NOW)
        with self._app(out) as (app, channel):
            run(app, file, channel=channel, clock=self.clock, given=given)
        return [json.loads(each) for each in out.getvalue().splitlines()]

    def _app(self, out: io.StringIO) -> "_Opened":
        return _Opened(self, out)


class _Opened:
    def __init__(self, stage: Stage, out: io.StringIO) -> None:
        self.stage, self.out = stage, out

    def __enter__(self) -> tuple[App, ScriptChannel]:
        self.store = Store(self.stage.url, clock=self.stage.clock)
        channel = ScriptChannel(self.out)
        named = {"home": self.stage.folder / "home", "database_url": self.stage.url}
        settings = surroundings().model_copy(update=named)
        return App(settings, self.store, channels=[channel], always=[NAME], brain=Plain()), channel

    def __exit__(self, *_: object) -> None:
        self.store.close()


@pytest.fixture
def stage(sqlite_url: str, tmp_path: Path) -> Stage:
    """A stage on SQLite."""
    return Stage(sqlite_url, tmp_path)


@pytest.fixture
def stage_on_each(database_url: str, tmp_path: Path) -> Stage:
    """A stage on each kind of database."""
    return Stage(database_url, tmp_path)


def errors(lines: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """The error lines: (line, text)."""
    return [(each["line"], each["error"]) for each in lines if "error" in each]

"""A company made from a seed file, and one conversation with it: the dialogues' side of the adapter."""

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from backend.clock import StillClock
from backend.company import SAMPLE
from bot import app as wiring
from bot import loading
from bot.app import App
from bot.brain.port import Brain
from bot.channels.memory import MemoryChannel
from bot.message import Address, Post, Said
from bot.settings import Settings

COLUMNS = ("handle", "name", "slack", "manager", "team", "email")


class World:
    """One company in a folder of its own; made once for a seed and a moment, and copied for each conversation."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain
        self._folder = Path(tempfile.mkdtemp(prefix="backdesk-eval-"))
        self._app: App | None = None
        self._channel = MemoryChannel()
        self._speaker = ""

    def reset(self, seed: Mapping[str, Any], *, now: str, speaker: str) -> None:
        """A fresh company, as the seed says; `speaker` is who will write."""
        key = hashlib.sha256(json.dumps([seed, now], sort_keys=True).encode()).hexdigest()[:16]
        made = self._folder / key
        if not made.is_dir():
            self._make(made, seed, now=now)
        home = self._folder / "home"
        self._end()
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(made, home)
        self._app = self._open(home, now)
        self._channel.shown.clear()
        self._speaker = speaker

    def says(self, text: str) -> list[Post]:
        """Says something as the speaker; what the speaker was shown for it."""
        assert self._app is not None, "reset comes first"
        before = len(self._channel.shown)
        address = Address("memory", self._speaker)
        self._app.hear(Said(uuid4().hex, address, self._speaker, text))
        self._app.settle()
        return [post for handle, post, _ in self._channel.shown[before:] if handle == self._speaker]

    def close(self) -> None:
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self) -> None:
        if self._app is not None:
            if "index" in self._app.__dict__:
                self._app.index.close()
            self._app.store.close()

    def _open(self, home: Path, now: str) -> App:
        clock = StillClock(datetime.fromisoformat(now))
        settings = Settings.at(home).model_copy(update={"database_url": "", "chroma_url": ""})
        return wiring.build(settings, clock=clock, channels=[self._channel], always=["memory"], brain=self._brain)

    def _make(self, home: Path, seed: Mapping[str, Any], *, now: str) -> None:
        folder = self._folder / "company"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(SAMPLE / "policies.toml", folder / "policies.toml")
        shutil.copy(SAMPLE / "company.toml", folder / "company.toml")
        with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, [*COLUMNS, "roles"], extrasaction="ignore")
            rows.writeheader()
            for each in seed["people"]:
                roles = "finance" if each["team"] == "finance" else "admin" if each["manager"] is None else ""
                rows.writerow({**each, "manager": each["manager"] or "", "roles": roles})
        _write_lines(folder / "requests.jsonl", seed.get("requests", []))
        _write_lines(
            folder / "balances.jsonl",
            [
                {"who": each["handle"], "leave_type": kind, "days": days, "as_of": now[:10]}
                for each in seed["people"]
                for kind, days in seed.get("balances", {}).items()
                if days is not None
            ],
        )
        app = self._open(home, now)
        loading.load(app, folder)
        app.settle()
        app.store.close()


def _write_lines(file: Path, rows: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")

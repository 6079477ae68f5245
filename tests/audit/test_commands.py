"""The commands of an admin, typed as they are typed."""

import csv
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from backend import backups, events, people
from backend.chats import Posted
from backend.outbox import CannotDeliver
from backend.store import Store, embedded_url
from bot import cli
from bot.message import Address, Said
from bot.reaching import whole_schema
from tests.audit.tampering import change, write
from tests.office import Office, found


@dataclass(frozen=True)
class Ended:
    """What a command wrote, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


Typed = Callable[..., Ended]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """Types a command in the company of `office`, in this process (tests/rules/test_commands.py starts real ones)."""

    def run(*words: str, home: str = "home", **settings: str) -> Ended:
        with monkeypatch.context() as patch:
            for name in os.environ:
                if name.startswith(("BACKDESK", "OPENAI", "SLACK")):
                    patch.delenv(name)
            for name, value in {"BACKDESK_HOME": str(tmp_path / home), **settings}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["backdesk", *words])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                cli.run()
            wrote = capsys.readouterr()
        return Ended(int(ended.value.code or 0), wrote.out, wrote.err)

    before = list(logging.root.handlers)
    yield run
    logging.root.handlers = before
    structlog.reset_defaults()


DAY = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}


def test_the_log_is_listed_exported_kept_and_proved(office: Office, typed: Typed, tmp_path: Path) -> None:
    office.says("ana", "Thursday off", meant=[("time_off.submit", DAY)])
    office.presses("ana", "Send")
    office.presses("maria", "Approve")
    lines = [json.loads(line) for line in typed("audit", "list", "--about", "TO-1", "--json").stdout.splitlines()]
    assert [each["kind"] for each in lines][:2] == ["request.submitted", "step.opened"]
    assert {"ana", "maria"} <= {each["who"] for each in lines}
    assert next(each["kind"] for each in lines if each["who"] == "maria") == "step.approved"
    assert len(typed("audit", "list", "--limit", "1", "--about", "ana", "--json").stdout.splitlines()) == 1
    assert typed("audit", "list", "--since", "2026-11-25", "--json").stdout == ""
    out = tmp_path / "log.csv"
    assert typed("audit", "export", str(out)).returncode == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(typed("audit", "export", "--format", "jsonl").stdout.splitlines()) == len(rows)
    anchor = tmp_path / "anchor"
    anchor.write_text(typed("audit", "head").stdout)
    proved = typed("audit", "verify", "--anchor", str(anchor))
    assert (proved.returncode, proved.stderr) == (0, "")
    assert "Sound" in proved.stdout


def test_the_first_broken_entry_is_named(office: Office, typed: Typed) -> None:
    write(office.store, 5)
    change(office.store, "UPDATE events SET kind = 'request.approved' WHERE seq = 3")
    found = typed("audit", "verify")
    assert found.returncode == 1
    first = "Entry 3 (request.approved, 2026-11-24T09:00:00+00:00) was changed"
    text = f"The log was tampered with. First broken entry: {first}"
    assert found.stderr.startswith(text)
    assert len(found.stderr.splitlines()) == 1
    document = json.loads(typed("audit", "verify", "--json").stdout)
    assert (document["verdict"], document["broken"][0]["seq"]) == ("tampered", 3)


def test_an_export_is_safe_in_a_spreadsheet(office: Office, typed: Typed) -> None:
    with office.store.writing() as session:
        people.find(session, "tom").handle = "=cmd"
        events.record(session, "note.written", by=people.find(session, "=cmd"), subject="+cmd", detail={})
    row = next(csv.DictReader(io.StringIO(typed("audit", "export").stdout)))
    assert (row["who"], row["subject"]) == ("'=cmd", "'+cmd")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["audit", "verify", "--anchor", "none"], "The anchor file none cannot be read."),
        (["audit", "list", "--about", "nobody"], "Nobody here is called nobody"),
        (["audit", "list", "--about", "TO-99"], "There is no request 99."),
        (["audit", "list", "--since", "soon"], "soon is no date"),
        (["policies", "explain", "TO-99"], "There is no request TO-99."),
        (["policies", "show", "holidays"], "There is no kind holidays"),
        (["people", "export", "nobody"], "Nobody here is called nobody"),
        (["people", "erase", "ana", "--yes"], "Ana Costa still works here"),
        (["backup", "/nowhere/b.zip"], "There is no folder /nowhere."),
        (["restore", "/nowhere/b.zip"], "There is no file /nowhere/b.zip."),
    ],
)
def test_a_refusal_is_one_plain_sentence(office: Office, typed: Typed, words: list[str], said: str) -> None:
    told = typed(*words)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(said)
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [["audit", "verify"], ["audit", "head"], ["audit", "list"], ["people", "export", "ana"], ["backup", "b.zip"]],
)
def test_where_there_is_no_company_none_is_made(typed: Typed, tmp_path: Path, words: list[str]) -> None:
    told = typed(*words, home="none")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("There is no company in ")
    assert not (tmp_path / "none").exists()


def test_a_person_is_exported_and_erased(office: Office, typed: Typed, tmp_path: Path) -> None:
    with office.store.writing() as session:
        people.find(session, "ana").end = people.find(session, "ana").start
    assert json.loads(typed("people", "export", "ana").stdout)["person"]["name"] == "Ana Costa"
    assert typed("people", "export", "ana", str(tmp_path / "ana.json")).returncode == 0
    assert json.loads((tmp_path / "ana.json").read_text())["person"]["handle"] == "ana"
    assert typed("people", "erase", "ana", "--yes", "--reason", "asked").stdout.startswith(
        "Done: Ana Costa is now former-"
    )
    again = typed("people", "erase", "ana", "--yes")
    assert "it is done already" in again.stderr
    assert typed("audit", "verify").returncode == 0


def test_a_backup_goes_round(office: Office, typed: Typed, tmp_path: Path) -> None:
    file = str(tmp_path / "b.zip")
    assert typed("backup", file).returncode == 0
    assert typed("restore", file, home="other").returncode == 0
    assert typed("restore", file, home="other").stderr.startswith(f"{tmp_path / 'other'} is not empty")
    assert typed("restore", file, "--replace", home="other").returncode == 0
    assert typed("audit", "head", home="other").stdout == typed("audit", "head").stdout


def test_a_home_in_use_is_not_replaced(office: Office, typed: Typed, tmp_path: Path) -> None:
    from knowledge.index import Index

    whole_schema()
    backups.backup(office.store, home=office.app.home, to=tmp_path / "b.zip", version="1.0")
    held = Index(Store("sqlite://"), home=office.app.home)
    told = typed("restore", str(tmp_path / "b.zip"), "--replace")
    held.close()
    assert told.stderr == f"{office.app.home} is in use: stop what is running there first.\n"


def test_policies_are_shown_and_explained(office: Office, typed: Typed) -> None:
    office.says("ana", "Thursday off", meant=[("time_off.submit", DAY)])
    office.presses("ana", "Send")
    shown = json.loads(typed("policies", "show", "--json").stdout)
    assert set(shown["kinds"]) == {"time_off", "purchase", "expense", "invoice"}
    told = json.loads(typed("policies", "explain", "TO-1", "--json").stdout)
    assert [(each["why"], each["owner"], each["may_decide"]) for each in told["steps"]] == [
        ("manager", "maria", ["maria"])
    ]
    assert "may take it now: maria" in typed("policies", "explain", "1").stdout
    assert "goes to: manager" in typed("policies", "show", "purchase").stdout


def test_the_doctor_looks_and_makes_nothing(typed: Typed, tmp_path: Path) -> None:
    told = typed("doctor", "--json", home="none", OPENAI_API_KEY="sk-secret")
    document = json.loads(told.stdout)
    states = {each["check"]: each["state"] for each in document["checks"]}
    assert (told.returncode, document["ok"]) == (0, True)
    assert (states["home"], states["database"], states["python"]) == ("missing", "missing", "ok")
    assert (states["key OPENAI_API_KEY"], states["language model"]) == ("ok", "missing")
    assert "sk-secret" not in told.stdout + told.stderr
    assert not (tmp_path / "none").exists()


def test_the_doctor_says_what_is_broken(office: Office, typed: Typed) -> None:
    write(office.store, 3)
    assert typed("doctor").returncode == 0
    change(office.store, "DELETE FROM events WHERE seq = 2")
    told = typed("doctor", SLACK_BOT_TOKEN="xoxb-secret")
    assert told.returncode == 1
    assert told.stderr == "Something is broken: log, channel Slack. The table says what to do.\n"
    assert "Entry 2 is missing" in told.stdout
    assert "xoxb-secret" not in told.stdout


def test_the_doctor_says_that_the_server_does_not_answer(typed: Typed) -> None:
    told = typed("doctor", BACKDESK_DATABASE_URL="postgresql://nobody:hidden@127.0.0.1:1/none")
    assert told.returncode == 1
    assert told.stderr.startswith("Something is broken: database")
    assert "hidden" not in told.stdout


def test_migrating_says_what_it_did(typed: Typed, tmp_path: Path) -> None:
    assert typed("migrate", home="new").stdout.startswith("The database is now at ")
    assert typed("migrate", home="new").stdout == "The database is up to date; nothing was changed.\n"
    store = Store(embedded_url(tmp_path / "new"))
    found(store)
    store.close()
    assert typed("audit", "verify", home="new").returncode == 0


@pytest.mark.parametrize("words", [("people", "list"), ("migrate",), ("script", "-")])
def test_a_home_that_is_a_file_is_one_plain_sentence(typed: Typed, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "taken").write_text("a file")
    ended = typed(*words, home="taken")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{tmp_path / 'taken'} cannot be used (File exists): name another file or folder.\n"


def test_what_was_set_aside_is_listed_without_its_words_and_sent_again(office: Office, typed: Typed) -> None:
    shows = office.channel.post

    def refuses(posted: Posted, earlier: Posted | None) -> str | None:
        raise CannotDeliver("the chat is gone")

    office.channel.post = refuses  # pyright: ignore[reportAttributeAccessIssue]
    office.brain.meant = [("help", {})]
    office.app.hear(Said("e1", Address("memory", "ana"), "ana", "help"))
    office.app.hear(Said("e2", Address("memory", "tom"), "tom", "help"))
    office.app.settle()
    listed = [json.loads(line) for line in typed("outbox", "list", "--json").stdout.splitlines()]
    assert [(each["id"], each["to"], each["state"]) for each in listed] == [
        ("post:1", "ana", "set aside"),
        ("post:2", "tom", "set aside"),
    ]
    assert listed[0]["why"] == "CannotDeliver: the chat is gone"
    assert "Hello" not in typed("outbox", "list").stdout
    assert "2 could not be delivered" in typed("doctor").stdout
    assert typed("outbox", "leave", "post:2").returncode == 0
    assert typed("outbox", "retry", "post:2").stderr == (
        "post:2 was not set aside: `backdesk outbox list` shows what was.\n"
    )
    assert typed("outbox", "retry").stdout == "Back in line: post:1. What runs sends it within seconds.\n"
    office.channel.post = shows
    office.clock.advance(max(datetime.now(UTC) - office.clock.now(), timedelta()) + timedelta(minutes=1))  # as typed
    office.app.settle()
    assert [len(office.shown(who)) for who in ("ana", "tom")] == [1, 0]
    assert typed("outbox", "list").stdout == "Nothing was set aside.\n"
    assert typed("outbox", "retry").returncode == 1

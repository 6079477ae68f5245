"""Papers come with what is approved: a calendar file that any calendar reads, made for who may see the request."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from backend import calendar_files, papers, people
from backend.calendar_files import Entry
from backend.refusals import Refusal
from bot.channels.script import card_doc
from bot.channels.terminal import TerminalChannel, chat
from tests.office import Office

THURSDAY = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-26"}
LONG = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-12-02", "from_midday": True}


def approved(office: Office, values: dict[str, Any]) -> None:
    office.says("ana", "vacation", meant=[("time_off.submit", values)])
    office.presses("ana", "submit")
    if office.state(1) == "pending":
        office.presses("maria", "approve", on="TO-1")


def opened(office: Office, name: str = "TO-1.ics", *, who: str = "ana") -> str:
    """What somebody gets who opens a paper, unfolded."""
    with office.store.looking() as session:
        office.app.furnish(session)
        paper = papers.find(session, 1, name, reader=people.find(session, who))
        return paper.make().decode().replace("\r\n ", "")


def test_there_is_no_paper_before_it_is_approved(office: Office) -> None:
    office.says("ana", "vacation", meant=[("time_off.submit", THURSDAY)])
    office.presses("ana", "submit")
    assert office.card("ana", on="TO-1").papers == ()
    with pytest.raises(Refusal):
        opened(office)


def test_the_card_of_approved_leave_has_a_calendar_file(office: Office) -> None:
    approved(office, THURSDAY)
    card = office.card("ana", on="TO-1")
    assert [(each.name, each.title, each.link) for each in card.papers] == [
        ("TO-1.ics", "For your calendar", "papers/1/TO-1.ics")
    ]
    assert card_doc(card)["papers"] == [{"name": "TO-1.ics", "title": "For your calendar"}]


def test_a_whole_day_is_an_all_day_entry(office: Office) -> None:
    approved(office, THURSDAY)
    lines = opened(office).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20261126" in lines
    assert "DTEND;VALUE=DATE:20261127" in lines
    assert "SUMMARY:Vacation" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_half_a_day_stands_in_the_hours_of_the_person(office: Office) -> None:
    approved(office, {**LONG, "without": "2026-11-30"})
    text = opened(office)
    assert text.count("BEGIN:VEVENT") == 3
    assert "DTSTART:20261126T120000Z" in text  # 13:00 in Madrid
    assert "DTEND:20261126T160000Z" in text
    assert "DTSTART;VALUE=DATE:20261127\r\nDTEND;VALUE=DATE:20261130" in text
    assert "DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203" in text


def test_sickness_is_no_more_than_away(office: Office) -> None:
    approved(office, {**THURSDAY, "leave_type": "sick"})
    text = opened(office)
    assert "SUMMARY:Away\r\n" in text
    assert "sick" not in text.lower()


def test_who_may_not_see_the_request_gets_no_paper(office: Office) -> None:
    approved(office, THURSDAY)
    assert "SUMMARY" in opened(office, who="maria")
    for who, name in (("tom", "TO-1.ics"), ("ana", "TO-2.ics"), ("ana", "../TO-1.ics")):
        with pytest.raises(Refusal):
            opened(office, name, who=who)


def test_a_paper_says_what_holds_now(office: Office) -> None:
    approved(office, {**THURSDAY, "end": "2026-11-27"})
    office.presses("ana", "give_back", on="TO-1", values={"start": "2026-11-27", "end": "2026-11-27"})
    assert "DTEND;VALUE=DATE:20261127" in opened(office)


def test_long_lines_are_folded_between_characters_and_signs_are_escaped() -> None:
    title = "Überstunden, Abbau; " + "ä" * 60 + "\nzweite Zeile \\"
    made = datetime(2026, 11, 24, 10, tzinfo=UTC)
    raw = calendar_files.written([Entry("a", title, date(2026, 11, 26), date(2026, 11, 27))], made=made)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert "SUMMARY:Überstunden\\, Abbau\\; " + "ä" * 60 + "\\nzweite Zeile \\\\" in raw.decode().replace("\r\n ", "")


def test_the_terminal_saves_a_paper_by_its_number(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(office, THURSDAY)
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    console = Console(file=out, width=80)
    channel = TerminalChannel("ana", console)
    office.app.channels["terminal"] = channel
    office.brain.meant = [("request.status", {"request_id": 1})]
    typed = iter(["where is 1", "4", "quit"])
    console.input = lambda *_, **__: next(typed)  # type: ignore[method-assign,assignment]
    chat(office.app, channel, console=console)
    assert "(4) For your calendar: TO-1.ics" in out.getvalue()
    assert "Saved as TO-1.ics." in out.getvalue()
    assert (tmp_path / "TO-1.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")

"""The log's head goes out every day, and what went out finds a log that was rewritten."""

from pathlib import Path

from backend import anchors, audit
from backend.clock import StillClock
from tests.office import Office, hire


def test_the_head_is_told_every_day_and_serves_as_an_anchor(sqlite_url: str, tmp_path: Path, clock: StillClock) -> None:
    with hire(sqlite_url, home=tmp_path / "home", clock=clock, audit_to="elena") as office:
        told = _told_after_two_days(office)
        assert len(told) == 2
        with office.store.looking() as session:
            verdict = audit.verify(session, against=audit.anchors(told[0].splitlines()[1]))
        assert verdict.sound


def _told_after_two_days(office: Office) -> list[str]:
    with office.store.writing() as session:
        anchors.watch(session)
    office.says(
        "ana",
        "vacation",
        meant=[("time_off.submit", {"leave_type": "sick", "start": "2026-11-24", "end": "2026-11-24"})],
    )
    office.presses("ana", "submit")
    office.advance(days=1)
    office.advance(days=1)
    return [post.text for post in office.shown("elena") if "keep elsewhere" in post.text]

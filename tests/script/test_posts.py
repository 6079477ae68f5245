"""Scheduled posts in `backdesk script`: they come when the clock passes their time, and are said of no line."""

from typing import Any

from backend import schedules
from backend.schedules import PostRow
from tests.script.conftest import Stage, errors

AWAY = 'time_off.submit {"leave_type": "vacation", "start": "2026-11-30", "end": "2026-11-30"}'
ASKED: list[dict[str, Any]] = [
    {"as": "ana", "say": AWAY},
    {"as": "ana", "press": "submit"},
    {"as": "maria", "press": "approve"},
]


def schedule(stage: Stage, *rows: dict[str, Any]) -> None:
    store = stage.app()
    with store.writing() as session:
        schedules.set_all(session, [PostRow.model_validate({"at": "0 9 * * mon", **row}) for row in rows], by=None)
    store.close()


def test_a_post_comes_when_the_clock_passes_its_time(stage_on_each: Stage) -> None:
    schedule(stage_on_each, {"what": "who_is_out", "to": "#general"}, {"what": "report", "to": "hr"})
    quiet = stage_on_each.play(*ASKED)
    assert [each for each in quiet if each["line"] is None] == []
    out = stage_on_each.play({"advance": "5d"}, {"advance": "2d"})
    assert errors(out) == []
    assert [each for each in out if each["to"] == "#general"] == [
        {
            "line": None,
            "to": "#general",
            "in": "#general",
            "via": "script",
            "text": "Out today:\n• Ana Costa\nHolidays:\n• Madrid: Tue 8 Dec 2026, Immaculate Conception",
        }
    ]
    [report] = [each for each in out if each["to"] == "carmen"]
    assert report["papers"] == [{"name": "report.csv", "title": "The figures as a table"}]


def test_a_run_that_is_repeated_tells_nothing_twice(stage: Stage) -> None:
    schedule(stage, {"what": "who_is_out", "to": "#general"})
    moved = {"clock": "2026-12-01T10:00:00+01:00", "id": "a"}
    posts = [[each for each in stage.play(moved) if each["to"] == "#general"] for _ in range(2)]
    assert [len(each) for each in posts] == [1, 0]

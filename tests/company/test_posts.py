"""[[post]] in company.toml: loaded with its timer, checked with its line, and changed when the file changes."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from backend import company, events, schedules, timers
from backend.company import Loaded
from backend.refusals import Refusal
from bot.app import App
from tests.company.conftest import COMPANY, PEOPLE

Write = Callable[..., Path]
Load = Callable[[Path], Loaded]

POSTS = """
[[post]]
what = "who_is_out"
to = "#general"
at = "0 9 * * mon"

[[post]]
what = "budgets"
to = "finance"
at = "0 10 1 * *"
timezone = "Europe/Berlin"
"""


def held(app: App) -> list[tuple[str, str, str, datetime]]:
    """Each post with its time zone and when it is due."""
    with app.store.looking() as session:
        return [
            (each.what, each.to_whom, each.timezone, timer.due_at)
            for each in schedules.all_of(session)
            for timer in timers.open_of(session, each.subject)
        ]


def test_posts_are_loaded_with_their_timers(app: App, folder: Write, load: Load) -> None:
    loaded = load(folder(company_toml=COMPANY + POSTS))
    assert {"post who_is_out to #general", "post budgets to finance"} <= set(loaded.company)
    assert held(app) == [
        ("who_is_out", "#general", "Europe/Madrid", datetime.fromisoformat("2026-11-30T09:00:00+01:00")),
        ("budgets", "finance", "Europe/Berlin", datetime.fromisoformat("2026-12-01T10:00:00+01:00")),
    ]


def test_loading_again_changes_nothing_and_a_changed_line_takes_the_place_of_the_old(
    app: App, folder: Write, load: Load
) -> None:
    load(folder(company_toml=COMPANY + POSTS))
    before = held(app)
    assert load(folder(company_toml=COMPANY + POSTS)).company == ()
    assert held(app) == before
    load(folder(company_toml=COMPANY + POSTS.replace("0 9 * * mon", "0 8 * * tue")))
    assert [each[3] for each in held(app)] == [
        before[1][3],
        datetime.fromisoformat("2026-12-01T08:00:00+01:00"),
    ]
    loaded = load(folder(company_toml=COMPANY))
    assert set(loaded.company) == {"post who_is_out to #general no longer", "post budgets to finance no longer"}
    assert held(app) == []
    with app.store.looking() as session:
        assert events.length(session) > 0


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('"0 9 * * mon"', '"0 9 * *"', "company.toml line {line} [[post]]: at: '0 9 * *' is no cron line"),
        ('"who_is_out"', '"gossip"', "company.toml line {line} [[post]]: what: 'gossip' is not one of who_is_out"),
        ('"#general"', '"hrr"', "company.toml line {line} [[post]]: to: 'hrr' is no handle, no role that anybody has"),
        ('"#general"', '"everyone"', "company.toml line {line} [[post]]: only lapsing and waiting go to everyone"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    app: App, folder: Write, load: Load, before: str, after: str, problem: str
) -> None:
    line = (COMPANY + POSTS).split("\n").index("[[post]]") + 1
    with pytest.raises(Refusal) as told:
        load(folder(company_toml=COMPANY + POSTS.replace(before, after)))
    assert problem.format(line=line) in str(told.value)
    assert held(app) == []


def test_what_is_only_worth_knowing_is_a_note(folder: Write, load: Load) -> None:
    text = POSTS.replace('to = "finance"', 'to = "finance"\nteam = "space"\ncolour = "red"')
    people = PEOPLE.replace("finance", "")
    line = [at for at, each in enumerate((COMPANY + text).split("\n"), start=1) if each == "[[post]]"][1]
    assert set(load(folder(company_toml=COMPANY + text, people_csv=people)).notes) >= {
        "company.toml [[post]]: 'colour' is not read",
        f"company.toml line {line} [[post]]: nobody has the role finance yet, so budgets goes to nobody",
        f"company.toml line {line} [[post]]: there is nobody in a team called 'space'",
    }


def test_the_sample_tells_little_by_itself(app: App, load: Load) -> None:
    load(company.SAMPLE)
    assert [(what, to) for what, to, _, _ in held(app)] == [
        ("who_is_out", "#general"),
        ("budgets", "finance"),
        ("holidays", "hr"),
        ("report", "hr"),
    ]

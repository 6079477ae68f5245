"""`backdesk init` and `backdesk people`: a folder that loads as it stands, and an import that can be tried first."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend import company, people
from backend.people import Person
from backend.refusals import Refusal
from bot.app import App
from bot.commands_init import write_starter
from bot.commands_people import import_people, show
from tests.company.conftest import PEOPLE

Write = Callable[..., Path]


def count(app: App) -> int:
    with app.store.looking() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_new_folder_loads_as_it_stands(app: App, tmp_path: Path) -> None:
    files = write_starter(tmp_path / "new" / "company")
    assert {str(each) for each in files} >= {"company.toml", "people.csv", "policies.toml", "handbook/time-off.md"}
    loaded = import_people(app, tmp_path / "new" / "company")
    assert len(loaded.people.changes) == 3
    assert loaded.notes == ()


@pytest.mark.parametrize("name", ["company.toml", "people.csv", "policies.toml"])
def test_a_new_folder_explains_itself(tmp_path: Path, name: str) -> None:
    write_starter(tmp_path / "new")
    lines = (tmp_path / "new" / name).read_text(encoding="utf-8").splitlines()
    assert sum("#" in line for line in lines) >= 5


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(Refusal, match="is not empty"):
        write_starter(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


def test_a_dry_run_shows_everything_and_writes_nothing(
    app: App, folder: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    balances = '{"who": "ann", "leave_type": "vacation", "days": 11.5, "as_of": "2026-11-24"}'
    path = folder(balances_jsonl=balances)
    tried = import_people(app, path / "people.csv", dry_run=True)
    show(tried, dry_run=True)
    assert count(app) == 0
    shown = capsys.readouterr().out
    assert "new  ann" in shown
    assert "ann     vacation    2026-11-24  11.5       11.5         0" in shown
    assert "Nothing was written." in shown
    assert import_people(app, path / "people.csv") == tried
    assert count(app) == 3


def test_a_second_import_says_that_nothing_differs(app: App, folder: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder()
    import_people(app, path)
    show(import_people(app, path), dry_run=False)
    assert "Nothing differs; nothing was changed." in capsys.readouterr().out


def test_a_file_alone_is_brought_into_the_company_that_is_here(app: App, folder: Write, tmp_path: Path) -> None:
    import_people(app, folder())
    alone = tmp_path / "new-people.csv"
    alone.write_text("handle;name;manager;place\ndan;Dan Dole;ann@acme.example;berlin\n", encoding="utf-8")
    loaded = import_people(app, alone)
    assert [each.handle for each in loaded.people.changes] == ["dan"]
    assert loaded.people.missing == ("ann", "boss", "cem")
    with app.store.looking() as session:
        dan = people.find(session, "dan")
        assert (dan.manager and dan.manager.handle, dan.place.name) == ("ann", "Berlin")


def test_a_file_alone_needs_a_company(app: App, tmp_path: Path) -> None:
    alone = tmp_path / "people.csv"
    alone.write_text(PEOPLE, encoding="utf-8")
    with pytest.raises(Refusal, match="There is no company here yet"):
        import_people(app, alone)


def test_a_file_alone_is_refused_with_all_its_problems(app: App, folder: Write, tmp_path: Path) -> None:
    import_people(app, folder())
    alone = tmp_path / "more.csv"
    alone.write_text("handle,name,manager,place\ndan,Dan,zoe,Oslo\n", encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        import_people(app, alone)
    assert "more.csv line 2: manager 'zoe' is nobody in this file" in str(refusal.value)
    assert "more.csv line 2: place 'Oslo' is not one of Madrid, Berlin" in str(refusal.value)
    assert count(app) == 3


def test_the_sample_is_found_by_its_name() -> None:
    assert company.folder_of("sample") == company.SAMPLE
    assert company.read("sample").company.name == "Lumen Works"

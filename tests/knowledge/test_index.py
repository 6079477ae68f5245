"""Chroma is a copy: it follows the database, heals after a crash, and is never believed against it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from backend.store import Store
from knowledge import library
from knowledge.embedding import MINILM, USE, minilm
from knowledge.index import Index
from knowledge.publishing import publish_all
from knowledge.search import allowed
from tests.knowledge.conftest import EXPENSES, LEAVE, doc, found, reader


@pytest.fixture
def owner(handbook: Store, tmp_path: Path):
    """The index of the process that owns the home's Chroma, up to date."""
    index = Index(handbook, home=tmp_path, at_hand=0)
    index.catch_up()
    yield index
    index.close()


def keys(index: Index) -> set[str]:
    with index.store.looking() as session:
        row = library.shelf(session)
        assert row is not None
    return index._connect().ids()  # pyright: ignore[reportPrivateUsage]


def test_chroma_and_the_database_rank_alike(owner: Index, handbook: Store) -> None:
    vector = minilm(["are meals paid on trips?"])[0]
    with handbook.looking() as session:
        may = allowed(session, owner, reader("finance"))
        one = owner.nearest(session, vector, k=4, model=MINILM, allowed=may)
        other = Index(handbook).nearest(session, vector, k=4, model=MINILM, allowed=may)
    assert [each for each, _ in one] == [each for each, _ in other]
    assert np.allclose([score for _, score in one], [score for _, score in other], atol=1e-4)


def test_only_one_process_owns_the_folder(owner: Index, handbook: Store, tmp_path: Path) -> None:
    second = Index(handbook, home=tmp_path)
    assert owner.owner
    assert not second.owner
    assert second.catch_up() == 0
    assert found(handbook, second, "meals", reader())[0].doc == "expenses.md"
    owner.close()
    third = Index(handbook, home=tmp_path)
    assert third.owner
    third.close()


def test_a_second_process_is_kept_out(owner: Index, tmp_path: Path) -> None:
    code = "import sys, pathlib; from knowledge.index import _take; print(_take(pathlib.Path(sys.argv[1])))"
    told = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "index.lock"], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "None"


def test_it_follows_what_is_published_and_withdrawn(owner: Index, handbook: Store) -> None:
    before = keys(owner)
    publish_all(handbook, [doc(LEAVE.replace("23", "25"), "leave.md")], by=None)
    told: list[tuple[int, int]] = []
    assert owner.catch_up(lambda done, total: told.append((done, total))) > 0
    assert told[-1] == (len(keys(owner)), len(keys(owner)))
    with handbook.writing() as session:
        library.withdraw(session, library.find(session, "leave.md"), by=None)
    owner.catch_up()
    assert keys(owner) < before


def test_it_heals_after_a_crash_between_database_and_index(owner: Index, handbook: Store, tmp_path: Path) -> None:
    chroma = owner._connect()  # pyright: ignore[reportPrivateUsage]
    right = keys(owner)
    chroma.drop(sorted(right)[:2])
    row = np.ones((1, 384), dtype=np.float32), np.ones((1, 512), dtype=np.float32)
    chroma.put(["999-nobody"], {MINILM: row[0], USE: row[1]})
    owner.close()
    again = Index(handbook, home=tmp_path, at_hand=0)
    assert again.catch_up() == 3
    assert keys(again) == right
    again.close()


def test_chroma_that_is_behind_is_not_believed(owner: Index, handbook: Store) -> None:
    with handbook.writing() as session:
        library.withdraw(session, library.find(session, "expenses.md"), by=None)
    publish_all(handbook, [doc(EXPENSES.replace("Meals", "Food"), "food.md")], by=None)
    docs = [each.doc for each in found(handbook, owner, "are meals paid on trips?", reader())]
    assert docs[0] == "food.md"
    assert "expenses.md" not in docs


def test_it_is_made_again_from_the_database(owner: Index) -> None:
    right = keys(owner)
    assert owner.rebuild() == len(right)
    assert keys(owner) == right


def test_others_see_how_far_it_is(owner: Index, handbook: Store) -> None:
    with handbook.looking() as session:
        assert owner.behind(session) is None
    publish_all(handbook, [doc(EXPENSES, "more.md")], by=None)
    with handbook.looking() as session:
        assert owner.behind(session) is not None
    owner.catch_up()
    with handbook.looking() as session:
        assert owner.behind(session) is None

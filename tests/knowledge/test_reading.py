"""Documents are read as people keep them, and what cannot be read is refused in a sentence."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from backend.refusals import Refusal
from knowledge.reading import LARGEST, Undecided, overruled, read, read_file, read_folder, read_one, read_paths
from tests.knowledge.test_formats import packed, word


def test_front_matter_says_what_a_document_is() -> None:
    reading = read(
        b"---\ntitle: Time off\naudience: [HR, Finance]\nplace: Berlin; Lisbon\nowner: ana.costa\n"
        b"effective: 2026-01-01\nexpires: 2026-12-31\nreview: 2026-06-01\nstatus: whatever\n---\n# Leave\n\nText.\n",
        doc="leave.md",
    )
    assert reading.title == "Time off"
    assert reading.audience == ("finance", "hr")
    assert reading.places == ("berlin", "lisbon")
    assert reading.owner == "ana.costa"
    assert (reading.effective, reading.expires) == (date(2026, 1, 1), date(2026, 12, 31))
    assert reading.review == date(2026, 6, 1)
    assert "audience" not in reading.text


@pytest.mark.parametrize(
    ("content", "doc", "title"),
    [
        (b"Intro\n\n# The leave policy\n", "a.md", "The leave policy"),
        (b"## Only a second level\n\nText\n", "sick-leave_2026.md", "Sick leave 2026"),
        (b"\xef\xbb\xbf# With a byte order mark\n", "a.md", "With a byte order mark"),
        ("Caf\xe9 opening hours\n".encode("latin-1"), "caf.txt", "Caf"),
    ],
)
def test_a_title_is_found(content: bytes, doc: str, title: str) -> None:
    assert read(content, doc=doc).title == title


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"---\ntitle: x\n---\n", "empty"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3", "not a text file"),
        (b"PK\x03\x04whatever", "not a text file"),
        (b"a\x00b", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        ("Leave".encode("utf-16"), "not in UTF-8"),
        (b"smart \x93quotes\x94 of another code page", "not in UTF-8"),
        (b"---\ntitle: [unclosed\n---\ntext\n", "front matter"),
        (b"---\neffective: soon\n---\ntext\n", '"effective"'),
        (b"---\neffective: 2026-02-01\nexpires: 2026-01-01\n---\ntext\n", "expire before"),
        (b"x" * (LARGEST + 1), "too large"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read(content, doc="leave.md")


def test_other_endings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "leave.odt").write_bytes(b"%PDF-1.7")
    with pytest.raises(Refusal, match=r"leave\.odt cannot be read"):
        read_file(tmp_path / "leave.odt")


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    for name in ("b.md", "a/README.md", "a/z.txt", ".git/x.md", "node_modules/y.md", "a/.hidden.md", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Some text.\n")
    (tmp_path / "a/bad.md").write_bytes(b"\x00\x01")
    held = read_folder(tmp_path)
    assert [each.doc for each in held.readings] == ["a/README.md", "a/z.txt", "b.md"]
    assert [name for name, _ in held.problems] == ["a/bad.md"]


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no file or folder"):
        read_paths([tmp_path / "nowhere"])


def test_what_is_said_besides_the_file_counts_more() -> None:
    reading = overruled(
        read(b"---\naudience: hr\n---\ntext", doc="a.md"), audience="everyone", effective=date(2027, 1, 1)
    )
    assert reading.audience == ()
    assert reading.effective == date(2027, 1, 1)


def test_what_a_link_shows_outside_a_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The token of the server.")
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "a.md").write_text("Some text.")
    (folder / "b.md").symlink_to(folder / "a.md")
    (folder / "notes.txt").symlink_to(tmp_path / "secret.txt")
    held = read_folder(folder)
    assert [each.doc for each in held.readings] == ["a.md", "b.md"]
    assert [(name, "leads out" in str(problem)) for name, problem in held.problems] == [("notes.txt", True)]


def test_one_broken_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Some text.")
    (tmp_path / "deep.md").write_text(f"---\nowner: ana\ntitle: {'[' * 9000}\n---\nText.")
    (tmp_path / "word.docx").write_bytes(damaged(word("<w:p><w:r><w:t>Lockers are free.</w:t></w:r></w:p>")))
    (tmp_path / "odd.zip").write_bytes(packed({"b.md": b"Lockers are free." * 99}, how=zipfile.ZIP_LZMA))
    held = read_paths([tmp_path, tmp_path / "odd.zip"])
    assert [each.doc for each in held.readings] == ["a.md"]
    assert [name for name, _ in held.problems] == ["deep.md", "word.docx", "odd.zip"]


def damaged(content: bytes) -> bytes:
    """A packed document, the largest part of which cannot be unpacked."""
    at = content.index(b"word/document.xml") + 40
    return content[:at] + b"\xff" * 20 + content[at + 20 :]


def test_a_zip_of_a_document_and_its_pictures_is_unpacked_nowhere_else() -> None:
    files = {"../out.md": b"No.", "/out.md": b"No.", ".git/config": b"No.", "in/a.md": b"Some text."}
    assert read_one(packed(files), doc="all.zip").doc == "a.md"


def test_what_would_swell_or_take_for_ever_is_refused() -> None:
    lists = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))
    swelling = f"---\na0: &a0 [x]\n{lists}\ntitle: *a9\naudience: *a9\n---\nHello there.".encode()
    assert read_one(swelling, doc="hello.md").title == "Hello"
    for content, doc in (
        (b"---\nx: " + b"x" * 30_000 + b"\n---\nText.", "a.md"),
        (b"x" * 60_000, "a.md"),
        (b"![a](" * 100_000, "a.md"),
    ):
        with pytest.raises(Refusal, match=r"too large|front matter"):
            read_one(content, doc=doc)


def test_what_no_database_keeps_is_taken_out() -> None:
    reading = read(b'---\ntitle: "a\\0b"\naudience: ["h\\0r"]\n---\n<p>Hi', doc="a.md")
    assert (reading.title, reading.audience) == ("ab", ("hr",))


def test_what_waits_for_a_decision_says_so_from_the_process_apart() -> None:
    with pytest.raises(Undecided, match=r"leave\.docx has tracked changes"):
        read_one(word("<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>"), doc="leave.docx")

"""Web pages, tables, Word documents and zips are read like Markdown; what cannot be is refused in a sentence."""

import io
import zipfile
from pathlib import Path

import pytest

from backend.refusals import Refusal
from knowledge.passages import cut
from knowledge.reading import read, read_paths

PAGE = """<!doctype html><html><head><title>Handbook</title><style>p { color: red }</style></head><body>
<nav><a href="/">Home</a></nav><h1>Travel</h1><p>Book <b>early</b>, see <a href="https://x.example/t">the list</a>.</p>
<h2>Meals</h2><ul><li>Lunch up to 25 &euro;</li><li>No *wine*</li></ul>
<table><tr><th>place</th><th>a night</th></tr><tr><td>Berlin</td><td>170</td></tr></table>
<script>alert("x")</script></body></html>"""

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f'<w:styles {NAMES}><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'


def word(body: str, *, styles: str = STYLES) -> bytes:
    """A Word document of this body."""
    return packed(
        {
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode(),
            "word/styles.xml": styles.encode(),
        }
    )


def packed(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in files.items():
            held.writestr(name, content)
    return out.getvalue()


def line(text: str, *, about: str = "", bold: bool = False) -> str:
    mark = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p><w:pPr>{about}</w:pPr><w:r>{mark}<w:t>{text}</w:t></w:r></w:p>"


HEADING = '<w:pStyle w:val="berschrift1"/>'
POINT = "<w:numPr/>"
CELL = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"


def test_a_web_page_keeps_its_headings_lists_tables_and_links() -> None:
    reading = read(PAGE.encode(), doc="travel.html")
    assert reading.title == "Travel"
    assert "[the list](https://x.example/t)" in reading.text
    cuts = cut(reading.text, title=reading.title)
    assert [each.heading for each in cuts] == ["Travel", "Travel > Meals"]
    assert cuts[0].body == "Book early, see the list."
    assert cuts[1].body == "- Lunch up to 25 €\n- No *wine*\n\nplace | a night\nBerlin | 170"


def test_a_table_is_read_with_its_head_over_every_part() -> None:
    rows = "city;limit\n" + "".join(f"City {number};{number}\n" for number in range(40))
    cuts = cut(read(rows.encode(), doc="limits.csv").text, title="Limits")
    text = "\n".join(each.body for each in cuts)
    assert text.count("city | limit") == 3
    assert "City 39 | 39" in text


def test_a_word_document_keeps_headings_points_and_tables() -> None:
    body = (
        line("Leave", about=HEADING)
        + line("Who asks", bold=True)
        + line("Everybody may ask.")
        + line("Ask early", about=POINT)
        + f"<w:tbl><w:tr>{CELL.format('place')}{CELL.format('days')}</w:tr>"
        + f"<w:tr>{CELL.format('Madrid')}{CELL.format('23')}</w:tr></w:tbl>"
    )
    reading = read(word(body), doc="leave.docx")
    assert reading.title == "Leave"
    cuts = cut(reading.text, title=reading.title)
    assert [each.heading for each in cuts] == ["Leave > Who asks"]
    assert cuts[0].body == "Everybody may ask.\n\n- Ask early\n\nplace | days\nMadrid | 23"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (word(f"<w:p><w:ins>{line('new')}</w:ins></w:p>"), "tracked changes"),
        (word(line("x") + "<w:p><w:r><w:commentReference/></w:r></w:p>"), "comments"),
        (b"\xd0\xcf\x11\xe0 protected", "password"),
        (b"no zip at all", "damaged"),
        (packed({"other.xml": b"<a/>"}), "damaged"),
        (word("<w:p>"), "damaged"),
        (packed({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "damaged"),
        (packed({"word/document.xml": b"x" * (51 * 1024 * 1024)}), "50 MB"),
        (word(""), "empty"),
    ],
)
def test_what_waits_in_a_word_document_or_breaks_it_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read(content, doc="leave.docx")


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    files = {
        "b/a.md": b"# A\n\nText.",
        "page.html": PAGE.encode(),
        "__MACOSX/x.md": b"x",
        "bad.docx": b"x",
        "p.png": b"x",
    }
    (tmp_path / "handbook.zip").write_bytes(packed(files))
    held = read_paths([tmp_path / "handbook.zip"])
    assert [each.doc for each in held.readings] == ["b/a.md", "page.html"]
    assert [name for name, _ in held.problems] == ["bad.docx"]

"""Web pages, tables, Word documents and zips are read like Markdown; what cannot be is refused in a sentence."""

import io
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from backend.refusals import Refusal
from knowledge import formats
from knowledge.passages import cut
from knowledge.reading import Undecided, read, read_one, read_paths

PAGE = """<!doctype html><html><head><title>Handbook</title><style>p { color: red }</style></head><body>
<nav><a href="/">Home</a></nav><h1>Travel</h1><p>Book <b>early</b>, see <a href="https://x.example/t">the list</a>.</p>
<h2>Meals</h2><ul><li>Lunch up to 25 &euro;</li><li>No *wine*</li></ul>
<table><tr><th>place</th><th>a night</th></tr><tr><td>Berlin</td><td>170</td></tr></table>
<script>alert("x")</script></body></html>"""

NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = (
    f'<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    "</w:styles>"
)


def word(body: str, *, styles: str = STYLES) -> bytes:
    """A Word document of this body."""
    return packed(
        {
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode(),
            "word/styles.xml": styles.encode(),
            "word/numbering.xml": NUMBERS.encode(),
        }
    )


def packed(files: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as held:
        for name, content in files.items():
            held.writestr(name, content)
    return out.getvalue()


def line(text: str, *, about: str = "", bold: bool = False) -> str:
    mark = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f"<w:p><w:pPr>{about}</w:pPr><w:r>{mark}<w:t>{text}</w:t></w:r></w:p>"


HEADING = '<w:pStyle w:val="berschrift1"/>'
POINT = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
NUMBERS = (
    f'<w:numbering {NAMES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
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


def test_tracked_changes_count_as_made_once_somebody_says_so() -> None:
    changed = (
        "<w:p><w:r><w:t>You have </w:t></w:r><w:del><w:r><w:delText>23</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>25</w:t></w:r></w:ins><w:r><w:t> days.</w:t></w:r></w:p>"
    )
    with pytest.raises(Undecided):
        read(word(changed), doc="leave.docx")
    assert read(word(changed), doc="leave.docx", accept=True).text == "You have 25 days."


GOOGLE = """<html><head><style>.c3{font-weight:700}.c4{color:#000}</style></head><body><p class="c1 title">
<span>Leave</span></p><p><span class="c3">Carry-over</span></p><p><span class="c4">Until 31 March, see </span><span><a
href="https://www.google.com/url?q=https://hr.example/a%3Fb%3D1&amp;sa=D">the list</a></span>.</p></body></html>"""


def test_an_export_of_google_docs_keeps_title_bold_headings_and_where_links_lead() -> None:
    reading = read_one(packed({"Leave.html": GOOGLE.encode(), "images/a.png": b"x"}), doc="Leave.zip")
    assert (reading.doc, reading.title) == ("Leave.html", "Leave")
    assert [each.heading for each in cut(reading.text, title=reading.title)] == ["Leave > Carry-over"]
    assert "[the list](https://hr.example/a?b=1)" in reading.text
    with pytest.raises(Refusal, match="holds 2 documents"):
        read_one(packed({"a.md": b"# A", "b.md": b"# B"}), doc="both.zip")


def workbook(**sheets: list[list[object]]) -> bytes:
    """A workbook of these sheets."""
    from openpyxl import Workbook

    book: Any = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_each_sheet_of_a_workbook_is_a_table_under_its_name() -> None:
    content = workbook(Rates=[["place", "a night"], ["Berlin", 170], ["Lisbon", 120.5]], Empty=[])
    cuts = cut(read(content, doc="rates.xlsx").text, title="Rates 2026")
    assert [(each.heading, each.body) for each in cuts] == [
        ("Rates 2026 > Rates", "place | a night\nBerlin | 170\nLisbon | 120.5")
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.xlsx", b"no zip at all", "damaged"),
        ("a.xlsx", packed({"xl/other.xml": b"<a/>"}), "damaged"),
        ("a.xlsx", packed({"xl/workbook.xml": b"<!DOCTYPE a><a/>"}), "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0 protected", "password"),
        ("a.xlsx", workbook(Empty=[]), "empty"),
        ("a.docx", b"x" * (21 * 1024 * 1024), "too large"),
        ("a.pdf", b"no pdf", "cannot be read"),
        ("a.md", b"  ", "empty"),
        ("a.exe", b"MZ", "cannot be read"),
    ],
)
def test_broken_protected_empty_and_huge_files_are_refused_by_name(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why) as refused:
        read_one(content, doc=name)
    assert name in str(refused.value)


def pdf(*pages: list[tuple[int, int, int, str]], password: str = "") -> bytes:
    """A PDF of pages; each text is (size, left, down from the top, words)."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800), encrypt=StandardEncryption(password) if password else None)
    for page in pages:
        for size, left, down, words in page:
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, 800 - down, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def foot(number: int) -> tuple[int, int, int, str]:
    return (11, 60, 780, f"Page {number} of 3")


def test_a_pdf_keeps_headings_by_size_and_tables_and_drops_what_stands_on_every_page() -> None:
    content = pdf(
        [
            (22, 60, 60, "Travel"),
            (11, 60, 100, "Trips are booked by the office,"),
            (11, 60, 114, "two weeks before."),
            foot(1),
        ],
        [
            (15, 60, 60, "Hotels"),
            (11, 60, 90, "place"),
            (11, 300, 90, "a night"),
            (11, 60, 105, "Berlin"),
            (11, 300, 105, "170"),
            foot(2),
        ],
        [(11, 60, 100, "Ask the office about everything else."), foot(3)],
    )
    reading = read(content, doc="travel.pdf")
    assert reading.title == "Travel"
    assert [(each.heading, each.body) for each in cut(reading.text, title=reading.title)] == [
        ("Travel", "Trips are booked by the office, two weeks before."),
        ("Travel > Hotels", "place | a night\nBerlin | 170\n\nAsk the office about everything else."),
    ]
    with pytest.raises(Refusal, match="password"):
        read(pdf([(11, 60, 60, "secret")], password="x"), doc="locked.pdf")


def test_a_git_checkout_is_read_without_what_git_ignores(tmp_path: Path) -> None:
    for name, text in {"a.md": "# A", "draft/b.md": "# B", ".gitignore": "draft/", ".github/c.md": "# C"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert [each.doc for each in read_paths([tmp_path]).readings] == ["a.md", "draft/b.md"]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert [each.doc for each in read_paths([tmp_path]).readings] == ["a.md"]


def test_a_translation_knows_what_it_translates() -> None:
    assert read(b"# Ferias", doc="hr/leave.pt.md").translation_of == "hr/leave.md"
    assert read(b"---\ntranslation_of: leave.md\n---\n# Ferias", doc="ferias.md").translation_of == "leave.md"
    assert read(b"# Leave", doc="leave.md").translation_of is None


def test_a_line_in_bold_at_the_beginning_is_the_title_where_there_is_no_other() -> None:
    page = "<p><b>Parental leave</b></p><p><b>Berlin</b></p><p>Fourteen months.</p>"
    assert formats.from_html(page) == "# Parental leave\n\n### Berlin\n\nFourteen months."
    assert formats.from_html(f"{page}<h1>Leave</h1>").startswith("### Parental leave")


def test_a_table_that_would_swell_is_refused() -> None:
    with pytest.raises(Refusal, match="more than 300000 cells"):
        formats.from_table("a," * 20_000 + "\n" + "x\n" * 1_000, doc="wide.csv")
    page = "<table><tr>" + "<td>a</td>" * 5_000 + "</tr>" + "<tr><td>b</td></tr>" * 1_000 + "</table>"
    with pytest.raises(Refusal, match="more than 300000 cells"):
        formats.from_html(page)


def test_a_cell_far_away_makes_a_sheet_no_larger() -> None:
    from openpyxl import Workbook

    book: Any = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["C1048576"] = "near", "far"
    content = io.BytesIO()
    book.save(content)
    assert formats.from_workbook(content.getvalue(), doc="far.xlsx").count("|") < 20


def test_a_document_of_very_many_parts_is_refused_at_once() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(formats.PARTS + 1):
            archive.writestr(f"{number}.xml", "")
    with pytest.raises(Refusal, match="split it into smaller files"):
        formats.from_word(content.getvalue(), doc="many.docx")


def test_the_main_part_of_a_word_document_is_called_as_it_says() -> None:
    sort = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    names = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    leads = f'<Relationships {names}><Relationship Id="a" Type="{sort}" Target="word/document2.xml"/></Relationships>'
    body = f"<w:document {NAMES}><w:body>{line('Lockers are free.')}</w:body></w:document>"
    content = packed({"_rels/.rels": leads.encode(), "word/document2.xml": body.encode()})
    assert read(content, doc="lockers.docx").text == "Lockers are free."


def test_a_row_beyond_every_sheet_is_refused_at_once() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet["B2"] = 3
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as held:
        files = {name: held.read(name) for name in held.namelist()}
    path = "xl/worksheets/sheet1.xml"
    files[path] = files[path].replace(b'r="2"', b'r="1000000000"').replace(b'"B2"', b'"B1000000000"')
    with pytest.raises(Refusal, match="cells"):
        read(packed(files), doc="far.xlsx")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("<table><tr><td>1<td>2", "| 1 | 2 |\n|---|---|"),
        (
            "<table><tr><td>x<td>1<tr><td>per <table><tr><td>g<td>6</table>grade<td>y<tr><td>z<td>3</table>After.",
            "| x | 1 |\n|---|---|\n| per g 6 grade | y |\n| z | 3 |\n\nAfter.",
        ),
        ("<table><caption>Limits.</caption><tr><td>1<td>2</table>", "Limits.\n\n| 1 | 2 |\n|---|---|"),
        ("<html><head><title>No</title><meta a><body><h1>Rules</h1><p>Yes.", "# Rules\n\nYes."),
        ("<head><style>a</style><p>Yes.", "Yes."),
        ("<p>Yes.</p><p hidden>No.<p style='color: red; display: none'>No.<p>Yes.", "Yes.\n\nYes."),
        ("<div hidden><div>No.</div>No.<img src=a></div>Yes.", "Yes."),
        ("<ul><li>One.<li hidden>No.<ul><li>No.</ul>No.<li>Two.</ul>", "- One.\n- Two."),
        ("<table><tr hidden><td>No<tr><td>1<td hidden>No<td>2</table>", "| 1 | 2 |\n|---|---|"),
        ("<ul><li>One.<ul><li>In.</ul><li>Two.</ul><ol><li>Last.</ol>", "- One.\n- In.\n- Two.\n- Last."),
        ("<p>See <a href=/x>this</a><br>and that.", "See [this](/x)\n\nand that."),
    ],
)
def test_a_page_is_read_as_it_is_seen(page: str, text: str) -> None:
    assert formats.from_html(page) == text


def test_a_table_within_a_table_in_word_is_part_of_its_cell() -> None:
    inner = f"<w:tbl><w:tr>{CELL.format('g7')}{CELL.format('600')}</w:tr></w:tbl>"
    rows = [
        CELL.format("Laptops") + CELL.format("500"),
        f"<w:tc>{line('By grade')}{inner}{line('')}</w:tc>" + CELL.format("x"),
    ]
    rows.append(CELL.format("Phones") + CELL.format("300"))
    body = "".join(f"<w:tr>{each}</w:tr>" for each in rows)
    text = read(word(f"<w:tbl>{body}</w:tbl>"), doc="limits.docx").text
    assert text == "| Laptops | 500 |\n|---|---|\n| By grade g7 600 | x |\n| Phones | 300 |"


def test_what_is_hidden_in_word_is_left_out() -> None:
    run = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
    styles = (
        f'<w:styles {NAMES}><w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    )
    body = f"<w:p>{run.format('', 'Seen. ')}{run.format('<w:vanish/>', 'No.')}"
    body += run.format('<w:rStyle w:val="h"/>', "No.") + run.format('<w:vanish w:val="0"/>', "Seen too.")
    body += f'</w:p><w:p><w:pPr><w:pStyle w:val="p"/></w:pPr>{run.format("", "No.")}</w:p>'
    assert read(word(body, styles=styles), doc="hidden.docx").text == "Seen. Seen too."


def test_a_change_in_a_footnote_waits_for_a_decision_too() -> None:
    notes = f"<w:footnotes {NAMES}><w:footnote><w:p><w:ins>{line('99 days')}</w:ins></w:p></w:footnote></w:footnotes>"
    body = f"<w:document {NAMES}><w:body>{line('Leave is 23 days.')}</w:body></w:document>"
    with pytest.raises(Undecided):
        read(packed({"word/document.xml": body.encode(), "word/footnotes.xml": notes.encode()}), doc="leave.docx")


def test_hidden_rows_and_columns_of_a_sheet_are_left_out() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    for row in (["Name", "Room", "Salary", "Floor"], ["Ana", "B12", 71000, 1], ["Hidden", "x", 1, 2]):
        sheet.append(row)
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    text = read(out.getvalue(), doc="rooms.xlsx").text
    assert text.endswith("| Name | Room | Floor |\n|---|---|---|\n| Ana | B12 | 1 |")

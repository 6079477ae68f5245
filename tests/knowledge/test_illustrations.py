"""Pictures and links of documents are kept, drawn anew, and shown to those who may read what they stand in."""

import base64
import io
import random
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from backend.store import Store
from bot.web import handbook as pages
from knowledge import illustrations
from knowledge.citing import answer
from knowledge.illustrations import Picture
from knowledge.index import Index
from knowledge.library import Version, withdraw
from knowledge.passages import cut
from knowledge.publishing import publish_all
from knowledge.reading import Reading, read, read_folder, read_one
from tests.knowledge.conftest import doc, reader
from tests.knowledge.test_formats import packed

TEXT = """# Building

## Fire drill

When the bell rings, walk to the meeting point behind the bicycle shed.

![Map of the meeting point](maps/yard.png)

## Kitchen

Wash your own cup.
"""


def drawing(sort: str = "PNG", *, size: tuple[int, int] = (200, 120), **how: Any) -> bytes:
    """A picture of that sort."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, sort, **how)
    return out.getvalue()


def at(address: str, content: bytes, *, text: str = TEXT, name: str = "building.md") -> Reading:
    """A document beside which a picture lies."""
    return read(text.encode(), doc=name, beside={address: content}.get)


def test_a_picture_is_shown_with_what_is_quoted_and_on_the_page(store: Store, index: Index) -> None:
    publish_all(store, [at("maps/yard.png", drawing())], by=None)
    found = answer(store, index, "What do I have to do in a fire drill?", reader())
    assert found.outcome == "answered"
    ((id, words, *size),) = found.citations[0].pictures
    assert size == [200, 120]
    assert words == "Map of the meeting point"
    with store.looking() as session:
        version = session.scalars(select(Version)).one()
        held = illustrations.of_version(session, version)
        html, _ = pages.draw(version.text, title="Building", doc="building.md", base="/w", pictures=held)
    assert f'<img src="/w/pictures/{id}" alt="Map of the meeting point" width="200" height="120"' in html


BIKES = """# Building

## Bike room

The bike room is on floor -1 and opens at seven. The way from lift B is on the map.

![Map of the bike room](maps/yard.png)
"""


def test_what_a_picture_shows_is_no_sentence_where_the_picture_is_shown(store: Store, index: Index) -> None:
    publish_all(store, [at("maps/yard.png", drawing(), text=BIKES)], by=None)
    found = answer(store, index, "How do I get to the bike room?", reader())
    assert "The way from lift B is on the map." in found.text
    assert "Map of the bike room" not in found.text
    assert [words for _, words, *_ in found.citations[0].pictures] == ["Map of the bike room"]
    publish_all(store, [doc(BIKES, "building.md")], by=None)
    assert answer(store, index, "How do I get to the bike room?", reader()).citations[0].pictures == ()


def test_a_picture_belongs_to_its_own_heading(store: Store, index: Index) -> None:
    publish_all(store, [at("maps/yard.png", drawing())], by=None)
    found = answer(store, index, "Who has to wash my cup in the kitchen?", reader())
    assert [each.pictures for each in found.citations if each.heading.endswith("Kitchen")] == [()]


def test_who_may_not_read_it_may_not_see_it(store: Store) -> None:
    text = f"---\naudience: hr\n---\n{TEXT}"
    publish_all(store, [at("maps/yard.png", drawing(), text=text)], by=None)
    with store.looking() as session:
        id = session.scalars(select(Picture.id)).one()
        assert illustrations.fetch(session, id, reader=reader()) is None
        assert illustrations.fetch(session, id, reader=reader("hr")) is not None
        assert illustrations.fetch(session, "0" * 32, reader=reader("hr")) is None


def test_one_that_was_withdrawn_is_gone(store: Store) -> None:
    publish_all(store, [at("maps/yard.png", drawing())], by=None)
    with store.writing() as session:
        version = session.scalars(select(Version)).one()
        withdraw(session, version.document, by=None)
    with store.looking() as session:
        id = session.scalars(select(Picture.id)).one()
        assert illustrations.fetch(session, id, reader=reader()) is None


def test_another_picture_at_the_same_place_is_a_new_version(store: Store) -> None:
    first, second = at("maps/yard.png", drawing()), at("maps/yard.png", drawing(size=(90, 90)))
    outcomes = [publish_all(store, [each], by=None)[0].outcome for each in (first, first, second)]
    assert outcomes == ["new", "unchanged", "replaced"]


def test_only_points_are_kept() -> None:
    told = Image.Exif()
    told[0x010E] = "taken at home"
    kept = illustrations.drawn_anew(drawing("JPEG", exif=told) + b"<script>more</script>")
    assert kept is not None
    assert kept.mime == "image/jpeg"
    assert b"home" not in kept.content
    assert b"script" not in kept.content
    large = illustrations.drawn_anew(drawing(size=(4000, 1000)))
    assert large is not None
    assert (large.width, large.height) == (1600, 400)


def test_what_is_no_picture_of_points_is_left_out() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    broken, tiny = drawing()[:60], drawing(size=(8, 8))
    assert [illustrations.drawn_anew(each) for each in (svg, broken, tiny, b"%PDF-1.4", b"")] == [None] * 5


def test_a_picture_that_stands_in_the_text_leaves_it() -> None:
    noise = Image.frombytes("RGB", (64, 64), random.Random(7).randbytes(64 * 64 * 3))
    out = io.BytesIO()
    noise.save(out, "WEBP")
    address = f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}"
    found = read(f'<h1>Cups</h1><p>Ours:</p><img alt="A cup" src="{address}">'.encode(), doc="cups.html")
    ((place, id),) = found.pictures
    assert f"![A cup]({place})" in found.text
    assert place == f"picture:{id}"
    assert "base64" not in found.text


def test_pictures_in_word_are_kept_and_none_is_fetched() -> None:
    held = read_one(word_with_pictures(), doc="yard.docx")
    ((place, _),) = held.pictures
    assert f"![The yard]({place})" in held.text
    assert "elsewhere" not in held.text


def test_a_folder_and_a_zip_hold_their_pictures_and_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "book" / "maps").mkdir(parents=True)
    (tmp_path / "book" / "maps" / "yard.png").write_bytes(drawing())
    (tmp_path / "secret.png").write_bytes(drawing(size=(50, 50)))
    text = f"{TEXT}\n![No](../secret.png)\n![No](https://elsewhere.example/x.png)\n"
    (tmp_path / "book" / "building.md").write_text(text, encoding="utf-8")
    (reading,) = read_folder(tmp_path / "book").readings
    assert [place for place, _ in reading.pictures] == ["maps/yard.png"]
    zipped = read_one(packed({"a/building.md": TEXT.encode(), "a/maps/yard.png": drawing()}), doc="a.zip")
    assert zipped.pictures == reading.pictures


def test_a_picture_that_lies_elsewhere_is_a_link() -> None:
    html, _ = pages.draw("![Plan](https://x.example/p.png)", title="T", doc="t.md", base="")
    assert '<a href="https://x.example/p.png" rel="noopener noreferrer" target="_blank">Plan</a>' in html
    assert "<img" not in html


def test_markup_with_a_picture_is_drawn_as_one_and_nothing_else(store: Store) -> None:
    text = '# T\n\n<p align="center" onclick="x()"><img src="maps/yard.png" alt="a &quot;b" onerror="x()"></p>\n'
    publish_all(store, [at("maps/yard.png", drawing(), text=text)], by=None)
    with store.looking() as session:
        version = session.scalars(select(Version)).one()
        html, _ = pages.draw(
            version.text, title="T", doc="t.md", base="", pictures=illustrations.of_version(session, version)
        )
    assert 'alt="a &quot;b"' in html
    assert "onerror" not in html
    assert "onclick" not in html


def test_links_of_every_format_are_kept(store: Store, index: Index) -> None:
    text = (
        "# Desks\n\nBook a desk in the [floor plan][plan] before you come in.\n\n[Plan]: https://desks.example/plan\n"
    )
    publish_all(store, [doc(text, "desks.md")], by=None)
    found = answer(store, index, "How do I book a desk?", reader())
    assert "floor plan: https://desks.example/plan" in found.text


def test_links_of_a_workbook_and_a_pdf_are_kept() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Room", "Form"])
    sheet.append(["Blue", "Booking form"])
    sheet["B2"].hyperlink = "https://rooms.example/blue?a=1&b=2"
    out = io.BytesIO()
    book.save(out)
    assert "[Booking form](https://rooms.example/blue?a=1&b=2)" in read(out.getvalue(), doc="rooms.xlsx").text
    assert "See the [floor plan](https://desks.example/plan) first" in read(pdf_with_a_link(), doc="desks.pdf").text


def test_words_with_brackets_and_odd_addresses_name_a_picture_too() -> None:
    data = f"data:image/png;base64,{base64.b64encode(drawing()).decode()}"
    page = read(f'<h1>Exits</h1><img alt="Exits [north] (1)" src="{data}">'.encode(), doc="exits.html")
    ((place, _),) = page.pictures
    assert page.text == rf"# Exits{chr(10) * 2}![Exits \[north\] (1)]({place})"
    (passage,) = cut(page.text, title="Exits")
    assert passage.body == "Exits [north] (1)"
    angled = at("floor plan.png", drawing(), text="# A\n\n![Fig. [1]](<floor plan.png>)\n")
    assert [place for place, _ in angled.pictures] == ["floor plan.png"]
    assert [each.body for each in cut(angled.text, title="A")] == ["Fig. [1]"]


def test_what_stands_in_its_address_leaves_the_text_and_nothing_else_does() -> None:
    first = base64.b64encode(drawing() + b"\0" * (3 - len(drawing()) % 3)).decode()
    one, two = f"data:image/png;base64,{first}", f"data:image/png;base64,{first}eHh4"
    text = f"# A\n\n![a]({one})\n![b]({two})\n![](data:)\nPersonal data: keep it, or data:, no.\n[c]({one})"
    found = read(text.encode(), doc="a.md")
    ((place, _),) = found.pictures
    rest = "![](picture:none)\nPersonal data: keep it, or data:, no.\n[c]()"
    assert found.text == f"# A\n\n![a]({place})\n![b]({place})\n{rest}"


def test_a_picture_that_is_named_often_is_drawn_once_and_a_long_address_not_at_all() -> None:
    asked: list[bytes] = []
    named = "".join(f"![x](a.png?{number})\n" for number in range(150)) + f"![x](b.png?{'x' * 3000})\n"
    found = read(f"# A\n\n{named}".encode(), doc="a.md", beside=lambda _: asked.append(b"") or drawing())
    assert len(asked) == len(found.pictures) == 150
    assert len(found.kept) == 1


def word_with_pictures() -> bytes:
    """A Word document with a picture in it and one that lies elsewhere."""
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    other = (
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    shown = (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{words}"/><a:graphic><a:graphicData>'
        '<pic:pic><pic:blipFill><a:blip {how}="{id}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    body = shown.format(words="The yard", how="r:embed", id="rId1")
    body += shown.format(words="Not here", how="r:link", id="rId2")
    sort = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{sort}" Target="media/image1.png"/>'
        f'<Relationship Id="rId2" Type="{sort}" Target="https://elsewhere.example/x.png" TargetMode="External"/>'
        "</Relationships>"
    )
    text = "<w:p><w:r><w:t>This is the yard behind the house.</w:t></w:r></w:p>"
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return packed(
        {
            "[Content_Types].xml": types.encode(),
            "word/document.xml": f"<w:document {main} {other}><w:body>{text}{body}</w:body></w:document>".encode(),
            "word/_rels/document.xml.rels": relations.encode(),
            "word/media/image1.png": drawing(),
        }
    )


def pdf_with_a_link() -> bytes:
    """A page with a line of text, three words of which lead somewhere."""
    stream = b"BT /F1 12 Tf 72 720 Td (See the floor plan first, then take any desk that is free.) Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        b"/Annots[<</Type/Annot/Subtype/Link/Rect[115 716 168 732]/A<</S/URI/URI(https://desks.example/plan)>>>>]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", list[int]()
    for nth, each in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (nth, each)
    table = b"".join(b"%010d 00000 n \n" % each for each in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )

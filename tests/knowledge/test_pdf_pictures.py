"""Pictures in the text of a PDF are kept where they stand: no logo, no background, no decoration; as they are seen."""

import io
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
import pytest
from PIL import Image, ImageDraw
from pypdf.generic import RectangleObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from backend.store import Store
from knowledge.citing import answer
from knowledge.illustrations import Picture
from knowledge.index import Index
from knowledge.pages import embedded, reading
from knowledge.pages.page import PICTURE, Page
from knowledge.pages.pdfs import Pdf
from knowledge.publishing import publish_all
from knowledge.reading import Reading, read
from tests.knowledge.conftest import reader

Draw = Callable[[Canvas], Any]
DRILL = "When the bell rings, walk to the meeting point behind the bicycle shed."
HOUSE, OPEN = "This is for everybody who works in the house.", "The doors are open from seven to seven."
CUPS = "Wash your own cup in the kitchen, and put it back where it was."


def image(colour: str, *, size: tuple[int, int] = (200, 120), sort: str = "PNG", noise: int = 0) -> bytes:
    """A picture in two colours; `noise` makes each one another."""
    made = Image.new("RGBA" if sort == "PNG" else "RGB", size, colour)
    ImageDraw.Draw(made).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="yellow")
    ImageDraw.Draw(made).point([(0, 0)], fill=(255, 255, noise))
    out = io.BytesIO()
    made.save(out, sort)
    return out.getvalue()


def says(down: int, words: str, *, size: int = 11, left: int = 60) -> Draw:
    """A line of text, so far down a page of 600 by 800 points."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(left, 800 - down, words)

    return draw


heads = partial(says, size=16)


def shows(down: int, content: bytes, *, left: int = 60, wide: int = 200, high: int = 120) -> Draw:
    """A picture, its upper edge so far down the page."""
    return lambda canvas: canvas.drawImage(
        ImageReader(io.BytesIO(content)), left, 800 - down - high, wide, high, mask="auto"
    )


def pdf(*pages: list[Draw]) -> bytes:
    """A PDF of pages with these things on them."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    for page in pages:
        for draw in page:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def book() -> bytes:
    """Two pages with a logo on each, and a picture under the second of three headings."""
    logo = shows(20, image("red"), left=450, wide=90, high=60)
    return pdf(
        [logo, heads(60, "Building"), says(90, HOUSE), says(120, OPEN)],
        [
            logo,
            heads(60, "Fire drill"),
            says(90, DRILL),
            shows(110, image("teal")),
            heads(270, "Kitchen"),
            says(300, CUPS),
        ],
    )


def held(content: bytes) -> Reading:
    return read(content, doc="building.pdf")


def drawn(content: bytes) -> list[Image.Image]:
    """The pictures that are kept of a PDF, in order."""
    kept = {each.id: each.content for each in held(content).kept}
    return [Image.open(io.BytesIO(kept[id])).convert("RGB") for _, id in held(content).pictures]


def colours(picture: Image.Image, *points: tuple[float, float]) -> list[Any]:
    """The colours of a picture at points that are given as shares of its width and height."""
    return [picture.getpixel((int(x * picture.width), int(y * picture.height))) for x, y in points]


TEAL, BLACK, WHITE, YELLOW = (0, 128, 128), (0, 0, 0), (255, 255, 255), (255, 255, 0)


def test_a_picture_is_kept_under_its_heading_and_a_logo_is_not() -> None:
    found = held(book())
    ((place, id),) = found.pictures
    assert place == f"picture:{id}"
    assert found.text.split("\n\n") == [
        "## Building",
        HOUSE,
        OPEN,
        "## Fire drill",
        DRILL,
        f"![]({place})",
        "## Kitchen",
        CUPS,
    ]
    (picture,) = drawn(book())
    assert colours(picture, (0.1, 0.1), (0.5, 0.5)) == [YELLOW, TEAL]


def test_an_answer_that_quotes_beside_it_carries_it(store: Store, index: Index) -> None:
    publish_all(store, [held(book())], by=None)
    with store.looking() as session:
        (id,) = session.scalars(select(Picture.id))
    drill = answer(store, index, "What do I have to do in a fire drill?", reader())
    assert [(each[0], each[1]) for cited in drill.citations for each in cited.pictures] == [(id, "")]
    cups = answer(store, index, "Who has to wash the cups?", reader())
    assert [each.pictures for each in cups.citations if each.heading.endswith("Kitchen")] == [()]


def test_a_picture_beside_a_paragraph_comes_after_it_and_leaves_it_whole() -> None:
    found = held(
        pdf(
            [
                heads(60, "Fire drill"),
                *(says(90 + 14 * nth, f"This is line {nth} of what is to be done.") for nth in range(6)),
                shows(85, image("teal"), left=350),
                shows(230, image("navy")),
                heads(240, "Kitchen"),
                says(400, CUPS),
            ]
        )
    )
    lines = " ".join(f"This is line {nth} of what is to be done." for nth in range(6))
    (first, _), (second, _) = found.pictures
    parts = ["## Fire drill", lines, f"![]({first})", "## Kitchen", f"![]({second})", CUPS]
    assert found.text.split("\n\n") == parts


def test_a_picture_at_the_end_of_a_page_comes_before_the_next_one_and_after_a_table() -> None:
    rows = [says(100 + 15 * nth, f"Room {nth}") for nth in range(3)]
    seats = [says(100 + 15 * nth, f"{nth} seats", left=300) for nth in range(3)]
    found = held(
        pdf(
            [says(60, "Where people sit in the new house, by room."), *rows, *seats, shows(400, image("teal"))],
            [heads(60, "Kitchen"), says(90, CUPS)],
        )
    )
    table, picture, heading = found.text.split("\n\n")[1:4]
    assert table.startswith("| Room 0 | 0 seats |")
    assert (picture, heading) == (f"![]({found.pictures[0][0]})", "## Kitchen")


def test_a_picture_that_is_shown_again_elsewhere_is_no_logo() -> None:
    plan = image("teal")
    pages = [[says(60, CUPS), shows(100, plan)], [says(60, DRILL), shows(300, plan)]]
    assert held(pdf(*pages)).text.count("![]") == 2
    assert held(pdf(pages[0], pages[0])).text.count("![]") == 0


@pytest.mark.parametrize(
    "draw",
    [
        shows(0, image("teal"), wide=600, high=800, left=0),
        shows(100, image("teal"), wide=30, high=20),
        shows(100, image("teal", size=(12, 12))),
        shows(100, image("teal"), wide=400, high=3),
        shows(100, image("yellow")),
        shows(900, image("teal")),
    ],
    ids=["a background", "an icon", "a few pixels", "a rule", "one colour", "beyond the paper"],
)
def test_what_is_no_picture_is_left_out(draw: Draw) -> None:
    assert held(pdf([draw, says(60, CUPS), says(90, DRILL)])).text == f"{CUPS}\n\n{DRILL}"


def test_a_scanned_page_is_no_picture() -> None:
    content = pdf([says(90, CUPS), shows(110, image("teal"))])
    scanned = [Page(1, 600, 800, (), PICTURE)]
    assert Pdf(content).illustrated(scanned, until=time.monotonic() + 60) == scanned


def test_what_is_cut_off_or_blacked_out_on_the_page_is_not_shown() -> None:
    def cut(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.rect(60, 600, 100, 100)
        canvas.saveState()
        canvas.clipPath(path, stroke=0)
        shows(100, image("teal", size=(400, 400)), wide=400, high=400)(canvas)
        canvas.rect(100, 620, 40, 40, fill=1)
        canvas.restoreState()

    (picture,) = drawn(pdf([heads(60, "Salaries"), cut, says(600, CUPS)]))
    assert abs(picture.width - picture.height) <= 1
    assert colours(picture, (0.1, 0.1), (0.6, 0.6), (0.6, 0.1)) == [YELLOW, BLACK, YELLOW]


def test_a_mask_a_form_and_a_turned_page_are_drawn_as_they_are_seen() -> None:
    clear = Image.new("RGBA", (200, 120), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((100, 0, 200, 120), fill="teal")
    masked = io.BytesIO()
    clear.save(masked, "PNG")

    def inside(canvas: Canvas) -> None:
        canvas.beginForm("plan")
        shows(690, image("navy"), left=10, wide=100, high=60)(canvas)
        canvas.endForm()
        canvas.saveState()
        canvas.translate(100, 200)
        canvas.scale(2, 2)
        canvas.doForm("plan")
        canvas.restoreState()

    content = pdf([says(60, CUPS), shows(100, masked.getvalue()), inside, says(700, DRILL)])
    first, second = drawn(content)
    assert colours(first, (0.2, 0.5), (0.8, 0.5)) == [WHITE, TEAL]
    assert colours(second, (0.1, 0.1), (0.5, 0.5)) == [YELLOW, (0, 0, 128)]
    file = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    file.pages[0].rotate(180)
    out = io.BytesIO()
    file.write(out)
    turned = Pdf(out.getvalue()).illustrated([Page(1, 600, 800, ())], until=time.monotonic() + 60)[0]
    assert [round(each.box.top) for each in turned.illustrations] == [300, 580]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("paper", [(0, 0, 600, 800), (-30, -70, 650, 820), (30, 20, 650, 820)], ids=str)
@pytest.mark.parametrize("cut", [(0, 0, 600, 800), (50, 50, 500, 750)], ids=str)
def test_a_picture_stands_where_the_words_of_its_page_say(
    turn: int, paper: tuple[int, ...], cut: tuple[int, ...]
) -> None:
    file = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([says(60, CUPS), shows(100, image("teal"))])))
    page = file.pages[0]
    page.mediabox, page.cropbox = (RectangleObject(each) for each in (paper, cut))
    page.rotate(turn)
    out = io.BytesIO()
    file.write(out)
    (shown,) = Pdf(out.getvalue()).illustrated([Page(1, 600, 800, ())], until=time.monotonic() + 60)[0].illustrations
    with pdfplumber.open(out) as document:
        (wanted,) = document.pages[0].images
    box = shown.box
    assert [round(each) for each in (box.left, box.top, box.right, box.bottom)] == [
        round(wanted[each]) for each in ("x0", "top", "x1", "bottom")
    ]


def test_a_picture_in_strips_is_one() -> None:
    strips = [shows(100 + 10 * nth, image("teal", noise=nth), high=10) for nth in range(12)]
    (picture,) = drawn(pdf([says(60, CUPS), *strips]))
    assert round(picture.width / picture.height, 1) == 1.7


def test_a_broken_image_stops_nothing() -> None:
    photo = image("navy", sort="JPEG")
    content = pdf([says(60, CUPS), shows(100, photo), shows(300, image("teal")), says(600, DRILL)])
    at = content.index(b"DCTDecode")
    start = content.index(b"stream", at) + 7
    broken = (
        content[:start]
        + b"~" * (content.index(b"endstream", start) - start)
        + content[content.index(b"endstream", start) :]
    )
    found = held(broken)
    assert found.text == f"{CUPS}\n\n![]({found.pictures[0][0]})\n\n{DRILL}"
    assert colours(drawn(broken)[0], (0.5, 0.5)) == [TEAL]


def photos(pages: int, each: int) -> Iterator[list[Draw]]:
    """Pages with so many pictures each, no two alike."""
    for page in range(pages):
        noise = [Image.frombytes("RGB", (16, 12), random.Random(10 * page + nth).randbytes(576)) for nth in range(each)]
        out = [io.BytesIO() for _ in noise]
        for made, file in zip(noise, out, strict=True):
            made.resize((160, 120)).save(file, "PNG")
        yield [
            says(40, f"Page {page} tells what people do on day {page} at work."),
            *(shows(60 + 110 * nth, file.getvalue(), wide=100 + 10 * nth, high=100) for nth, file in enumerate(out)),
        ]


def test_the_largest_few_of_a_page_are_kept() -> None:
    widths = [each.width / each.height for each in drawn(pdf(*photos(1, 6)))]
    assert [round(each, 1) for each in widths] == [1.2, 1.3, 1.4, 1.5]


def test_a_document_keeps_so_many_and_so_much_and_takes_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Pdf(pdf(*photos(4, 2)))
    pages = [Page(number, 600, 800, ()) for number in range(1, 5)]

    def kept(**more: float) -> list[int]:
        shown = opened.illustrated(pages, **({"until": time.monotonic() + 60} | more))
        return [len(each.illustrations) for each in shown]

    assert kept() == [2, 2, 2, 2]
    assert kept(until=time.monotonic() - 1) == [0, 0, 0, 0]
    monkeypatch.setattr(embedded, "MOST", 5)
    assert kept() == [2, 2, 1, 0]
    first, second = opened.illustrated(pages, until=time.monotonic() + 60)[0].illustrations
    monkeypatch.setattr(embedded, "LARGEST", len(first.address) + len(second.address))
    assert kept() == [2, 0, 0, 0]
    monkeypatch.setattr(embedded, "PIECES", 1)
    assert kept() == [0, 0, 0, 0]


def test_a_link_is_never_in_what_a_picture_holds() -> None:
    leads = partial(Canvas.linkURL, url="https://files.example/png", rect=(60, 480, 300, 520))
    found = held(pdf([says(60, CUPS), shows(100, image("teal")), says(300, "png"), leads, says(700, DRILL)]))
    place = found.pictures[0][0]
    assert found.text.split("\n\n")[1:3] == [f"![]({place})", "[png](https://files.example/png)"]


def test_a_receipt_is_read_without_its_pictures(tmp_path: Path) -> None:
    assert [each.illustrations for each in reading.here(book()).pages] == [(), ()]
    with_them = reading.here(book(), illustrated=True)
    assert [len(each.illustrations) for each in with_them.pages] == [0, 1]
    assert with_them.from_doc(with_them.as_doc()) == with_them

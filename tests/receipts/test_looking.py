"""Pictures are really looked at: upright, turned, tilted and as a camera holds them; small ones from nearer."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from knowledge.pages import Paper, reading
from knowledge.pages.hashing import picture_hash
from knowledge.receipts.comparing import apart
from knowledge.receipts.understanding import understand
from tests.receipts.drawn import CAFE, pdf, picture, saved


def total_of(paper: Paper) -> tuple[str | None, date | None, Decimal | None]:
    words = {"day_first": True, "currency": "EUR", "our_tax_ids": (), "today": date(2026, 11, 24)}
    receipt = understand(paper, **words)  # pyright: ignore[reportArgumentType]
    return receipt.merchant, receipt.day, receipt.total


RIGHT = ("CASA LUIS COMIDAS S.L.", date(2026, 11, 17), Decimal("28.60"))


@pytest.mark.parametrize(
    ("turn", "turned"),
    [(Image.Transpose.ROTATE_90, 90), (Image.Transpose.ROTATE_180, 180)],
)
def test_a_page_is_read_however_it_lies(turn: Image.Transpose, turned: int) -> None:
    paper = reading.here(saved(picture().transpose(turn)))
    assert total_of(paper) == RIGHT
    assert paper.pages[0].turned == turned


def test_a_small_tilted_receipt_on_a_large_sheet_turned_by_the_camera_is_read() -> None:
    sheet = Image.new("RGB", (1700, 2400), "white")
    sheet.paste(picture(size=22).rotate(5, expand=True, fillcolor="white"), (300, 400))
    camera = Image.Exif()
    camera[0x0112] = 6
    held = sheet.transpose(Image.Transpose.ROTATE_90)
    paper = reading.here(saved(held, exif=camera))
    assert total_of(paper) == RIGHT
    assert paper.pages[0].turned == 0
    assert paper.pages[0].height < 1400


def test_a_photo_of_a_telephone_that_was_held_sideways_is_read() -> None:
    paper = reading.here((Path(__file__).parent / "files" / "photo.heic").read_bytes())
    assert (paper.sort, paper.in_all, paper.pages[0].turned) == ("heic", 1, 0)
    assert total_of(paper) == RIGHT


def test_a_scan_in_a_pdf_is_looked_at_and_one_with_text_is_not() -> None:
    scan, text = reading.here(saved(picture(), "PDF")), reading.here(pdf())
    assert (scan.pages[0].how, text.pages[0].how) == ("picture", "text")
    assert total_of(scan) == total_of(text) == RIGHT


def test_the_hash_of_a_copy_is_near_and_of_another_receipt_is_not() -> None:
    first = picture()
    copy = first.resize((first.width // 2, first.height // 2)).point([each * 7 // 10 for each in range(256)] * 3)
    other = picture(CAFE.replace("Cafe solo", "Tarta de queso casera").replace("   Gracias por su visita\n", ""))
    assert apart(picture_hash(first), picture_hash(copy)) <= 14
    assert apart(picture_hash(first), picture_hash(other)) > 20


def test_rows_keep_what_stands_side_by_side_together() -> None:
    assert "TOTAL EUR  28,60" in reading.here(pdf()).text.split("\n")

"""Drill: twenty photos in one message, really read, while a colleague goes on chatting: the demo as people start it."""

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.test_journey import CHROMIUM, WAIT, Demo, write
from tests.receipts.drawn import picture, saved
from tests.waiting import until

pytestmark = [
    pytest.mark.drill,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install chromium"),
]

COUNT = 20
RECEIPT = """
   TABERNA {name} S.L.
   Calle Mayor {nth}, 28013 Madrid
   Factura simplificada: T-{nth:06}
   Fecha: {day:%d/%m/%Y}  14:22
   Menu del dia            {total}
   TOTAL EUR               {total}
   Tarjeta                 {total}
   Gracias por su visita
"""
NAMES = ("LUIS", "NORTE", "SOL", "LUNA", "PUERTO")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    yield demo
    demo.stop()


@pytest.fixture
def people(demo: Demo) -> Iterator[tuple[Page, Page]]:
    """Priya and Tom, each at their own page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        context.set_default_timeout(WAIT)
        pages = (context.new_page(), context.new_page())
        for page, handle in zip(pages, ("priya.nair", "tom.becker"), strict=True):
            page.goto(f"{demo.address}/as/{handle}/")
        yield pages
        browser.close()


def answered(page: Page) -> float:
    """After how many seconds a question is answered."""
    before, begun = page.locator(".post").count(), time.monotonic()
    write(page, "how many vacation days do I have left?")
    expect(page.locator(".post").nth(before)).to_contain_text("days")
    return time.monotonic() - begun


def test_twenty_photos_are_worked_off_in_order_while_others_are_answered(
    people: tuple[Page, Page], tmp_path: Path
) -> None:
    priya, tom = people
    amounts = [f"{nth + 10}.{nth:02}" for nth in range(COUNT)]
    photos = [tmp_path / f"{nth:02}.jpg" for nth in range(COUNT)]
    for nth, photo in enumerate(photos):
        day, total = date.today() - timedelta(days=nth + 1), amounts[nth].replace(".", ",")  # noqa: DTZ011
        photo.write_bytes(saved(picture(RECEIPT.format(name=NAMES[nth % 5], nth=nth + 1, day=day, total=total))))
    quiet = [answered(tom) for _ in range(6)]

    seen: list[int] = []
    busy: list[float] = []
    priya.locator("#files").set_input_files(photos)
    priya.get_by_role("button", name="Send message").click()
    card = priya.locator(".card", has=priya.locator("button[data-verb=discard]"))

    def is_read() -> bool:
        busy.append(answered(tom))
        seen.extend(map(int, re.findall(rf"(\d+) of {COUNT} done", priya.locator("#scroll").inner_text())))
        return card.count() > 0

    until(is_read, seconds=600, what="reading twenty receipts")
    read = re.findall(r"€(\d+\.\d\d)", card.last.inner_text())
    assert [each for each in read if each in amounts] == amounts
    assert f"€{sum(map(Decimal, amounts))}" in card.last.inner_text()
    assert seen == sorted(seen)
    assert len(set(seen)) > COUNT // 3
    assert median(busy) < 3 * median(quiet) + 1, (quiet, busy)

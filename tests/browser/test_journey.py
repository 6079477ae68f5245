"""The journey in a real browser: the demo is started as people start it, and two people work together in it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.rules.sources import ROOT
from tests.waiting import until

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
WAIT = 60_000
"""Milliseconds: the first message waits until the models are loaded."""

expect.set_options(timeout=WAIT)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium here: install chromium, or set BACKDESK_REQUIRE_BROWSER=1"
    ),
]


class Demo:
    """The real demo process in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.lines: list[str] = []
        self.address = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "backdesk", "demo", "--no-browser", "--port", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BACKDESK_")}
        environment["PYTHONPATH"] = str(ROOT)
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._running = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._running.wait(180), "".join(self.lines)
        assert any(self.address in line for line in self.lines), "".join(self.lines)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if "export BACKDESK_HOME=" in line:
                self._running.set()
        self._running.set()

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        self.process.terminate()
        code = self.process.wait(30)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    demo = Demo(folder)
    yield demo
    demo.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.set_default_timeout(WAIT)
    yield context
    context.close()


Scheme = Literal["light", "dark"]
Play = Callable[[str], Page]


@pytest.fixture
def play(context: BrowserContext, demo: Demo) -> Iterator[Play]:
    """Opens a tab as somebody; whatever goes wrong on a page fails the test."""
    wrong: list[str] = []

    def open_(handle: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"{demo.address}/as/{handle}/")
        expect(page.get_by_label("Write a message")).to_be_focused()
        return page

    yield open_
    assert wrong == []


def write(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_role("button", name="Send message").click()


def goes_back_to(page: Page, label: str) -> bool:
    """Goes one step back with the keyboard; true once it stands on what is called so."""
    page.keyboard.press("Shift+Tab")
    return page.evaluate("document.activeElement.textContent") == label


def picture(page: Page) -> None:
    page.screenshot(path=ROOT / "docs" / "demo.png", animations="disabled")


def nothing(page: Page) -> None:
    """Takes no picture."""


TAKE = picture if os.environ.get("BACKDESK_PICTURE") == "1" else nothing


def test_a_question_a_request_and_a_decision(play: Play, context: BrowserContext) -> None:
    ana, maria = play("ana.costa"), play("maria.silva")
    expect(ana.locator(".chip")).to_have_count(3)
    write(ana, "How many days of vacation can I carry over?")
    source = ana.locator(".source").first
    expect(source).to_be_visible(timeout=WAIT)
    with context.expect_page() as opened:
        source.click()
    page = opened.value
    page.wait_for_load_state()
    mark = page.evaluate("decodeURIComponent(location.hash.slice(1))")
    heading = page.locator(f'[id="{mark}"]')
    expect(heading).to_be_in_viewport()
    assert page.evaluate("document.querySelector(':target') !== null")
    page.close()

    write(ana, "I need Thursday off")
    ana.get_by_role("button", name="Vacation").click()
    send = ana.get_by_role("button", name="Send to Maria Silva")
    expect(send).to_be_in_viewport()
    TAKE(ana)
    send.click()
    expect(ana.locator('.card[data-state="pending"]')).to_have_count(1)
    reference = ana.locator('.card[data-state="pending"]').get_attribute("data-ref")

    card = maria.locator(f'.card[data-ref="{reference}"]')
    expect(card).to_contain_text("Ana Costa: Time off")
    expect(card).to_contain_text("Balance afterwards")
    card.get_by_role("button", name="Approve").click()
    expect(maria.locator(f'.card[data-ref="{reference}"]')).to_have_attribute("data-state", "approved")

    expect(ana.locator(f'.card[data-ref="{reference}"]').last).to_have_attribute("data-state", "approved")
    expect(
        ana.get_by_text(re.compile(rf"Maria Silva approved {reference}.*You have [\d.]+ days? left"))
    ).to_be_visible()
    ana.reload()
    expect(ana.get_by_text("I need Thursday off", exact=True).last).to_be_visible()
    expect(ana.locator(f'.card[data-ref="{reference}"]').last).to_have_attribute("data-state", "approved")


def test_a_double_click_sends_once(play: Play) -> None:
    tom = play("tom.becker")
    write(tom, "I need next Wednesday off")
    tom.get_by_role("button", name="Personal day").dblclick()
    tom.get_by_role("button", name="Send to Maria Silva").dblclick()
    expect(tom.locator('.card[data-state="pending"]')).to_have_count(1)
    write(tom, "thank you")
    expect(tom.locator(".said")).to_have_count(2)
    expect(tom.locator(".post").last).to_be_visible()
    expect(tom.locator('.card[data-state="pending"]')).to_have_count(1)
    expect(tom.locator(".refusal")).to_have_count(0)


def test_an_open_form_outlives_its_card(play: Play) -> None:
    sofia = play("sofia.almeida")
    write(sofia, "I need 14 December off")
    choice = sofia.get_by_role("button", name="Vacation")
    expect(choice).to_be_visible(timeout=WAIT)
    sofia.locator("summary", has_text="Change").last.click()
    sofia.get_by_label("Last day").fill("2026-12-15")
    choice.dispatch_event("click")
    expect(sofia.locator("summary", has_text="Change")).to_have_count(1)
    expect(sofia.locator('button[data-verb="submit"]')).to_be_visible()
    expect(sofia.get_by_label("Last day")).to_have_value("2026-12-15")
    expect(sofia.get_by_label("Kind of leave")).to_have_value("vacation")
    sofia.get_by_role("button", name="Save").click()
    expect(sofia.get_by_text("Vacation, Mon 14 Dec to Tue 15 Dec 2026").last).to_be_visible()
    expect(sofia.get_by_label("Last day")).to_be_hidden()


def test_by_keyboard_alone(play: Play) -> None:
    priya = play("priya.nair")
    box = priya.get_by_label("Write a message")
    priya.keyboard.type("I need")
    priya.keyboard.press("Shift+Enter")
    priya.keyboard.type("next Friday off")
    expect(box).to_have_value("I need\nnext Friday off")
    priya.keyboard.press("Enter")
    expect(box).to_have_value("")
    choice = priya.get_by_role("button", name="Vacation")
    expect(choice).to_be_visible(timeout=WAIT)
    until(lambda: goes_back_to(priya, "Vacation"), what="reaching the choice with Shift and Tab")
    expect(choice).to_be_focused()
    assert priya.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    priya.keyboard.press("Enter")
    send = priya.get_by_role("button", name="Send to Maria Silva")
    expect(send).to_be_visible()
    expect(priya.locator(".post", has=send)).to_be_focused()
    priya.keyboard.press("Tab")
    expect(send).to_be_focused()
    priya.keyboard.press("Tab")
    priya.keyboard.press("Enter")
    expect(priya.get_by_label("Kind of leave")).to_be_focused()
    priya.keyboard.press("Escape")
    expect(priya.get_by_label("Kind of leave")).to_be_hidden()
    priya.keyboard.press("Shift+Tab")
    priya.keyboard.press("Enter")
    expect(priya.locator('.card[data-state="pending"]')).to_have_count(1)


@pytest.mark.parametrize(("scheme", "who"), [("light", "jonas.weber"), ("dark", "ben.carter")])
def test_nothing_runs_off_a_phone(browser: Browser, demo: Demo, scheme: Scheme, who: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 720}, color_scheme=scheme, has_touch=True)
    context.set_default_timeout(WAIT)
    phone = context.new_page()
    for path in ("/", f"/as/{who}/", f"/as/{who}/handbook", f"/as/{who}/handbook/time-off.md"):
        phone.goto(demo.address + path)
        assert phone.evaluate("document.documentElement.scrollWidth") == 360
    phone.goto(f"{demo.address}/as/{who}/")
    write(phone, "I need next Monday off " + "averylongwordwithoutanyspaces" * 20)
    phone.get_by_role("button", name="Vacation").last.click()
    expect(phone.locator('button[data-verb="submit"]').last).to_be_visible()
    phone.locator("summary", has_text="Change").last.click()
    expect(phone.get_by_label("First day").last).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    assert phone.evaluate("document.getElementById('scroll').scrollWidth") <= 360
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dark_is_dark_and_both_can_be_read(browser: Browser, demo: Demo, scheme: Scheme) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{demo.address}/as/ana.costa/")
    found = page.evaluate(CONTRASTS)
    assert found["dark"] == (scheme == "dark")
    assert min(found["ratios"].values()) >= 4.5, found["ratios"]
    context.close()


CONTRASTS = """() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const hex = style.getPropertyValue('--' + name).trim().slice(1);
    const [r, g, b] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pairs = [['ink', 'paper'], ['ink', 'surface'], ['muted', 'paper'], ['muted', 'surface'],
    ['muted', 'quiet-soft'], ['on-accent', 'accent'], ['on-bubble', 'bubble'],
    ['accent-ink', 'surface'], ['accent-ink', 'accent-soft'],
    ['accent-ink', 'paper'], ['good', 'good-soft'], ['bad', 'bad-soft'], ['bad', 'surface'], ['wait', 'wait-soft']];
  const ratios = {};
  for (const [one, other] of pairs) {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    ratios[one + ' on ' + other] = (high + 0.05) / (low + 0.05);
  }
  return { dark: light('paper') < 0.1, ratios };
}"""


def test_a_message_that_could_not_be_sent_is_kept(play: Play, context: BrowserContext) -> None:
    lucia = context.new_page()
    lucia.goto(play("lucia.fernandez").url)
    lucia.route("**/say", lambda route: route.abort())
    write(lucia, "Is anybody there?")
    expect(lucia.get_by_role("alert")).to_contain_text("That was not sent; your text is kept.")
    expect(lucia.get_by_label("Write a message")).to_have_value("Is anybody there?")
    expect(lucia.locator(".said")).to_have_count(0)
    lucia.unroute("**/say")
    lucia.get_by_label("Write a message").press("Enter")
    expect(lucia.locator(".said")).to_have_count(1)
    expect(lucia.get_by_label("Write a message")).to_have_value("")


def test_a_picture_is_dropped_in_and_a_large_one_is_refused(play: Play, tmp_path: Path) -> None:
    diego = play("diego.romero")
    large = tmp_path / "large.png"
    large.write_bytes(b"x" * (20 * 1024 * 1024 + 1))
    small = tmp_path / "taxi.png"
    small.write_bytes(b"\x89PNG\r\n\x1a\n")
    diego.locator("#files").set_input_files(large)
    expect(diego.get_by_role("alert")).to_contain_text("large.png is larger than 20 MB")
    diego.locator("#files").set_input_files(small)
    expect(diego.get_by_text("taxi.png")).to_be_visible()
    write(diego, "my taxi receipt")
    expect(diego.locator(".said a", has_text="taxi.png")).to_be_visible(timeout=WAIT)


def test_the_second_start_answers_quickly_and_what_was_said_is_there(
    demo: Demo, folder: Path, browser: Browser
) -> None:
    assert demo.stop() == 0
    began = time.monotonic()
    again = Demo(folder)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{again.address}/as/ana.costa/")
    seconds = time.monotonic() - began
    write(page, "how many vacation days do I have left?")
    expect(page.get_by_text("I need Thursday off", exact=True).last).to_be_visible()
    expect(page.locator("#typing")).to_be_visible()
    expect(page.locator(".post").last).to_contain_text("days", timeout=WAIT)
    context.close()
    again.stop()
    assert seconds < 15  # it takes 1 to 2 s where nothing else runs

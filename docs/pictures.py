"""Draws each card as Slack and Telegram show it: `make pictures` writes docs/pictures/ and docs/cards.md.

The cards come from the small company of the tests, by the same code that posts them. It needs Chromium, and fonts with
emoji; with Lato and Roboto they look as they do there.
"""

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import backdesk  # puts the folders on the path
from backend import people
from backend.clock import StillClock
from backend.fillings import Filling
from backend.forms import Data
from backend.schema import migrate
from backend.store import Store
from bot import home
from bot.channels import slack_blocks, slack_forms, slack_home, telegram_forms, telegram_markup
from bot.channels.slack_blocks import Look
from bot.message import Button, Post
from docs import drawing
from docs.drawing import slack_home as home_in_slack
from docs.drawing import slack_message, slack_window, telegram_message
from knowledge.publishing import publish_all
from tests.knowledge.conftest import LEAVE, doc
from tests.office import Office, hire

ROOT = Path(backdesk.__file__).resolve().parent.parent
FOLDER, PAGE = ROOT / "docs" / "pictures", ROOT / "docs" / "cards.md"
NOW = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
WEB = "https://desk.example.com"

TOP = """# What people see

Each card as Slack and Telegram show it, drawn by `make pictures` from what is really sent. The web chat shows the same.
"""


@dataclass(frozen=True)
class Scene:
    """One of the pictures: its name, what it shows, and how each platform shows it ("" where it has no such thing)."""

    name: str
    title: str
    slack: str
    telegram: str


def scenes(office: Office) -> Iterator[Scene]:
    """A few days in the office, as the people there see them."""
    yield _post("hello", "The first time somebody writes", office.opens("ana")[-1])
    day = {"leave_type": "vacation", "start": "2026-12-03", "end": "2026-12-04"}
    office.says("ana", "I need Thursday and Friday next week off", meant=[("time_off.submit", day)])
    yield _post("draft", "A request, before it is sent", office.shown("ana")[-1])
    yield _form(office, "ana", "change", "form", "Changing it")
    office.presses("ana", "submit")
    yield _post("asked", "Whoever decides is asked", office.shown("maria")[-1])
    office.presses("maria", "send_back", values={"comment": "Who covers for you on Friday?"})
    yield _post("question", "A question is sent back", office.shown("ana")[-1])
    office.presses("ana", "answer", values={"comment": "Tom does"})
    office.presses("maria", "approve")
    yield _post("approved", "It is approved", _card(office, "ana"))
    desks = [
        {"item": "standing desk", "quantity": 1, "total": "400"},
        {"item": "desk lamp", "quantity": 2, "total": "60"},
    ]
    office.says("tom", "a desk and two lamps", meant=[("purchase.submit", {"lines": desks})])
    office.presses("tom", "submit")
    yield _post("purchase", "A purchase of several lines", _card(office, "maria"))
    yield _form(office, "maria", "decide_lines", "lines", "Deciding line by line")
    office.presses("maria", "reject", values={"comment": "There are lamps in the cellar."})
    yield _post("rejected", "It is rejected", _card(office, "tom"))
    taxi = {
        "amount": "23.50",
        "currency": "EUR",
        "date": "2026-11-20",
        "merchant": "Radio Taxi",
        "category": "transport",
    }
    office.says("ana", "taxi 23.50 on Friday", meant=[("expense.submit", taxi)])
    yield _post("expense", "An expense", office.shown("ana")[-1])
    office.presses("ana", "submit")
    publish_all(office.store, [doc(LEAVE, "leave.md")], by=None)
    office.says("ana", "how many days of paid vacation do I have?", meant=[("policy.ask", {})])
    yield _post("policy", "A question about the handbook", office.shown("ana")[-1])
    office.says("ana", "how many days are left?", meant=[("time_off.balance", {})])
    yield _post("balance", "How much leave is left", office.shown("ana")[-1])
    for who in ("tom", "ana"):
        later = {"leave_type": "vacation", "start": "2026-12-17", "end": "2026-12-18"}
        office.says(who, "the week before Christmas", meant=[("time_off.submit", later)])
        office.presses(who, "submit")
    office.advance(days=1, hours=3)
    yield _post("digest", "What waits, reminded of at once", office.shown("maria")[-1])
    sick = {"leave_type": "sick", "start": "2026-11-25", "end": "2026-11-25"}
    office.says("ana", "I am ill today", meant=[("time_off.submit", sick)])
    yield _post("hidden", "What is not for this channel", office.shown("ana")[-1])
    person = _person(office, "maria")
    drawn = slack_home.drawn(home.page(office.app, person, channel="memory"), person)
    yield Scene("home", "Home, in Slack", home_in_slack(drawn, id="home-slack"), "")
    office.app.index.close()


def _card(office: Office, who: str) -> Post:
    """The newest post with a card of a request, as somebody sees it."""
    return next(each for each in reversed(office.shown(who)) if each.card is not None)


def _post(name: str, title: str, post: Post) -> Scene:
    shown = slack_blocks.messages(post, Look(post.language, WEB))
    return Scene(
        name,
        title,
        slack_message(shown, id=f"{name}-slack"),
        telegram_message(telegram_markup.html(post), telegram_markup.rows_of(post), id=f"{name}-telegram"),
    )


def _form(office: Office, who: str, verb: str, name: str, title: str) -> Scene:
    """A form: a window in Slack, and on Telegram the calendar of its first day, or the form as it begins."""
    button, card = office.button(who, verb), office.card(who)
    filling = _filling(button)
    asked = telegram_forms.Asked("en", NOW.date())
    filling.field = next((each.name for each in button.form or () if each.widget == "date"), "")
    text, rows = telegram_forms.view(card, button, filling, asked)
    window = slack_window(slack_forms.modal(button, Look("en", WEB), post=1), id=f"{name}-slack")
    return Scene(name, title, window, telegram_message([text], rows, id=f"{name}-telegram"))


def _filling(button: Button) -> Filling:
    values, lines = telegram_forms.opened(button)
    return Filling(
        id=1, token=button.token, post=1, message="1", values=values, lines=lines, line=None, field="", page=""
    )


def _person(office: Office, who: str) -> people.Person:
    with office.store.looking() as session:
        return people.find(session, who)


def shoot(drawn: list[Scene]) -> None:
    """Takes a picture of every drawing, with few colours: they are to be small."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    chromium = next(
        (found for each in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(each))), None
    )
    if chromium is None:
        sys.exit("It needs Chromium, which is not here.")
    if "Emoji" not in subprocess.run(["fc-list", ":lang=und-zsye"], capture_output=True, text=True, check=False).stdout:
        sys.exit(
            "It needs a font with emoji (fonts-noto-color-emoji), which is not here: the marks would be empty boxes."
        )
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900}, device_scale_factor=1.5)
        page.set_content(drawing.page("".join(each.slack + each.telegram for each in drawn)))
        for section in page.query_selector_all("section"):
            picture = Image.open(io.BytesIO(section.screenshot()))
            few = picture.convert("RGB").quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            few.save(FOLDER / f"{section.get_attribute('id')}.png", optimize=True)
        browser.close()


def write(drawn: list[Scene]) -> None:
    """Writes the page that shows them."""
    rows = [TOP]
    for each in drawn:
        rows.append(f"## {each.title}\n")
        columns = [(name, shown) for name, shown in (("Slack", each.slack), ("Telegram", each.telegram)) if shown]
        rows.append("| " + " | ".join(name for name, _ in columns) + " |\n|" + "---|" * len(columns))
        cells = [f"![{each.title}, in {name}](pictures/{each.name}-{name.lower()}.png)" for name, _ in columns]
        rows.append("| " + " | ".join(cells) + " |\n")
    PAGE.write_text("\n".join(rows).rstrip() + "\n", encoding="utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/backdesk.db"
        store = Store(url)
        migrate(store)
        store.close()
        with hire(url, home=Path(folder) / "home", clock=StillClock(NOW)) as office:
            office.channel.ceiling = Data.PRIVATE
            drawn = list(scenes(office))
    shoot(drawn)
    write(drawn)
    print(f"{len(drawn)} scenes in docs/cards.md")


if __name__ == "__main__":
    main()

"""What Slack shows besides messages: the home of each person, links to requests, and news of the workspace itself."""

import re
from typing import Any

import structlog

from backend import people
from backend.connections import Watched
from backend.outbox import CannotDeliver, TryLater
from backend.people import Person
from backend.refusals import Refusal
from backend.words import say
from bot import home
from bot.app import App
from bot.channels.slack import NAME, Slack
from bot.channels.slack_blocks import IN_A_ROW, MOST_BLOCKS, Block, paragraphs, plain, rich, section, small, words
from bot.channels.slack_calls import calling
from bot.channels.slack_members import Members
from bot.channels.slack_reading import Came, Doc

log = structlog.get_logger()

MOST_SHOWN = 20
"""Requests with a button of their own at home; the others are in the text."""
_REF = re.compile(r"\b([A-Z]{2})-(\d{1,9})\b")


class Home:
    """Draws homes and links. Every method may take a while and is called in a thread."""

    def __init__(self, app: App, slack: Slack, members: Members) -> None:
        self.app, self.slack, self.members = app, slack, members

    def publish(self, came: Came) -> None:
        """Draws somebody's home anew; a stranger's says why it is empty."""
        try:
            self.members.check(came.account, came.teams)
            with self.app.store.looking() as session:
                person = people.who_is(session, channel=NAME, account=came.account)
            blocks = drawn(home.page(self.app, person, channel=NAME), person)
        except Refusal as refusal:
            blocks = paragraphs(say(self.members.language(came.account), refusal.text, **refusal.values))
        try:
            with calling():
                self.slack.client.views_publish(user_id=came.account, view={"type": "home", "blocks": blocks})
        except (TryLater, CannotDeliver) as error:
            log.warning("a home could not be drawn in Slack", account=came.account, why=str(error))

    def unfurl(self, event: Doc) -> None:
        """Under a link to a request: its number, and a button. What it says is for those whom it concerns."""
        shown: dict[str, Any] = {}
        web = self.app.settings.public_url.rstrip("/")
        for each in event.get("links") or ():
            found = _REF.search(str(each.get("url", "")))
            if found and web and str(each["url"]).startswith(web + "/"):
                shown[str(each["url"])] = {"blocks": _linked(found[0], int(found[2]))}
        if not shown:
            return
        place: dict[str, Any] = {"channel": event.get("channel"), "ts": event.get("message_ts")}
        if event.get("unfurl_id") and event.get("source"):
            place = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
        try:
            with calling():
                self.slack.client.chat_unfurl(unfurls=shown, **place)
        except (TryLater, CannotDeliver) as error:
            log.info("a link could not be shown in Slack", why=str(error))

    def changed(self, event: Doc, watched: Watched) -> None:
        """News of the workspace: somebody left or became a guest, we were removed from a channel, or altogether."""
        match event["type"]:
            case "user_change" | "user_status_changed" | "team_join":
                user: Doc = event.get("user") or {}
                account = str(user.get("id") or "")
                self.members.changed(account)
                if user.get("deleted") or user.get("is_restricted") or user.get("is_ultra_restricted"):
                    self.members.forget(account)
            case "tokens_revoked" | "app_uninstalled":
                watched.down("the app was removed from Slack: install it again, and set SLACK_BOT_TOKEN")
            case "channel_left" | "group_left" | "channel_archive" | "group_archive" | "channel_deleted":
                watched.trouble(f"Backdesk can no longer write to the channel {event.get('channel')}: invite it again")
            case _:
                return


def drawn(page: home.Page, person: Person) -> list[Block]:
    """A home as blocks: what waits first, then requests and balance, and what can be begun."""
    out: list[Block] = []
    tasks = [_button(each.label, f"call:{each.tool}:{nth}", each.tool) for nth, each in enumerate(page.tasks)]
    for at in range(0, len(tasks), IN_A_ROW):
        out.append({"type": "actions", "elements": tasks[at : at + IN_A_ROW]})
    for nth, part in enumerate(page.parts):
        out.append({"type": "header", "text": plain(part.title, 150)})
        out += paragraphs(part.text) or [rich(section(words("–")))]
        shown = [
            _button(ref, f"call:show:{nth}.{number}", f"look_requests {number}")
            for number, ref in part.requests[:MOST_SHOWN]
        ]
        for at in range(0, len(shown), IN_A_ROW):
            out.append({"type": "actions", "elements": shown[at : at + IN_A_ROW]})
    if len(out) <= MOST_BLOCKS * 2:
        return out
    return [*out[: MOST_BLOCKS * 2], small(say(person.language, "There is more: write to me, and I'll show you all."))]


def _linked(ref: str, number: int) -> list[Block]:
    text = f"{ref} · Backdesk"
    return [
        rich(section(words(text, "bold"))),
        {"type": "actions", "elements": [_button(ref, "call:show:0", f"look_requests {number}")]},
    ]


def _button(label: str, action: str, value: str) -> Block:
    return {"type": "button", "text": plain(label), "action_id": action, "value": value}

"""What Slack sends, read: who did what, where. Nothing here asks anybody anything."""

import html
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

Doc = dict[str, Any]

MOST_FILES = 20
IGNORED = frozenset({"message_changed", "message_deleted", "message_replied", "bot_message", "assistant_app_thread"})
HEARD = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that somebody wrote; all others are Slack's own words."""


class Sort(StrEnum):
    """What somebody did."""

    SAID = "said"
    PRESSED = "pressed"
    CALLED = "called"
    FETCHED = "fetched"


@dataclass(frozen=True)
class Came:
    """Something that somebody did in Slack, as far as it matters.

    event    Slack's id of it, with ours in front
    account  who did it; `teams` are the workspaces that Slack names for them
    room     the channel or direct messages; thread: where to answer in a channel
    private  true where only this person reads the answer
    at       when, as Slack counts it, to keep the order
    token    of the button; tool: what was chosen from a menu, with `args`
    answer   where an answer for this person alone may be sent ("" if nowhere)
    """

    event: str
    sort: Sort
    account: str
    teams: tuple[str, ...] = ()
    room: str = ""
    thread: str = ""
    private: bool = True
    at: float = 0.0
    text: str = ""
    files: tuple[Doc, ...] = ()
    token: str = ""
    tool: str = ""
    args: tuple[tuple[str, Any], ...] = ()
    answer: str = ""

    @property
    def conversation(self) -> str:
        """What we call where it happened."""
        return self.account if self.private else f"{self.room}:{self.thread}"

    def as_doc(self) -> Doc:
        """As it is kept until it is done."""
        return asdict(self)

    @classmethod
    def from_doc(cls, doc: Doc) -> "Came":
        """What as_doc wrote."""
        args = tuple((str(name), value) for name, value in doc["args"])
        words: Doc = {**doc, "sort": Sort(doc["sort"]), "teams": tuple(doc["teams"]), "files": tuple(doc["files"])}
        words["args"] = args
        return cls(**words)


def message(body: Doc, *, bot: str) -> Came | None:
    """A direct message, or a message in a channel that mentions us; None if it is nobody's or not for us."""
    event: Doc = body["event"]
    mention = event["type"] == "app_mention"
    room = str(event.get("channel", ""))
    direct = event.get("channel_type") == "im" or (not event.get("channel_type") and room.startswith("D"))
    if direct == mention or event.get("subtype", "") not in HEARD or event.get("bot_id") or event.get("user") == bot:
        return None
    if not event.get("user"):
        return None
    ts = str(event.get("ts", ""))
    return Came(
        event=f"slack:{body.get('event_id') or f'{room}:{ts}'}",
        sort=Sort.SAID,
        account=str(event["user"]),
        teams=_teams(event, "user_team", "source_team", "team") or _teams(body, "team_id"),
        room=room,
        thread="" if direct else str(event.get("thread_ts") or ts),
        private=direct,
        at=_moment(ts),
        text=text(str(event.get("text") or ""), bot=bot),
        files=tuple(_file(each) for each in list(event.get("files") or ())[:MOST_FILES]),
    )


def press(body: Doc) -> Came | None:
    """A button that was pressed, in a message or at home; None where there is nothing to do (a link, a choice)."""
    action: Doc = body["actions"][0]
    value = str(action.get("value") or "")
    what = str(action.get("action_id", "")).partition(":")[0]
    sort = {"press": Sort.PRESSED, "choice": Sort.PRESSED, "fetch": Sort.FETCHED, "call": Sort.CALLED}.get(what)
    if sort is None or not value:
        return None
    tool, _, number = value.partition(" ")
    return Came(
        event=f"slack:{action.get('action_ts') or body.get('trigger_id')}:{value}"[:200],
        sort=sort,
        account=str(body["user"]["id"]),
        teams=_teams(body.get("user") or {}, "team_id"),
        room=_room(body),
        at=_moment(action.get("action_ts")),
        token=value,
        tool=tool if sort is Sort.CALLED else "",
        args=(("request_id", int(number)),) if sort is Sort.CALLED and number.isdecimal() else (),
        answer=str(body.get("response_url") or ""),
    )


def form_press(body: Doc) -> Came:
    """A button on which a form opens."""
    action: Doc = body["actions"][0]
    return Came(
        event=f"slack:{body.get('trigger_id')}",
        sort=Sort.PRESSED,
        account=str(body["user"]["id"]),
        teams=_teams(body.get("user") or {}, "team_id"),
        room=_room(body),
        token=str(action.get("value") or ""),
        answer=str(body.get("response_url") or ""),
    )


def form(body: Doc) -> Came:
    """A form that was sent."""
    view: Doc = body["view"]
    return Came(
        event=f"slack:{view.get('id')}:{view.get('hash') or ''}:{body.get('trigger_id') or ''}",
        sort=Sort.PRESSED,
        account=str(body["user"]["id"]),
        teams=_teams(body.get("user") or {}, "team_id"),
    )


def message_ts(body: Doc) -> str:
    """Which message a button stands on, as Slack counts them; "" where it is none."""
    container: Doc = body.get("container") or {}
    message: Doc = body.get("message") or {}
    return str(container.get("message_ts") or message.get("ts") or "")


def command(body: Doc, *, tool: str) -> Came:
    """A slash command: what was written behind it, or the tool that it stands for."""
    said = text(str(body.get("text") or ""), bot="")
    return Came(
        event=f"slack:{body.get('trigger_id') or body.get('command')}",
        sort=Sort.CALLED if tool and not said else Sort.SAID,
        account=str(body["user_id"]),
        teams=_teams(body, "team_id"),
        room=str(body.get("channel_id") or ""),
        text=said,
        tool="" if said else tool,
        answer=str(body.get("response_url") or ""),
    )


def shortcut(body: Doc) -> Came:
    """A message that somebody wants to be made a request: as if they had written it to us."""
    said: Doc = body.get("message") or {}
    return Came(
        event=f"slack:{body.get('trigger_id') or body.get('action_ts')}",
        sort=Sort.SAID,
        account=str(body["user"]["id"]),
        teams=_teams(body.get("user") or {}, "team_id"),
        room=_room(body),
        at=_moment(body.get("action_ts")),
        text=text(str(said.get("text") or ""), bot=""),
        files=tuple(_file(each) for each in list(said.get("files") or ())[:MOST_FILES]),
        answer=str(body.get("response_url") or ""),
    )


def text(said: str, *, bot: str) -> str:
    """What was written, as people read it: without Slack's marks. Mentions of people stay, for whoever knows them."""
    said = re.sub(rf"^\s*<@{re.escape(bot)}(\|[^>]*)?>[:,]?\s*", "", said) if bot else said
    return html.unescape(_MARK.sub(_read, said)).strip()


_MARK = re.compile(r"<([^<>]*)>")


def _read(found: re.Match[str]) -> str:
    address, _, label = found[1].partition("|")
    if address.startswith("@"):
        return f"<{address}>"
    if address.startswith("#"):
        return f"#{label or address[1:]}"
    if address.startswith("!"):
        word = address[1:].partition("^")[0]
        return label or f"@{word}"
    return label or address.removeprefix("mailto:").removeprefix("tel:")


def _teams(doc: Doc, *names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(doc[name]) for name in names if doc.get(name)))


def _room(body: Doc) -> str:
    channel: Doc = body.get("channel") or {}
    container: Doc = body.get("container") or {}
    return str(channel.get("id") or container.get("channel_id") or "")


def _moment(said: Any) -> float:
    try:
        return float(said or 0)
    except ValueError:
        return 0.0


def _file(file: Doc) -> Doc:
    """What is needed of a file to fetch it."""
    names = ("id", "name", "mimetype", "size", "mode", "url_private_download", "url_private")
    return {name: file[name] for name in names if file.get(name) is not None}

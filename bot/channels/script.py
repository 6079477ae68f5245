"""The bot from a file: JSON lines in, one JSON line out for each thing that a person was sent or saw change."""

import hashlib
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend import chats, drafts, outbox, people, timers
from backend.chats import Posted
from backend.clock import StillClock
from backend.forms import Data
from backend.outbox import Pace
from backend.refusals import Refusal
from backend.words import originals
from bot import attached
from bot.app import App
from bot.message import Address, Attachment, Button, Card, Field, Filled, Heard, Post, Pressed, Said, post_from

NAME = "script"
LARGEST_FILE = 25 * 1024 * 1024
"""What is read at all; what is too large to keep is said by the conversation."""
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


FARTHEST = timedelta(days=3660)

log = structlog.get_logger()


class BadLine(Exception):
    """A line of the script that cannot be used; the text says why."""


class ScriptChannel:
    """Writes every post as a JSON line, told by the line of the script that caused it."""

    name = NAME
    ceiling = Data.BANK
    pace = Pace()
    inline = True
    """What is read is waited for: the draft is the answer to the line that brought it."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(encoding="utf-8")
        self.lines: dict[str, tuple[int, Any]] = {}
        self.handles: dict[int, str] = {}

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        line, id_ = self.lines.get(posted.cause or "", (None, _id(posted.cause or "")))
        doc = {
            "line": line,
            "id": id_,
            "to": self.handles.get(posted.person_id or 0, posted.conversation),
            "in": "dm" if posted.private else posted.conversation,
            "via": NAME,
            **post_doc(post_from(posted.body)),
        }
        if earlier is not None and earlier.body.get("card"):
            card = post_from(earlier.body).card
            doc["replaces"] = card_doc(card) if card else None
        self.write(doc)
        return str(posted.id)

    def write(self, doc: Mapping[str, Any]) -> None:
        """One JSON object on a line of its own; keys without a value are left out, but for `line`."""
        kept = {key: value for key, value in doc.items() if value not in (None, "", [], {}, False) or key == "line"}
        self._out.write(_whole(json.dumps(kept, ensure_ascii=False), kept) + "\n")
        self._out.flush()


def post_doc(post: Post) -> dict[str, Any]:
    """A post in the words of the contract."""
    answer = post.answer
    return {
        "text": post.text,
        "understood": [{"intent": each.intent, "args": dict(each.args)} for each in post.understood],
        "card": card_doc(post.card) if post.card else None,
        "answer": {
            "outcome": answer.outcome,
            "citations": [
                {
                    "doc": each.doc,
                    "heading": each.heading,
                    "quote": each.quote,
                    "version": each.version,
                    "effective": each.effective,
                }
                for each in answer.citations
            ],
            "retrieved": [{"doc": doc, "heading": heading} for doc, heading in answer.retrieved],
        }
        if answer
        else None,
        "papers": [{"name": name, "title": title} for name, title in attached.names(post)],
        "refusal": post.refusal,
        "asked": list(post.asked),
        "pending": post.pending,
        "committed": [
            {"intent": each.intent, "args": dict(each.args), **({"ref": each.ref} if each.ref else {})}
            for each in post.committed
        ],
    }


def card_doc(card: Card) -> dict[str, Any]:
    """A card in the words of the contract."""
    doc: dict[str, Any] = {
        "ref": card.ref,
        "kind": card.kind,
        "state": card.state,
        "title": card.title,
        "summary": card.summary,
        "fields": _values(card.fields),
        "objections": list(card.objections),
        "facts": [{"title": title, "text": text} for title, text in card.facts],
        "route": [{"who": list(each.who), "why": each.why} for each in card.route],
        "buttons": [{"verb": each.verb, "label": each.label} for each in card.buttons],
    }
    if card.papers:
        doc["papers"] = [{"name": each.name, "title": each.title} for each in card.papers]
    if card.lines:
        doc["lines"] = [_values(line) for line in card.lines]
    return {key: value for key, value in doc.items() if value not in ("", []) or key in ("fields", "buttons")}


def run(
    app: App, source: Path | None, *, channel: ScriptChannel, clock: StillClock, given: IO[str] | None = None
) -> None:
    """Plays a script, from a file or (None) from standard input; a line that cannot be used is told and passed over."""
    folder = source.parent if source else Path.cwd()
    if source is not None:
        try:
            lines: Iterable[str] = source.read_text(encoding="utf-8-sig", errors="replace").split("\n")
        except OSError as error:
            raise Refusal("{file} cannot be read: {why}.", file=source, why=error.strerror) from error
        for number, raw in enumerate(lines, start=1):
            _note_event(channel, number, raw)
    else:
        lines = given or io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace", newline="\n")
    _know_everybody(app, channel)
    app.settle()
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            _play(app, channel, clock, folder, number, raw)
        except BadLine as bad:
            channel.write({"line": number, "error": str(bad)})
        except Refusal as refusal:
            channel.write({"line": number, "error": str(refusal)})
        except Exception:
            log.exception("a line of the script could not be used", line=number)
            channel.write({"line": number, "error": "Something went wrong with this line; nothing was changed."})
        app.settle()


def _note_event(channel: ScriptChannel, number: int, raw: str) -> None:
    try:
        line = json.loads(raw, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return
    if isinstance(line, dict) and line.get("id") is not None:  # pyright: ignore[reportUnknownMemberType]
        channel.lines[_event(line)] = (number, line["id"])  # pyright: ignore[reportUnknownArgumentType]


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _play(app: App, channel: ScriptChannel, clock: StillClock, folder: Path, number: int, raw: str) -> None:
    try:
        line = json.loads(raw, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise BadLine("This line is not JSON: each line is one JSON object.") from error
    if not isinstance(line, dict):
        raise BadLine('This line is not a JSON object: each line is one, such as {"as": "ana.costa", "say": "hello"}.')
    said: dict[str, Any] = line  # pyright: ignore[reportUnknownVariableType]
    what = [key for key in ("say", "press", "fill", "clock", "advance", "reset") if key in said]
    if len(what) != 1:
        raise BadLine("A line has exactly one of: say, press, fill, clock, advance, reset.")
    unknown = sorted(
        set(said) - {"as", "say", "press", "fill", "clock", "advance", "reset", "attach", "in", "id", "on", "with"}
    )
    if unknown:
        raise BadLine(f"There is no key {unknown[0][:40]!r} in a script's lines.")
    event = _event(said)
    if _done(app, event):
        return
    match what[0]:
        case "clock":
            _move(app, clock, _moment(said["clock"]))
        case "advance":
            _move(app, clock, clock.now() + _length(said["advance"]))
        case "reset":
            if said["reset"] is not True:
                raise BadLine('"reset" is true.')
            with app.store.writing() as session:
                row = chats.take_in(session, event=event, channel=NAME, conversation="", sort="reset")
                if row is not None:
                    row.state = "done"
                drafts.forget_all(session)
                session.execute(update(Posted).where(Posted.card.like("draft:%")).values(current=False))
        case _:
            channel.lines[event] = (number, said.get("id"))
            app.hear(_heard(app, said, event, folder))


def _heard(app: App, line: dict[str, Any], event: str, folder: Path) -> Heard:
    who = line.get("as")
    if not isinstance(who, str) or not who.strip():
        raise BadLine('Who is it? Give a handle or an e-mail address as "as".')
    with app.store.looking() as session:
        handle = people.find(session, who).handle
    if "say" in line:
        if not isinstance(line["say"], str):
            raise BadLine('"say" is a text.')
        place = line.get("in", "dm")
        if not isinstance(place, str) or not (place == "dm" or place.startswith("#")):
            raise BadLine('"in" is "dm" or a channel such as "#general".')
        address = Address(NAME, handle) if place == "dm" else Address(NAME, place, private=False)
        return Said(event, address, handle, line["say"], files=_attached(line.get("attach", []), folder))
    address = Address(NAME, handle)
    if "press" in line:
        values = line.get("with", {})
        if not isinstance(values, dict):
            raise BadLine('"with" is an object, such as {"comment": "..."}.')
        loose = _called(_choices(app, handle) if line.get("on") is None else (), line["press"])
        card = None if loose else _looked_for(app, address, handle, event, line.get("on"))
        token = (loose[0] if card is None else _button(card, line["press"])).token
        return Pressed(event, address, handle, token, values)  # pyright: ignore[reportUnknownArgumentType]
    card = _looked_for(app, address, handle, event, line.get("on"))
    values = line["fill"]
    if not isinstance(values, dict):
        raise BadLine('"fill" is an object: a value for each field.')
    form = next((each for each in card.buttons if each.verb == "change"), None)
    if form is None:
        raise BadLine("That card has no open form.")
    return Filled(event, address, handle, form.token, values)  # pyright: ignore[reportUnknownArgumentType]


def _looked_for(app: App, address: Address, handle: str, event: str, on: Any) -> Card:
    """The card that somebody presses: who presses has looked, so was told what waited, and opened it from a list."""
    try:
        return _card(app, handle, on)
    except BadLine:
        app.arrive(handle)
        app.settle()
    try:
        return _card(app, handle, on)
    except BadLine:
        opener = _opener(app, handle, on)
        if opener is None:
            raise
        app.hear(Pressed(f"{event}:open", address, handle, opener.token, {}))
        app.settle()
        return _card(app, handle, on)


def _opener(app: App, handle: str, on: Any) -> Button | None:
    """The button of a list on which somebody would open a request."""
    with app.store.looking() as session:
        for card in _cards(session, handle):
            for each in card.buttons:
                if each.verb == "open" and _means(on, replace(card, ref=each.label.rpartition(" ")[2])):
                    return each
    return None


def _card(app: App, handle: str, on: Any) -> Card:
    """The person's newest card, or the newest about a request."""
    with app.store.looking() as session:
        for card in _cards(session, handle):
            if on is None or _means(on, card):
                return card
    raise BadLine("This person has no card yet." if on is None else f"This person has no card about {str(on)[:40]}.")


def _cards(session: Session, handle: str) -> Iterator[Card]:
    """What somebody has on their screen, the newest first."""
    person = people.find(session, handle)
    shown = select(Posted).where(
        Posted.person_id == person.id, Posted.channel == NAME, Posted.card.is_not(None), Posted.current.is_(True)
    )
    for posted in session.scalars(shown.order_by(Posted.place.desc())):
        card = post_from(posted.body).card
        if card is not None:
            yield card


def _means(on: Any, card: Card) -> bool:
    number = re.sub(r"^#|^[A-Za-z]+-", "", str(on).strip())
    if "-" in str(on):
        return card.ref is not None and card.ref.lower() == str(on).strip().lower()
    return card.ref is not None and card.ref.rpartition("-")[2] == number


def _button(card: Card, wanted: Any) -> Button:
    if not isinstance(wanted, str) or not wanted.strip():
        raise BadLine('"press" is a button\'s verb or the start of its label.')
    found = _called(card.buttons, wanted)
    names = ", ".join(each.label for each in card.buttons) or "none"
    if not found:
        raise BadLine(f"There is no button {wanted[:40]!r} on that card; there are: {names}.")
    if len(found) > 1:
        raise BadLine(f"More than one button is called {wanted[:40]!r}; there are: {names}.")
    return found[0]


def _called(buttons: Sequence[Button], wanted: Any) -> list[Button]:
    """Those with this verb or the start of this label, as it is or as it is in English."""
    key = str(wanted).strip().lower()
    found = [each for each in buttons if each.verb.lower() == key or each.label.lower().startswith(key)]
    return found or [each for each in buttons if any(said.lower().startswith(key) for said in originals(each.label))]


def _choices(app: App, handle: str) -> tuple[Button, ...]:
    """The buttons under the newest thing that somebody was told, where they stand on no card."""
    with app.store.looking() as session:
        told = select(Posted).where(Posted.person_id == people.find(session, handle).id, Posted.channel == NAME)
        newest = session.scalar(told.order_by(Posted.place.desc()).limit(1))
        return post_from(newest.body).choices if newest is not None else ()


def _attached(paths: Any, folder: Path) -> tuple[Attachment, ...]:
    import mimetypes

    if isinstance(paths, str):
        paths = [paths]
    if not isinstance(paths, list):
        raise BadLine('"attach" is a list of file names.')
    files: list[Attachment] = []
    for each in paths:  # pyright: ignore[reportUnknownVariableType]
        name = str(each)[:200]  # pyright: ignore[reportUnknownArgumentType]
        path = folder / name
        try:
            if not path.is_file():
                raise BadLine(f"{name} cannot be read: there is no such file.")
            if path.stat().st_size > LARGEST_FILE:
                raise BadLine(f"{name} is too large to send.")
            content = path.read_bytes()
        except (OSError, ValueError) as error:
            raise BadLine(f"{name} cannot be read.") from error
        files.append(Attachment(path.name, content, mimetypes.guess_type(path.name)[0] or "application/octet-stream"))
    return tuple(files)


def _move(app: App, clock: StillClock, to: datetime) -> None:
    """Moves the clock; what becomes due on the way happens at its own time."""
    if to - clock.now() > FARTHEST:
        raise BadLine("The clock moves ten years at a time at most.")
    while True:
        with app.store.looking() as session:
            coming = (timers.next_due(session), outbox.next_due(session))
        due = min((each for each in coming if each is not None), default=None)
        if due is None or due > to:
            break
        if due > clock.now():
            clock.set(due)
        if not app.settle():
            break
    clock.set(to)
    app.settle()


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadLine('"clock" is a moment such as 2026-11-24T10:00:00+01:00.') from error
    if moment.tzinfo is None:
        raise BadLine('"clock" needs its UTC offset, such as +01:00.')
    if not 1970 < moment.year < 2200:
        raise BadLine('"clock" is a moment of our time, such as 2026-11-24T10:00:00+01:00.')
    return moment


def _length(text: Any) -> timedelta:
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([wdhms])", str(text))
    if not parts or re.sub(r"\d+(?:\.\d+)?\s*[wdhms]|\s", "", str(text)):
        raise BadLine('"advance" is a length of time such as 2d, 4h or 30m.')
    try:
        length = sum((timedelta(**{UNITS[unit]: float(count)}) for count, unit in parts), timedelta())
    except OverflowError as error:
        raise BadLine("That is too long a time.") from error
    if length > FARTHEST:
        raise BadLine("The clock moves ten years at a time at most.")
    return length


def _event(line: Mapping[str, Any]) -> str:
    if line.get("id") is None:
        return f"{NAME}:u{uuid4().hex}"
    text = json.dumps(line["id"], sort_keys=True)
    return f"{NAME}:{text}" if len(text) <= 200 else f"{NAME}:sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _id(event: str) -> Any:
    """The id that a line had, where its event still tells."""
    text = event.removeprefix(f"{NAME}:")
    try:
        return json.loads(text) if text != event else None
    except ValueError:
        return None


def _done(app: App, event: str) -> bool:
    """Whether a line with this id was done before, perhaps in an earlier run."""
    with app.store.looking() as session:
        row = session.get(chats.Inbox, event)
        return row is not None and row.state == "done"


def _whole(text: str, doc: Mapping[str, Any]) -> str:
    """The text, or the same document in ASCII where it holds half a character or what some take for a line's end."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(doc)
    return json.dumps(doc) if len(text.splitlines()) > 1 else text


def _know_everybody(app: App, channel: ScriptChannel) -> None:
    with app.store.looking() as session:
        channel.handles = {each.id: each.handle for each in session.scalars(select(people.Person))}


def _values(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {each.name: each.value if each.value is not None else each.shown for each in fields}

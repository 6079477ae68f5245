"""The words that all channels share: what comes in (Said, Pressed, Filled, Opened, Called) and what goes out (Post)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from backend.forms import Data, Widget, files_of
from backend.sheets import Chart, Sheet
from backend.words import say


@dataclass(frozen=True)
class Address:
    """Where a conversation takes place.

    channel       "web", "slack", "telegram", "terminal", "script", "memory"
    conversation  the channel's own name for it (a DM id, a chat id, a handle)
    private       true where only this person reads
    """

    channel: str
    conversation: str
    private: bool = True


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True)
class Said:
    """Somebody wrote something. `account` is who the channel says it is; `event` is the channel's id of it.

    batch  the channel's name for messages that were sent as one, such as the photos of an album; "": this one alone
    """

    event: str
    address: Address
    account: str
    text: str
    files: tuple[Attachment, ...] = ()
    batch: str = ""


@dataclass(frozen=True)
class Pressed:
    """Somebody pressed a button; `values` is what its little form held ("comment")."""

    event: str
    address: Address
    account: str
    token: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Filled:
    """Somebody sent a form; `token` is that of the button that opens it."""

    event: str
    address: Address
    account: str
    token: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lines: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True)
class Opened:
    """Somebody opened the conversation: the first time they are greeted."""

    event: str
    address: Address
    account: str


@dataclass(frozen=True)
class Called:
    """Somebody chose something from a menu, or used a command: a tool by its name. It looks or drafts; none commits."""

    event: str
    address: Address
    account: str
    tool: str
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])


Heard = Said | Pressed | Filled | Opened | Called


@dataclass(frozen=True)
class Button:
    """Something to press: its verb, what stands on it, the token that comes back, and how it looks.

    style  "primary", "danger" or ""
    form   the fields to fill in first: the draft's own for "change", a comment for "reject"; None: pressed at once
    line   an empty line of that form, where the kind has lines; lines are those that are filled in
    """

    verb: str
    label: str
    token: str = ""
    style: str = ""
    form: tuple["Field", ...] | None = None
    line: tuple["Field", ...] | None = None
    lines: tuple[tuple["Field", ...], ...] = ()


@dataclass(frozen=True)
class Field:
    """A field on a card or in a form: what it is called, what it holds, and how a person reads that.

    most   of files, how many it holds at most
    aside  kept for programs and not drawn: what else is on the card says it
    """

    name: str
    title: str
    value: Any
    shown: str
    widget: Widget = Widget.LINE
    required: bool = False
    data: Data = Data.PLAIN
    options: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    most: int = 1
    aside: bool = False


def drawn(fields: Sequence[Field]) -> list[Field]:
    """The fields that a person is shown."""
    return [each for each in fields if not each.aside]


@dataclass(frozen=True)
class Stop:
    """One stop of the route as shown: who, and why them."""

    who: tuple[str, ...]
    why: str
    names: tuple[str, ...] = ()
    state: str = ""


@dataclass(frozen=True)
class Paper:
    """A file that comes with a request, made when it is opened.

    name  "TO-12.ics"; title: what the link says; link: its address below that of the web chat
    """

    name: str
    title: str
    link: str


@dataclass(frozen=True)
class Card:
    """Facts with buttons: a draft, something to approve, or how a request stands. All of it from the database.

    ref      "TO-12", or None while it is a draft
    subject  what the card is about: "request:12", "draft:7"; every copy about it is kept up to date
    state    draft, waiting, approved, rejected, withdrawn, recorded, discarded, ...
    facts    (title, text) pairs that help to decide
    lines    each line's fields, where the kind has lines
    papers   the files that come with it
    """

    kind: str
    subject: str
    state: str
    title: str
    ref: str | None = None
    summary: str = ""
    fields: tuple[Field, ...] = ()
    lines: tuple[tuple[Field, ...], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    objections: tuple[str, ...] = ()
    route: tuple[Stop, ...] = ()
    buttons: tuple[Button, ...] = ()
    papers: tuple[Paper, ...] = ()


def files_on(card: Card, language: str) -> list[tuple[str, str]]:
    """The files that a card holds, page by page: what each is called, and its name where files are kept."""
    lines = (card.fields, *(card.lines if len(card.lines) > 1 else ()))
    out: list[tuple[str, str]] = []
    for each in (one for line in lines for one in line if one.widget is Widget.FILE):
        held = files_of(each.value)
        for nth, file in enumerate(held, start=1):
            title = say(language, "{title}, page {number}", title=each.title, number=nth)
            out.append((title if len(held) > 1 else each.title, file))
    return out


@dataclass(frozen=True)
class Citation:
    """Where an answer stands written.

    laid_out  the quote as it is drawn, a line for each item and row; where it is empty, as it stands
    pictures  those beside it there: (id, what it shows in words, width, height), 0 where the size is not known
    """

    doc: str
    heading: str
    quote: str
    version: int
    effective: str | None = None
    title: str = ""
    passage: int | None = None
    laid_out: str = ""
    pictures: tuple[tuple[str, str, int, int], ...] = ()

    @property
    def drawn(self) -> str:
        """What is drawn of it."""
        return self.laid_out or self.quote

    @property
    def drawn_without_tables(self) -> str:
        """The same where there are no tables, with a dot between the cells of a row."""
        return self.drawn.replace(" | ", " · ")


@dataclass(frozen=True)
class Answer:
    """What the handbook says.

    outcome    "answered", "closest" or "not_found"
    retrieved  (doc, heading) of the passages found, best first
    words      what is said in words that are no quote; whoever draws the citations shows them above
    """

    outcome: str
    citations: tuple[Citation, ...] = ()
    retrieved: tuple[tuple[str, str], ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Intent:
    """What was understood, or committed: an intent and its arguments."""

    intent: str
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])
    ref: str | None = None


@dataclass(frozen=True)
class Post:
    """One thing to show to one person, or in a channel that a team reads.

    sheets, charts  tables and pictures that come with it; a channel sends bot.attached.files(post), or links to them
    """

    text: str = ""
    card: Card | None = None
    answer: Answer | None = None
    refusal: str | None = None
    asked: tuple[str, ...] = ()
    choices: tuple[Button, ...] = ()
    pending: bool = False
    understood: tuple[Intent, ...] = ()
    committed: tuple[Intent, ...] = ()
    preview: str = ""
    """What a push notification may show: never personal."""
    language: str = "en"
    """The language that it is written in, for what a channel adds of its own."""
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()

    @property
    def beside_quotes(self) -> str:
        """The text, without the quotes of an answer, for a channel that draws those by themselves."""
        if self.answer is None:
            return self.text
        return self.answer.words or ("" if self.answer.outcome == "answered" else self.text)


def as_doc(thing: Any) -> dict[str, Any]:
    """A Post, Card, ... as a JSON document, as it is kept in the database."""
    return _adapter(thing.__class__).dump_python(thing)


@cache
def _adapter(of: type[Any]) -> "TypeAdapter[Any]":
    return TypeAdapter(of)


def post_from(doc: Mapping[str, Any]) -> Post:
    """The Post that as_doc wrote."""
    card = doc.get("card")
    answer = doc.get("answer")
    return Post(
        text=doc.get("text", ""),
        card=card_from(card) if card else None,
        answer=Answer(
            outcome=answer["outcome"],
            citations=tuple(_citation(each) for each in answer["citations"]),
            retrieved=tuple((each[0], each[1]) for each in answer["retrieved"]),
            words=answer.get("words", ""),
        )
        if answer
        else None,
        refusal=doc.get("refusal"),
        asked=tuple(doc.get("asked", ())),
        choices=tuple(_button(each) for each in doc.get("choices", ())),
        pending=bool(doc.get("pending")),
        understood=tuple(Intent(**each) for each in doc.get("understood", ())),
        committed=tuple(Intent(**each) for each in doc.get("committed", ())),
        preview=doc.get("preview", ""),
        language=doc.get("language", "en"),
        sheets=tuple(_sheet(each) for each in doc.get("sheets", ())),
        charts=tuple(_chart(each) for each in doc.get("charts", ())),
    )


def card_from(doc: Mapping[str, Any]) -> Card:
    """The Card that as_doc wrote."""
    words = dict(doc)
    words["fields"] = tuple(_field(each) for each in doc["fields"])
    words["lines"] = tuple(tuple(_field(each) for each in line) for line in doc["lines"])
    words["facts"] = tuple((each[0], each[1]) for each in doc["facts"])
    words["objections"] = tuple(doc["objections"])
    words["route"] = tuple(
        Stop(tuple(each["who"]), each["why"], tuple(each["names"]), each["state"]) for each in doc["route"]
    )
    words["buttons"] = tuple(_button(each) for each in doc["buttons"])
    words["papers"] = tuple(Paper(**each) for each in doc.get("papers", ()))
    return Card(**words)


def _citation(doc: Mapping[str, Any]) -> Citation:
    words: dict[str, Any] = dict(doc)
    pictures = doc.get("pictures", ())
    words["pictures"] = tuple((id, said, *(size or (0, 0))) for id, said, *size in pictures)
    return Citation(**words)


def _sheet(doc: Mapping[str, Any]) -> Sheet:
    words = dict(doc)
    words["head"] = tuple(doc["head"])
    words["rows"] = tuple(tuple(each) for each in doc["rows"])
    return Sheet(**words)


def _chart(doc: Mapping[str, Any]) -> Chart:
    words = dict(doc)
    words["rows"], words["marks"] = tuple(doc["rows"]), tuple(doc["marks"])
    words["series"] = tuple((name, tuple(values)) for name, values in doc["series"])
    return Chart(**words)


def _field(doc: Mapping[str, Any]) -> Field:
    words = dict(doc)
    words["widget"] = Widget(doc["widget"])
    words["data"] = Data(doc["data"])
    words["options"] = tuple((each[0], each[1]) for each in doc["options"])
    return Field(**words)


def _button(doc: Mapping[str, Any]) -> Button:
    words = dict(doc)
    for name in ("form", "line"):
        words[name] = None if doc.get(name) is None else tuple(_field(each) for each in doc[name])
    words["lines"] = tuple(tuple(_field(each) for each in line) for line in doc.get("lines", ()))
    return Button(**words)

"""The same conversation in the terminal: type to say, type a button's number to press it."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.panel import Panel

from backend import papers, people
from backend.chats import Posted
from backend.forms import Data
from backend.outbox import Pace
from backend.refusals import Refusal
from backend.words import say
from bot import attached
from bot.app import App
from bot.message import (
    Address,
    Attachment,
    Button,
    Card,
    Field,
    Filled,
    Heard,
    Opened,
    Paper,
    Post,
    Pressed,
    Said,
    drawn,
    post_from,
)

NAME = "terminal"


class TerminalChannel:
    """Prints the posts of one person, and remembers what can be pressed or saved by its number.

    buttons, papers  what stands under the last card; attached: the last post that came with files
    """

    name = NAME
    ceiling = Data.BANK
    pace = Pace()

    def __init__(self, handle: str, console: Console) -> None:
        self.handle = handle
        self.buttons: tuple[Button, ...] = ()
        self.papers: tuple[Paper, ...] = ()
        self.attached = Post()
        self._console = console

    def post(self, posted: Posted, earlier: Posted | None) -> str | None:
        post = post_from(posted.body)
        if posted.conversation == self.handle:
            self._show(post)
        return str(posted.id)

    def _show(self, post: Post) -> None:
        if post.text:
            self._console.print(post.text, markup=False, highlight=False)
        for each in post.answer.citations if post.answer else ():
            since = f", in force since {each.effective}" if each.effective else ""
            self._console.print(
                f"  {each.doc} | {each.heading} (version {each.version}{since})", style="dim", markup=False
            )
        if post.card:
            self.buttons, self.papers = post.card.buttons, post.card.papers
            self._console.print(Panel(_card_text(post.card), title=_title(post.card), title_align="left", width=80))
        if names := attached.names(post):
            self.attached = post
            first = len(self.buttons) + len(self.papers) + 1
            for nth, (name, title) in enumerate(names, start=first):
                self._console.print(f"  ({nth}) {title}: {name}", markup=False, highlight=False)


def chat(app: App, channel: TerminalChannel, *, console: Console) -> None:
    """Talks until the person leaves with Ctrl-D, "quit" or "exit"."""
    address = Address(NAME, channel.handle)
    _do(app, Opened(_event(), address, channel.handle), console)
    while True:
        try:
            text = console.input("[bold]you>[/bold] ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if text.lower() in ("quit", "exit"):
            return
        if paper := _paper(channel, text):
            _save(app, channel, paper, console)
        elif file := _file(channel, text):
            _keep(app, channel, file, console)
        elif text:
            _do(app, _heard(channel, address, text, console), console)


def known(app: App, who: str) -> str:
    """The handle of somebody who may chat; a Refusal if nobody here is called so."""
    with app.store.looking() as session:
        person = people.find(session, who)
        return people.who_is(session, channel=NAME, account=person.handle).handle


def _paper(channel: TerminalChannel, text: str) -> Paper | None:
    """The paper whose number was typed; they are counted on after the buttons."""
    nth = int(text) - len(channel.buttons) if text.isdecimal() and len(text) < 4 else 0
    return channel.papers[nth - 1] if 1 <= nth <= len(channel.papers) else None


def _file(channel: TerminalChannel, text: str) -> Attachment | None:
    """The file whose number was typed, made now; they are counted on after the papers."""
    names = attached.names(channel.attached)
    nth = int(text) - len(channel.buttons) - len(channel.papers) if text.isdecimal() and len(text) < 4 else 0
    return attached.find(channel.attached, names[nth - 1][0]) if 1 <= nth <= len(names) else None


def _keep(app: App, channel: TerminalChannel, file: Attachment, console: Console) -> None:
    """Writes a file that came with a post into the folder that the terminal is in."""
    with app.store.looking() as session:
        language = people.find(session, channel.handle).language
    try:
        Path(file.name).write_bytes(file.content)
    except OSError as error:
        text = say(language, "{name} could not be saved: {why}.", name=file.name, why=error.strerror)
    else:
        text = say(language, "Saved as {name}.", name=file.name)
    console.print(text, markup=False)


def _save(app: App, channel: TerminalChannel, shown: Paper, console: Console) -> None:
    """Writes a paper into the folder that the terminal is in."""
    with app.store.looking() as session:
        app.furnish(session)
        reader = people.find(session, channel.handle)
        try:
            paper = papers.find(session, int(shown.link.split("/")[1]), shown.name, reader=reader)
            Path(paper.name).write_bytes(paper.make())
        except Refusal as refusal:
            text = say(reader.language, refusal.text, **refusal.values)
        except OSError as error:
            text = say(reader.language, "{name} could not be saved: {why}.", name=shown.name, why=error.strerror)
        else:
            text = say(reader.language, "Saved as {name}.", name=shown.name)
    console.print(text, markup=False)


def _heard(channel: TerminalChannel, address: Address, text: str, console: Console) -> Heard:
    if text.isdecimal() and len(text) < 4 and 1 <= int(text) <= len(channel.buttons):
        button = channel.buttons[int(text) - 1]
        if button.form is None:
            return Pressed(_event(), address, channel.handle, button.token)
        values = _fill(button.form, console)
        lines = None if button.line is None else _lines(button.line, button.lines, console)
        return Filled(_event(), address, channel.handle, button.token, values, lines=lines)
    return Said(_event(), address, channel.handle, *_with_file(text))


def _with_file(text: str) -> tuple[str, tuple[Attachment, ...]]:
    """What was typed, and the file that its first words name: a path alone, as when it is dropped into the window."""
    for named in (text, text.partition(" ")[0]):
        path = Path(named.strip("'\"").replace("\\ ", " ")).expanduser()
        if "." in path.name and len(named) < 1000 and path.is_file():
            mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return text.removeprefix(named).strip(), (Attachment(path.name, path.read_bytes(), mime),)
    return text, ()


def _fill(form: tuple[Field, ...], console: Console) -> dict[str, Any]:
    said = {each.name: _ask(each, console) for each in form}
    return {name: value for name, value in said.items() if value is not None}


def _lines(
    empty: tuple[Field, ...], held: tuple[tuple[Field, ...], ...], console: Console
) -> tuple[dict[str, Any], ...]:
    """The lines that are there, each gone through once more, and new ones until one is left empty."""
    out: list[dict[str, Any]] = []
    for number, line in enumerate(held, start=1):
        console.print(f"  Line {number}", markup=False)
        kept = {each.name: each.value for each in line if each.value not in (None, "")}
        out.append({**kept, **_fill(line, console)})
    while True:
        console.print(f"  Line {len(out) + 1} (leave it empty to end)", markup=False)
        said = _fill(empty, console)
        if not said:
            return tuple(out)
        out.append(said)


def _ask(field: Field, console: Console) -> str | None:
    """One field; Enter keeps what it holds, and leaves it out of what is sent."""
    options = f" ({', '.join(value for value, _ in field.options)})" if field.options else ""
    kept = f" [{field.value}]" if field.value not in (None, "") else ""
    console.print(f"  {field.title}{options}{kept}: ", end="", markup=False, highlight=False)
    return console.input().strip() or None


def _do(app: App, heard: Heard, console: Console) -> None:
    try:
        with console.status("..."):
            app.hear(heard)
    except Refusal as refusal:
        console.print(str(refusal), markup=False)
    app.settle()


def _title(card: Card) -> str:
    return f"{card.title}{f' {card.ref}' if card.ref else ''}: {card.state}"


def _card_text(card: Card) -> str:
    rows = [card.summary] if card.summary else []
    rows += [f"{each.title}: {each.shown}" for each in drawn(card.fields)]
    for number, line in enumerate(card.lines if len(card.lines) > 1 else (), start=1):
        rows.append(f"{number}. " + ", ".join(f"{each.title} {each.shown}" for each in drawn(line)))
    rows += [f"{title}: {text}" for title, text in card.facts]
    rows += [f"! {each}" for each in card.objections]
    rows += [f"→ {', '.join(each.names)} ({each.why}{f', {each.state}' if each.state else ''})" for each in card.route]
    if card.buttons:
        rows.append("  ".join(f"({number}) {each.label}" for number, each in enumerate(card.buttons, start=1)))
    rows += [f"({len(card.buttons) + nth}) {each.title}: {each.name}" for nth, each in enumerate(card.papers, start=1)]
    return "\n".join(rows).replace("[", "\\[")


def _event() -> str:
    return f"terminal:{datetime.now(UTC).isoformat()}:{uuid4().hex[:8]}"

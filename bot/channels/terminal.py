"""The same conversation in the terminal: type to say, type a button's number to press it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.panel import Panel

from backend import people
from backend.chats import Posted
from backend.kinds import Data
from backend.refusals import Refusal
from bot.app import App
from bot.message import Address, Button, Card, Field, Filled, Heard, Opened, Post, Pressed, Said, post_from

NAME = "terminal"


class TerminalChannel:
    """Prints the posts of one person, and remembers the buttons that stand under the last card."""

    name = NAME
    ceiling = Data.BANK

    def __init__(self, handle: str, console: Console) -> None:
        self.handle = handle
        self.buttons: tuple[Button, ...] = ()
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
            self.buttons = post.card.buttons
            self._console.print(Panel(_card_text(post.card), title=_title(post.card), title_align="left", width=80))


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
        if text:
            _do(app, _heard(channel, address, text, console), console)


def known(app: App, who: str) -> str:
    """The handle of somebody who may chat; a Refusal if nobody here is called so."""
    with app.store.looking() as session:
        person = people.find(session, who)
        return people.who_is(session, channel=NAME, account=person.handle).handle


def _heard(channel: TerminalChannel, address: Address, text: str, console: Console) -> Heard:
    if text.isdigit() and 1 <= int(text) <= len(channel.buttons):
        button = channel.buttons[int(text) - 1]
        if button.form is None:
            return Pressed(_event(), address, channel.handle, button.token)
        values = _fill(button.form, console)
        lines = None if button.line is None else _lines(button.line, button.lines, console)
        return Filled(_event(), address, channel.handle, button.token, values, lines=lines)
    return Said(_event(), address, channel.handle, text)


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
    rows += [f"{each.title}: {each.shown}" for each in card.fields]
    for number, line in enumerate(card.lines if len(card.lines) > 1 else (), start=1):
        rows.append(f"{number}. " + ", ".join(f"{each.title} {each.shown}" for each in line))
    rows += [f"{title}: {text}" for title, text in card.facts]
    rows += [f"! {each}" for each in card.objections]
    rows += [f"→ {', '.join(each.names)} ({each.why}{f', {each.state}' if each.state else ''})" for each in card.route]
    if card.buttons:
        rows.append("  ".join(f"({number}) {each.label}" for number, each in enumerate(card.buttons, start=1)))
    return "\n".join(rows).replace("[", "\\[")


def _event() -> str:
    return f"terminal:{datetime.now(UTC).isoformat()}:{uuid4().hex[:8]}"

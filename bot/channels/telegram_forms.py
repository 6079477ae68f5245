"""Forms in a chat that has none: a form is filled in step by step, in one message that changes as it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.fillings import Filling
from backend.forms import Widget, files_of
from backend.words import day, say, write
from bot import typed
from bot.channels import telegram_pickers as pickers
from bot.channels.telegram_markup import LABEL, Key, Line, Mark, Rows, own, pieces, short
from bot.message import Button, Card, Field

FORM = "a"
"""What the buttons of a form begin with; then its number and what to do."""
ALL, ASK, PICK, TURN, LINE, ADD, REMOVE, EMPTY, SEND, CANCEL = "o", "f", "v", "g", "l", "n", "r", "e", "s", "x"
DAY = "d"
MOST_NOW, MOST_OF_A_LINE, MOST_OF_AN_OPTION = 3_000, 60, 200
"""Characters of a value where it is asked for, of a line in the overview, and of an answer to choose."""
MOST_LINES = 25
"""Lines in the text of the overview; the buttons lead to all of them."""

Values = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Who is asked: in which language, and what today is where they work."""

    language: str
    today: date


def opened(button: Button) -> tuple[Values, list[Values] | None]:
    """What a form holds before anything is changed: its fields, and its lines where it has lines."""
    lines = None if button.line is None else [_held(each) for each in button.lines]
    return _held(button.form or ()), lines


def first(button: Button, filling: Filling) -> str:
    """The field to ask for now: the only one, or the next that is needed and empty; "" shows them all."""
    fields = fields_of(button, filling)
    if len(fields) == 1 and button.line is None:
        return fields[0].name
    held = _values(filling)
    return next((each.name for each in fields if each.required and held.get(each.name) in (None, "")), "")


def fields_of(button: Button, filling: Filling) -> Sequence[Field]:
    """The fields that are being filled in: the form's own, or a line's."""
    return (button.line or ()) if filling.line is not None else (button.form or ())


def is_single(button: Button) -> bool:
    """True for a form of one question, which is sent as soon as it is answered."""
    return len(button.form or ()) == 1 and button.line is None


def sent(button: Button, filling: Filling) -> tuple[Values, tuple[Values, ...] | None]:
    """What the form holds, as it is sent."""
    values = {each.name: _or_empty(filling.values.get(each.name)) for each in button.form or ()}
    if button.line is None:
        return values, None
    kept = [line for line in filling.lines or [] if any(value not in (None, "") for value in line.values())]
    return values, tuple({name: _or_empty(value) for name, value in line.items()} for line in kept)


# what is shown


def view(card: Card | None, button: Button, filling: Filling, asked: Asked, *, problem: str = "") -> tuple[str, Rows]:
    """The message of a form as it stands, and its keyboard."""
    lines: list[Line] = []
    if card is not None:
        lines.append((Mark(f"{card.title} {card.ref or ''}".strip(), "b"), Mark(f" · {button.label}")))
        lines += [(Mark(card.summary, "i"),)] if card.summary else []
    if filling.line is not None:
        lines.append((Mark(say(asked.language, "Line {number}", number=filling.line + 1), "b"),))
    lines.append((Mark(""),))
    field = _field(button, filling)
    more, rows = _overview(button, filling, asked) if field is None else _question(field, button, filling, asked)
    lines += more
    if problem:
        lines.append((Mark(f"⚠️ {problem}"),))
    return pieces(lines)[0], rows


def _overview(button: Button, filling: Filling, asked: Asked) -> tuple[list[Line], Rows]:
    fields, held, language = fields_of(button, filling), _values(filling), asked.language
    lines: list[Line] = [
        (Mark(_asks(each.title), "b"), Mark(_brief(shown(each, held.get(each.name), asked)) or "–")) for each in fields
    ]
    keys: list[Key] = []
    for nth, each in enumerate(fields):
        if each.widget is Widget.YES_NO:
            on = held.get(each.name) in (True, "true", "True")
            keys.append(_key(filling, f"{'☑' if on else '☐'} {each.title}", PICK, nth, 0 if on else 1))
        else:
            keys.append(_key(filling, f"✏️ {each.title}", ASK, nth))
    for nth, line in enumerate(filling.lines or [] if filling.line is None else []):
        said = ", ".join(text for each in button.line or () if (text := shown(each, line.get(each.name), asked)) != "")
        lines += [(Mark(f"{nth + 1}. ", "b"), Mark(_brief(said, MOST_OF_A_LINE) or "–"))] if nth < MOST_LINES else []
        keys.append(_key(filling, f"✏️ {nth + 1}. {said}", LINE, nth))
    rows = pickers.leafed(keys, page=filling.page, turn=lambda page: _data(filling, TURN, page))
    if filling.line is not None:
        last = [_key(filling, f"🗑 {say(language, 'Remove')}", REMOVE), _key(filling, say(language, "Done"), ALL)]
        return lines, (*rows, tuple(last))
    if button.line is not None:
        rows = (*rows, (_key(filling, f"➕ {say(language, 'Add a line')}", ADD),))
    return lines, (*rows, _last(filling, language, _key(filling, f"✅ {say(language, 'Done')}", SEND)))


def _asks(title: str) -> str:
    """A field's title, before what it holds: a question ends as it is."""
    return f"{title} " if title.endswith("?") else f"{title}: "


def _question(field: Field, button: Button, filling: Filling, asked: Asked) -> tuple[list[Line], Rows]:
    language, held = asked.language, _values(filling).get(field.name)
    now = shown(field, held, asked)
    lines: list[Line] = [(Mark(field.title, "b"),)]
    if now:
        lines.append((Mark(say(language, "Now: {value}", value=_brief(now, MOST_NOW))),))
    rows: Rows = ()
    match field.widget:
        case Widget.CHOICE:
            keys = [
                _key(filling, f"• {title}" if value == held else title, PICK, _nth(button, filling, field), nth)
                for nth, (value, title) in enumerate(field.options)
            ]
            rows = pickers.leafed(keys, page=filling.page, turn=lambda page: _data(filling, TURN, page))
            lines += [(Mark(_brief(each, MOST_OF_AN_OPTION)),) for each in _long(field, filling)]
            hint = "Choose, or write a part of it." if len(field.options) > pickers.SHEET else "Choose one."
        case Widget.YES_NO:
            nth = _nth(button, filling, field)
            rows = (
                (_key(filling, say(language, "yes"), PICK, nth, 1), _key(filling, say(language, "no"), PICK, nth, 0)),
            )
            hint = "Choose one."
        case Widget.DATE:
            month = pickers.month_of(filling.page, otherwise=_day(held) or asked.today)
            rows = pickers.calendar(
                month,
                language=language,
                chosen=_day(held),
                today=asked.today,
                pick=lambda each: _data(filling, DAY, each.isoformat()),
                turn=lambda page: _data(filling, TURN, page),
            )
            hint = "Choose a day, or write it."
        case Widget.FILE:
            more = field.most > 1 and bool(now)
            hint = "Send the next page here, or press Done." if more else "Send the photo or the file here."
        case Widget.NUMBER | Widget.MONEY:
            hint = "Write the number."
        case Widget.LINE | Widget.LONG:
            hint = "Write it here."
    lines.append((Mark(say(language, hint), "i"),))
    extra: list[Key] = []
    if not field.required and now:
        extra.append(_key(filling, say(language, "Leave it empty"), EMPTY))
    if not is_single(button):
        more = field.widget is Widget.FILE and field.most > 1 and bool(now)
        extra.append(_key(filling, say(language, "Done") if more else f"‹ {say(language, 'Back')}", ALL))
    return lines, (*rows, (*extra, _cancel(filling, language)))


def _long(field: Field, filling: Filling) -> list[str]:
    """The answers on this sheet that no button has room for."""
    sheets = -(-len(field.options) // pickers.SHEET)
    at = (int(filling.page) if filling.page.isdecimal() else 0) % max(sheets, 1) * pickers.SHEET
    return [title for _, title in field.options[at : at + pickers.SHEET] if len(title) > LABEL]


def shown(field: Field, value: Any, asked: Asked) -> str:
    """A value as a person reads it."""
    if value in (None, "", []):
        return ""
    if value == field.value and field.shown and field.widget is not Widget.FILE:
        return field.shown
    match field.widget:
        case Widget.CHOICE:
            return next((title for each, title in field.options if each == value), str(value))
        case Widget.YES_NO:
            return say(asked.language, "yes" if value in (True, "true", "True") else "no")
        case Widget.DATE:
            found = _day(value)
            return day(asked.language, found) if found else str(value)
        case Widget.FILE:
            count = len(files_of(value))
            return say(asked.language, "attached") if count == 1 else say(asked.language, "{count} pages", count=count)
        case Widget.NUMBER | Widget.MONEY:
            number = typed.number(str(value))
            return str(value) if number is None else write(asked.language, number)
        case Widget.LINE | Widget.LONG:
            return str(value)


# what is answered


def pressed(button: Button, filling: Filling, what: str, words: Sequence[str], asked: Asked) -> None:
    """Does what a button of the form says; what makes no sense any more is passed over."""
    fields = fields_of(button, filling)
    numbers = [int(each) for each in words if each.isdecimal()]
    match what:
        case _ if what == ALL and filling.field:
            _go(filling, "")
        case _ if what == ALL:
            filling.line = None
            _go(filling, "")
        case _ if what == ASK and numbers and numbers[0] < len(fields):
            _go(filling, fields[numbers[0]].name)
        case _ if what == PICK and len(numbers) == 2 and numbers[0] < len(fields):
            field = fields[numbers[0]]
            if field.widget is Widget.YES_NO:
                put(button, filling, field, bool(numbers[1]))
            elif numbers[1] < len(field.options):
                put(button, filling, field, field.options[numbers[1]][0])
        case _ if what == DAY and words and filling.field and (found := _day(words[0])) is not None:
            field = _field(button, filling)
            if field is not None:
                put(button, filling, field, found.isoformat())
        case _ if what == TURN and words:
            filling.page = words[0]
        case _ if what == LINE and numbers and numbers[0] < len(filling.lines or []):
            filling.line = numbers[0]
            _go(filling, "")
        case _ if what == ADD and filling.lines is not None and button.line is not None:
            filling.line = len(filling.lines)
            filling.lines = [*filling.lines, _held(button.line)]
            _go(filling, first(button, filling))
        case _ if what == REMOVE and filling.line is not None and filling.lines is not None:
            filling.lines = [each for nth, each in enumerate(filling.lines) if nth != filling.line]
            filling.line = None
            _go(filling, "")
        case _ if what == EMPTY and (field := _field(button, filling)) is not None and not field.required:
            put(button, filling, field, "")
        case _:
            return


def written(button: Button, filling: Filling, text: str, asked: Asked) -> str:
    """Takes a written answer to the field that is asked for; returns what is wrong with it, "" if nothing."""
    field = _field(button, filling)
    if field is None:
        return say(asked.language, "Choose below what you would like to change.")
    value = _read(field, text, asked)
    if value is None:
        example = {
            Widget.DATE: day(asked.language, asked.today),
            Widget.CHOICE: field.options[0][1] if field.options else "",
        }
        return say(
            asked.language,
            "I could not read that: write it like {example}, or choose below.",
            example=example.get(field.widget, "12.50"),
        )
    put(button, filling, field, value)
    return ""


def put(button: Button, filling: Filling, field: Field, value: Any) -> None:
    """Puts a value in, and goes on to what has to be asked next: after a page of a receipt, to the next page."""
    more = field.widget is Widget.FILE and field.most > 1 and value != ""
    if more:
        value = [*files_of(_values(filling).get(field.name)), *files_of(value)][: field.most]
    if filling.line is None:
        filling.values = {**filling.values, field.name: value}
    else:
        lines = [dict(each) for each in filling.lines or []]
        lines[filling.line][field.name] = value
        filling.lines = lines
    if not more or is_single(button):
        _go(filling, "" if is_single(button) else first(button, filling))


def wants_file(button: Button, filling: Filling) -> bool:
    """True if a file is asked for now."""
    field = _field(button, filling)
    return field is not None and field.widget is Widget.FILE


def asked_for(button: Button, filling: Filling) -> Field | None:
    """The field that is asked for now."""
    return _field(button, filling)


def _read(field: Field, text: str, asked: Asked) -> Any:
    """What a written answer says, or None."""
    match field.widget:
        case Widget.DATE:
            found = typed.day(text, today=asked.today, language=asked.language)
            return found.isoformat() if found else None
        case Widget.NUMBER | Widget.MONEY:
            number = typed.number(text)
            return None if number is None else format(number, "f")
        case Widget.CHOICE if field.options:
            return typed.one_of(text, field.options)
        case Widget.YES_NO | Widget.FILE:
            return None
        case Widget.LINE | Widget.LONG | Widget.CHOICE:
            return text.strip() or None


def _go(filling: Filling, field: str) -> None:
    filling.field, filling.page = field, ""


def _field(button: Button, filling: Filling) -> Field | None:
    return next((each for each in fields_of(button, filling) if each.name == filling.field), None)


def _brief(text: str, most: int = 150) -> str:
    """What there is room for; the rest is shown where the field is asked for, and on the card."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _nth(button: Button, filling: Filling, field: Field) -> int:
    return list(fields_of(button, filling)).index(field)


def _values(filling: Filling) -> Mapping[str, Any]:
    if filling.line is None:
        return filling.values
    lines = filling.lines or []
    return lines[filling.line] if filling.line < len(lines) else {}


def _held(fields: Sequence[Field]) -> Values:
    return {each.name: each.value for each in fields}


def _or_empty(value: Any) -> Any:
    return "" if value is None else value


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _data(filling: Filling, *words: object) -> str:
    return own(FORM, filling.id, *words)


def _key(filling: Filling, label: str, *words: object) -> Key:
    return Key(short(label), _data(filling, *words))


def _cancel(filling: Filling, language: str) -> Key:
    return _key(filling, say(language, "Cancel"), CANCEL)


def _last(filling: Filling, language: str, *keys: Key) -> tuple[Key, ...]:
    return (*keys, _cancel(filling, language))

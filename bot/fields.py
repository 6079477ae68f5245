"""Fields: one blank of a form with what it holds, as a person reads it or fills it in."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from backend.forms import Blank, Option, Widget, files_of, plain
from backend.words import Money, say, write
from bot.message import Field


def form_field(blank: Blank, values: Mapping[str, Any], language: str) -> Field:
    """A blank to fill in, with what it holds already."""
    value = values.get(blank.name, plain(blank.default) if blank.default not in (None, ()) else None)
    return Field(
        name=blank.name,
        title=say(language, blank.title),
        value=value,
        shown="" if value is None else shown(blank, value, language),
        widget=blank.widget,
        required=blank.required,
        data=blank.data,
        options=tuple((each.value, say(language, each.title)) for each in blank.options),
        most=blank.most,
    )


def shown(blank: Blank, value: Any, language: str, currency: str = "") -> str:
    """A stored value as a person reads it: an option's title, a day with its weekday, an amount in its currency."""
    option: Option | None = next((each for each in blank.options if each.value == value), None)
    if option is not None:
        return say(language, option.title)
    if blank.widget is Widget.FILE:
        count = len(files_of(value))
        return say(language, "attached") if count == 1 else say(language, "{count} pages", count=count) if count else ""
    try:
        read = TypeAdapter(blank.type).validate_python(value)
        return write(language, Money(read, currency) if currency and blank.widget is Widget.MONEY else read)
    except ValidationError:
        return write(language, value)

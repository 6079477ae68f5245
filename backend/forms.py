"""A form: what a person fills in, each of its fields with the widget that asks for it, and how it is read."""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NewType, TypeVar, Union, cast, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic import Field as PydanticField
from pydantic.fields import FieldInfo

from backend.refusals import Refusal
from backend.words import Title

FileId = NewType("FileId", str)
"""The name of a stored file (see backend/files.py)."""

MOST_FILES = 10
"""Files that one field holds at most: what a channel lets somebody choose at once."""


def files_of(value: Any) -> tuple[str, ...]:
    """The files that a field holds, in their order: none, one, or the pages of one receipt."""
    held = cast("Sequence[object]", value) if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(str(each) for each in held if each))


Files = Annotated[tuple[FileId, ...], BeforeValidator(files_of)]
"""Several stored files that are one thing, such as the pages of a receipt; one by itself stands for a list of one."""

_FILES = tuple[FileId, ...]


class Data(StrEnum):
    """How sensitive what stands in a field is; a channel has a ceiling and shows nothing above it."""

    PLAIN = "plain"
    PRIVATE = "private"
    HEALTH = "health"
    BANK = "bank"

    def above(self, ceiling: "Data") -> bool:
        order = list(Data)
        return order.index(self) > order.index(ceiling)


class Widget(StrEnum):
    """How a channel asks for a field; a channel draws these and knows no kind."""

    LINE = "line"
    LONG = "long"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    FILE = "file"
    YES_NO = "yes_no"


LONGEST_TEXT = 4000
"""Characters of one text: a note, a reason."""


def of_our_time(value: Any) -> Any:
    """The value, where it is no day or a day that calendars can tell of; otherwise a ValueError with the sentence."""
    if isinstance(value, date) and not 1970 <= value.year < 2200:
        raise ValueError("That day is too far away.")
    return value


class Form(BaseModel):
    """What a person fills in: flat, typed, nothing extra."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=LONGEST_TEXT, frozen=True)
    _nth: int | None = PrivateAttr(None)
    _of_our_time = field_validator("*", mode="after")(of_our_time)

    @property
    def nth(self) -> int | None:
        """Which line of its request this is, from 1; None where it is no line."""
        return self._nth

    def as_line(self, nth: int) -> "Form":
        """This form, as the line with that number."""
        self._nth = nth
        return self


F = TypeVar("F", bound="Form")


def blank(
    title: str,
    *,
    question: str | None = None,
    data: Data = Data.PLAIN,
    widget: Widget | None = None,
    free_text: bool = False,
    told: bool = True,
    **pydantic: Any,
) -> Any:
    """One blank of a form.

    title      its label: "First day"
    question   what the bot asks when it is missing: "What is the last day?"
    data       how sensitive it is
    widget     how it is asked for, where its type does not say (long text, money)
    free_text  true for notes and reasons: never among a call's arguments
    told       false for what only follows from other fields: no form asks for it
    pydantic   default, ge, max_length, pattern ... as in pydantic.Field
    """
    extra: dict[str, Any] = {
        "question": question or f"{title}?",
        "data": data.value,
        "widget": widget.value if widget else None,
        "free_text": free_text,
        "told": told,
    }
    return PydanticField(title=title, json_schema_extra=extra, **pydantic)


@dataclass(frozen=True)
class Option:
    """One of the answers to a choice: what is stored, what is shown, and how else people say it."""

    value: str
    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blank:
    """A field of a form as channels, cards and brains see it.

    most  of files, how many it holds at most
    """

    name: str
    title: str
    question: str
    widget: Widget
    required: bool
    data: Data
    free_text: bool
    told: bool
    default: Any
    type: Any
    options: tuple[Option, ...] = ()
    most: int = 1


@cache
def blanks_in(form: type[Form]) -> tuple[Blank, ...]:
    """The fields of a form as it is written, each with its widget; a type that no widget asks for is a TypeError."""
    out: list[Blank] = []
    for name, info in form.model_fields.items():
        extra = cast(dict[str, Any], info.json_schema_extra or {})
        type_ = _without_none(info.annotation)
        widget = Widget(str(extra["widget"])) if extra.get("widget") else _widget(form, name, type_)
        options: tuple[Option, ...] = ()
        if widget is Widget.CHOICE and isinstance(type_, type) and issubclass(type_, StrEnum):
            options = tuple(Option(each.value, each.value.replace("_", " ").capitalize()) for each in type_)
        out.append(
            Blank(
                name=name,
                title=info.title or name.replace("_", " ").capitalize(),
                question=str(extra.get("question") or info.title or name),
                widget=widget,
                required=info.is_required(),
                data=Data(str(extra.get("data", "plain"))),
                free_text=bool(extra.get("free_text", False)),
                told=bool(extra.get("told", True)),
                default=None if info.is_required() else info.get_default(call_default_factory=True),
                type=type_,
                options=options,
                most=MOST_FILES if type_ == _FILES else 1,
            )
        )
    return tuple(out)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [each for each in get_args(annotation) if each is not type(None)]
        if len(rest) == 1:
            return rest[0]
    return annotation


def _widget(form: type[Form], name: str, type_: Any) -> Widget:
    if type_ is FileId or type_ == _FILES:
        return Widget.FILE
    if isinstance(type_, type):
        if issubclass(type_, StrEnum):
            return Widget.CHOICE
        if issubclass(type_, bool):
            return Widget.YES_NO
        if issubclass(type_, int | Decimal):
            return Widget.NUMBER
        if issubclass(type_, date):
            return Widget.DATE
        if issubclass(type_, str):
            return Widget.LINE
    raise TypeError(f"{form.__name__}.{name}: no widget can ask for {type_!r}")


def read(form: type[Form], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Reads what is filled in so far: (good values by field, what is wrong by field)."""
    good: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        info = form.model_fields.get(name)
        if info is None:
            wrong[name] = "There is no such field."
        elif value is not None and value != "":
            try:
                good[name] = _adapter(form, name, info).validate_python(value)
            except ValidationError as error:
                wrong[name] = _sentence(error)
    return good, wrong


def _adapter(form: type[Form], name: str, info: FieldInfo) -> TypeAdapter[Any]:
    key = (form, name)
    if key not in _adapters:
        type_: Any = Annotated[info.annotation, info, AfterValidator(of_our_time)]
        _adapters[key] = TypeAdapter(type_, config=ConfigDict(str_strip_whitespace=True, str_max_length=LONGEST_TEXT))
    return _adapters[key]


_adapters: dict[tuple[type[Form], str], TypeAdapter[Any]] = {}


def validated(form: type[F], values: Mapping[str, Any]) -> F:
    """The form with these values; a Refusal names the first field that is missing or wrong."""
    try:
        return form.model_validate({name: value for name, value in values.items() if value not in (None, "")})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else None
        if name is None:
            raise Refusal(_sentence(error)) from error
        title = Title((form.model_fields[name].title if name in form.model_fields else None) or name)
        if first["type"] == "missing":
            raise Refusal("{title} is missing: fill it in and send again.", field=name, title=title) from error
        raise Refusal("{title}: {problem}", field=name, title=title, problem=Title(_sentence(error))) from error


PROBLEMS = {
    "date": "That is not a day.",
    "bool": "That is neither yes nor no.",
    "enum": "That was not one of the choices.",
    "greater_than": "That number is too small.",
    "less_than": "That number is too large.",
    "decimal_max_places": "That has too many decimals.",
    "decimal_max_digits": "That number is too large.",
    "decimal_whole_digits": "That number is too large.",
    "decimal": "That is not a number.",
    "finite_number": "That is not a number.",
    "int": "That is not a number.",
    "too_long": "Those are too many files.",
    "string_too_short": "That is too short.",
    "string_too_long": "That is too long.",
    "string_pattern": "That is not written as it should be.",
    "string": "That is not a text.",
}
"""What people read for what pydantic found, by how the name of its error begins."""


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    for sort, sentence in PROBLEMS.items():
        if first["type"].startswith(sort):
            return sentence
    text = str(first["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def plain(value: Any) -> Any:
    """A value in JSON's own types: dates as ISO days, amounts as text without trailing zeros beyond cents."""
    match value:
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case dict():
            return {str(key): plain(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list() | tuple():
            return [plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value


def as_lines(said: Any) -> list[dict[str, Any]] | None:
    """The lines of a request in what a brain or a form made of them; None where they are no list of fields."""
    found = cast("list[Any]", said) if isinstance(said, list | tuple) else None
    if found is None or not all(isinstance(each, Mapping) for each in found):
        return None
    return [dict(cast("Mapping[str, Any]", each)) for each in found]

"""Puts former-N in the place of what names somebody who was erased, in all that others wrote and were shown."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Text, or_, select, true, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from backend.people import Person
from backend.store import Base

COLUMNS = {
    "inbox": ("text", "understood"),
    "posts": ("body", "error"),
    "drafts": ("values", "lines", "doubts"),
    "requests": ("values", "granted", "before"),
    "request_lines": ("values", "granted"),
    "opinions": ("comment", "before"),
    "questions": ("text", "answer"),
    "steps": ("why", "label"),
    "deliveries": ("error",),
    "table_rows": ("values",),
    "holiday_years": ("comment",),
    "leave_entries": ("reason",),
    "money_entries": ("payee",),
    "orders": ("closed",),
    "payment_items": ("left_out",),
    "readings": ("said", "doc"),
    "owner_questions": ("question", "answer"),
    "handbook_proposals": ("held",),
    "gaps": ("question",),
}
"""The columns that hold what people wrote, or what was made of it."""
_SMALL = "da das de del della der di do dos du el e la las le los ten van von und y zu zum zur"
PARTICLES = frozenset(_SMALL.split())
_ALSO = (
    "art bill chase dawn dean drew faith frank grace guy hope jack joy june mark max may pat ray rich rob rose sky sue "
    "will luz mar paz pia sol carmen"
)
WORDS_TOO = frozenset(_ALSO.split())
"""First names that are also words, or begin one in small letters: they name somebody only with a capital."""


@dataclass(frozen=True)
class Words:
    """What names a person in a text, and what takes its place.

    whole    name, e-mail and handle, in whatever case
    parts    names alone, which have to be written as names are
    needles  what a text holds at least that one of them is in
    """

    whole: re.Pattern[str]
    parts: re.Pattern[str] | None
    needles: tuple[str, ...]
    instead: str

    def replace(self, text: str) -> str:
        text = self.whole.sub(self.instead, text)
        return self.parts.sub(self.instead, text) if self.parts else text

    def search(self, text: str) -> bool:
        return bool(self.whole.search(text) or (self.parts and self.parts.search(text)))

    def inside(self, thing: Any) -> Any:
        """A JSON document with every text in it replaced."""
        match thing:
            case str():
                return self.replace(thing)
            case dict():
                return {key: self.inside(value) for key, value in cast("dict[str, Any]", thing).items()}
            case list():
                return [self.inside(each) for each in cast("list[Any]", thing)]
            case _:
                return thing

    def likely(self, column: Any) -> ColumnElement[bool]:
        """Where a column may hold one of them: databases compare letters with accents each in their own way."""
        if not all(self.needles):
            return true()
        return or_(*(column.icontains(each, autoescape=True) for each in self.needles))


def words_of(session: Session, person: Person) -> Words:
    """What names a person: the whole name, and each part of it that nobody else here is called."""
    others = session.scalars(select(Person.name).where(Person.id != person.id, Person.erased_at.is_(None)))
    taken = {_plain(part) for name in others for part in re.split(r"[\s.-]+", name)}
    parts = [each for each in re.split(r"\s+", person.name) if len(each) > 1 and each.lower() not in PARTICLES]
    alone = [each for each in parts if _plain(each) not in taken]
    first = parts[0] if parts and parts[0] in alone and len(parts[0]) > 2 else ""
    spoken = [first] if first and _plain(first) not in WORDS_TOO else []
    whole = _with_plain([each for each in (person.email, person.name, person.handle, *spoken) if each])
    written = _with_plain([each for each in alone if each not in spoken])
    cased = [form for each in written for form in dict.fromkeys((each, each.upper()))]
    return Words(
        _pattern(whole, re.IGNORECASE),
        _pattern(cased, re.NOFLAG) if cased else None,
        tuple(dict.fromkeys(_ascii_part(each) for each in (*whole, *written))),
        f"former-{person.id}",
    )


def replace_everywhere(session: Session, words: Words) -> None:
    """In what others wrote and were shown, what names the person gives way to the new handle."""
    for name, columns in COLUMNS.items():
        table = Base.metadata.tables.get(name)
        for column in columns if table is not None else ():
            _replace_column(session, table, column, words)
    session.expire_all()


def _replace_column(session: Session, table: Any, name: str, words: Words) -> None:
    column = table.c[name]
    keys = list(table.primary_key.columns)
    found: Any = session.execute(select(*keys, column).where(words.likely(sql_cast(column, Text)))).all()
    for *key, value in found:
        changed = words.inside(value)
        if changed != value:
            same = [one == other for one, other in zip(keys, key, strict=True)]
            session.execute(update(table).where(*same).values({name: changed}))


def _pattern(names: list[str], flags: re.RegexFlag) -> re.Pattern[str]:
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(each) for each in longest)})(?!\w)", flags)


def _with_plain(names: list[str]) -> list[str]:
    """Names also as they are typed without accents."""
    return list(dict.fromkeys(form for each in names for form in (each, _unaccented(each))))


def _unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(each for each in plain if not unicodedata.combining(each))


def _plain(text: str) -> str:
    return _unaccented(text).casefold()


def _ascii_part(text: str) -> str:
    """The longest run of a text without accents; "" where there is none."""
    return max(re.findall(r"[ -~]+", text), key=len, default="").strip()

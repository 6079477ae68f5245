"""Text that people read, said in their language: dates, money and counts written as they write them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

LANGUAGES = ("en", "es", "pt", "fr", "de", "it")


@dataclass(frozen=True)
class Money:
    """An amount with its currency, said as a language writes it: €1,234.50."""

    amount: Decimal
    currency: str

    def said_in(self, language: str) -> str:
        return format_currency(self.amount, self.currency, locale=_locale(language))


@dataclass(frozen=True)
class Count:
    """A count of days: 1 day, 2.5 days."""

    days: Decimal

    def said_in(self, language: str) -> str:
        if self.days == 1:
            return say(language, "1 day")
        return say(language, "{count} days", count=self.days)


@dataclass(frozen=True)
class Hours:
    """A count of hours: 1 hour, 2.5 hours."""

    hours: Decimal

    def said_in(self, language: str) -> str:
        if self.hours == 1:
            return say(language, "1 hour")
        return say(language, "{count} hours", count=self.hours)


@dataclass(frozen=True)
class Span:
    """The days from start to end, inclusive: Thu 26 Nov 2026, or Mon 21 Dec to Wed 23 Dec 2026."""

    start: date
    end: date

    def said_in(self, language: str) -> str:
        if self.start == self.end:
            return day(language, self.start)
        form = "EEE d MMM" if self.start.year == self.end.year else "EEE d MMM y"
        first = format_date(self.start, form, locale=_locale(language))
        return say(language, "{first} to {last}", first=first, last=self.end)


@dataclass(frozen=True)
class Country:
    """A country by its code, said by its name: PT is Portugal."""

    code: str

    def __bool__(self) -> bool:
        return bool(self.code)

    def said_in(self, language: str) -> str:
        names = cast(Mapping[str, str], Locale.parse(_locale(language)).territories)
        return names.get(self.code, self.code)


@dataclass(frozen=True)
class Title:
    """A title, a state or a sentence that is itself translated where it stands in another."""

    text: str

    def __str__(self) -> str:
        return self.text

    def said_in(self, language: str) -> str:
        return say(language, self.text)


@dataclass(frozen=True)
class Titles:
    """Titles in a row, each translated: Amount, Date."""

    texts: tuple[str, ...]

    def said_in(self, language: str) -> str:
        return ", ".join(say(language, each) for each in self.texts)


@dataclass(frozen=True)
class Sentence:
    """A text with values of its own, said where it stands in another."""

    text: str
    values: Mapping[str, object]

    def said_in(self, language: str) -> str:
        return say(language, self.text, **self.values)


@dataclass(frozen=True)
class Places:
    """Lines by their numbers, or days, in a row: 1–3, 7; with what is told of each: 1 (€2.00), 3 (€5.00)."""

    held: tuple[tuple[int | date, object], ...]

    def said_in(self, language: str) -> str:
        if any(value is not None for _, value in self.held):
            return ", ".join(f"{write(language, each)} ({write(language, value)})" for each, value in self.held)
        runs: list[list[int]] = []
        for nth in (each for each, _ in self.held if isinstance(each, int)):
            if runs and nth == runs[-1][-1] + 1:
                runs[-1].append(nth)
            else:
                runs.append([nth])
        return ", ".join(f"{each[0]}–{each[-1]}" if len(each) > 2 else ", ".join(map(str, each)) for each in runs)


@dataclass(frozen=True)
class InPlaceOf:
    """Somebody who acts for somebody else: Tom, for Maria."""

    name: str
    other: str

    def __str__(self) -> str:
        return self.said_in("en")

    def said_in(self, language: str) -> str:
        return say(language, "{name}, for {other}", name=self.name, other=self.other)


@dataclass(frozen=True)
class Either:
    """Any one of these people: Ana, Tom or Priya; nobody."""

    names: tuple[str | InPlaceOf, ...]

    def __str__(self) -> str:
        return self.said_in("en")

    def said_in(self, language: str) -> str:
        if not self.names:
            return say(language, "nobody")
        names = [write(language, each) for each in self.names]
        if len(names) == 1:
            return names[0]
        return say(language, "{some} or {last}", some=", ".join(names[:-1]), last=names[-1])


def say(language: str, text: str, /, **values: object) -> str:
    """The text in a language ("en", "es", ...), with {names} replaced by values written in that language.

    A text that has no translation is said in English. Translations: backend/languages/<language>.json.
    """
    form = _translations(language).get(text, text)
    return form.format(**{name: write(language, value) for name, value in values.items()}) if values else form


def write(language: str, value: object) -> str:
    """One value as people of that language write it: Thu 26 Nov 2026, 1,234.50, ..."""
    match value:
        case None:
            return ""
        case bool():
            return say(language, "yes" if value else "no")
        case datetime():
            return format_datetime(value, "EEE d MMM y, HH:mm", locale=_locale(language))
        case date():
            return day(language, value)
        case Decimal() | float():
            return format_decimal(value, locale=_locale(language))
        case str() | int():
            return str(value)
        case (
            Money()
            | Count()
            | Hours()
            | Span()
            | Title()
            | Titles()
            | Sentence()
            | Places()
            | Either()
            | InPlaceOf()
            | Country()
        ):
            return value.said_in(language)
        case _:
            return str(value)


def day(language: str, value: date) -> str:
    """A day with its weekday and year: Thu 26 Nov 2026."""
    return format_date(value, "EEE d MMM y", locale=_locale(language))


def originals(said: str) -> list[str]:
    """The English texts that are said like this in one of the languages: "Send to Ana" for "Enviar a Ana"."""
    out: list[str] = []
    for language in LANGUAGES:
        for form, text in _forms(language):
            if found := form.fullmatch(said):
                out.append(text.format(**found.groupdict()))
    return out


@cache
def _forms(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Each translation that begins with a word of its own as a pattern, with the English text."""
    named = re.compile(r"\\{(\w+)\\}")
    out: list[tuple[re.Pattern[str], str]] = []
    for text, form in _translations(language).items():
        seen: set[str] = set()

        def group(found: re.Match[str], seen: set[str] = seen) -> str:
            name = found[1]
            again = name in seen
            seen.add(name)
            return f"(?P={name})" if again else f"(?P<{name}>.+)"

        if not form.startswith("{"):
            out.append((re.compile(named.sub(group, re.escape(form))), text))
    return out


def people(language: str, names: list[str]) -> str:
    """Names in a row: Ana, Tom and Priya."""
    if len(names) < 2:
        return "".join(names)
    return say(language, "{some} and {last}", some=", ".join(names[:-1]), last=names[-1])


def _locale(language: str) -> str:
    return {"en": "en_GB", "pt": "pt_PT"}.get(language, language if language in LANGUAGES else "en_GB")


@cache
def _translations(language: str) -> dict[str, str]:
    file = Path(__file__).parent / "languages" / f"{language}.json"
    return json.loads(file.read_text(encoding="utf-8")) if language != "en" and file.is_file() else {}

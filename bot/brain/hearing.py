"""One message read once: its language, days, amounts, counts, names and request numbers, for whoever needs them."""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from bot.brain import dates
from bot.brain.acts import Ref, refs_in
from bot.brain.amounts import Amount, Count, amounts_in, counts_in
from bot.brain.asides import without_asides
from bot.brain.calendar_words import phrases
from bot.brain.clean import Clean, clean, fold
from bot.brain.clock_hours import Hours, between, hours_in
from bot.brain.date_libraries import days_by_library
from bot.brain.dates import Days, Lean
from bot.brain.language import beside, language_of
from bot.brain.names import Named, names_in
from bot.brain.numbers import digits_joined, hundreds_in_digits
from bot.brain.port import Turn
from bot.brain.repairs import repaired

_DATED = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|easter|pentecost|quarter|fortnight|evening of|"
    r"january|february|april|june|july|august|september|october|november|december|"
    r"enero|febrero|abril|junio|julio|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|setembro|outubro"
    r"|dezembro|"
    r"janvier|fevrier|avril|juin|juillet|aout|septembre|octobre|novembre|decembre|januar|februar|juni|juli|oktober"
    r"|dezember|"
    r"gennaio|febbraio|aprile|giugno|luglio|settembre|ottobre|dicembre|"
    r"(?:seconds?|third|fourth|last) (?:week|day|month)|\d+ (?:weeks?|months?|days?) (?:from|after|before|ago)"
    r"|\d{1,2}[.-]\d{1,2}[.-]?\d*)\b"
)


@dataclass(frozen=True)
class Heard:
    """A message and what stands in it. Everything is found when it is first asked for."""

    turn: Turn
    clean: Clean
    language: str

    @property
    def text(self) -> str:
        return self.clean.text

    @property
    def folded(self) -> str:
        return self.clean.folded

    @property
    def today(self) -> date:
        return self.turn.now.date()

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(kind.prefix for kind in self.turn.kinds.values())

    @cached_property
    def refs(self) -> list[Ref]:
        return refs_in(self.folded, prefixes=self.prefixes)

    @property
    def last_shown(self) -> int | None:
        """The number of the request whose card was shown last; None where none was."""
        return int(re.sub(r"\D", "", self.turn.shown[0]) or 0) if self.turn.shown else None

    @cached_property
    def names(self) -> list[Named]:
        return names_in(self.clean, self.turn.colleagues)

    @cached_property
    def amounts(self) -> list[Amount]:
        first = dates.days_in(self.folded, today=self.today, language=self.language, hidden=self._sure_money())
        hidden = tuple(each.span for each in self.refs) + tuple(each.span for each in first)
        return amounts_in(self.folded, hidden=hidden)

    def _sure_money(self) -> tuple[tuple[int, int], ...]:
        times = between(self.folded)
        hidden = tuple(each.span for each in [*self.refs, *([times] if times else [])])
        return tuple(each.span for each in amounts_in(self.folded, hidden=hidden) if each.currency) + hidden

    @cached_property
    def counts(self) -> list[Count]:
        return counts_in(self.folded, hidden=tuple(each.span for each in [*self.amounts, *self.refs, *self.days()]))

    def days(self, lean: Lean = Lean.FUTURE, *, bare: bool = False, after: date | None = None) -> list[Days]:
        """The days said, read forwards or backwards; `bare` where days were asked for."""
        key = (lean, bare, after)
        if key not in self._days:
            hidden = (
                tuple(each.span for each in self.refs)
                if bare
                else self._sure_money() + tuple(each.span for each in self.amounts if each.sure)
            )
            languages = (self.language, self._beside) if self._beside else (self.language,)
            readings = [
                dates.days_in(
                    self.folded,
                    today=self.today,
                    language=language,
                    lean=lean,
                    day_first=self.turn.day_first,
                    bare=bare,
                    hidden=hidden,
                    after=after,
                )
                for language in languages
            ]
            self._days[key] = max(readings, key=lambda found: sum(end - start for start, end in _spans(found)))
        return self._days[key]

    @cached_property
    def _beside(self) -> str | None:
        """The language of some words of a message that mixes two."""
        return beside(self.text, self.folded, main=self.language)

    def said_days(self, lean: Lean = Lean.FUTURE, *, bare: bool = False, after: date | None = None) -> list[Days]:
        """As days(); where our own rules find none but something looks like a date, the libraries are asked."""
        found = self.days(lean, bare=bare, after=after)
        if found or not _DATED.search(self.folded):
            return found
        return days_by_library(self.text, today=self.today, language=self.language, lean=lean)

    @cached_property
    def _days(self) -> dict[tuple[Lean, bool, date | None], list[Days]]:
        return {}

    @cached_property
    def hours(self) -> Hours | None:
        return hours_in(self.folded)

    @cached_property
    def part(self) -> str | None:
        if (alone := self.folded.strip(" .,!")) in ("am", "pm"):
            return alone
        return dates.part_in(self.folded, language=self.language) or (self.hours.part if self.hours else None)

    def spans(self, lean: Lean = Lean.FUTURE) -> list[tuple[int, int]]:
        """Where something other than free text stands."""
        found = [*self.refs, *self.days(lean), *self.amounts]
        return sorted(each.span for each in found)

    def clause(self, start: int, end: int) -> "Heard":
        """A part of the message as if it stood alone."""
        text = self.text[start:end].strip(" ,;.\n")
        if re.search(r"\d\.\d{1,2}$", text) and self.text[start:end].rstrip(" ,;\n").endswith(f"{text[-1]}."):
            text += "."  # "vom 20.11." is a day
        return Heard(replace(self.turn, text=text), clean(text), self.language)

    def worded(self, text: str) -> "Heard":
        """The message as if it had been written so."""
        return Heard(replace(self.turn, text=text), clean(text), self.language)


def _spans(found: list[Days]) -> list[tuple[int, int]]:
    return [each.span for each in found]


MOST = re.compile(r"(?:\W*\w+){0,200}")
LONGEST = 2000
"""How much of a message is read: words, and characters. What the rules take grows faster than its length."""


def hear(turn: Turn) -> Heard:
    """Cleans a message, as far as it is read, and finds its language."""
    read = MOST.match(turn.text[:LONGEST])
    if read is not None and read.end() < len(turn.text):
        turn = replace(turn, text=turn.text[: max(read.end(), 100)])
    turn = replace(turn, text=digits_joined(turn.text))
    cleaned = clean(turn.text)
    language = language_of(turn.text, cleaned.folded, otherwise=turn.language)
    plain = hundreds_in_digits(without_asides(cleaned.text, language=language))
    if plain != cleaned.text:
        cleaned = clean(plain)
    people = frozenset(word for each in turn.colleagues for word in fold(each.name).split())
    if (meant := repaired(cleaned.folded, cleaned.text, language=language, people=people)) != cleaned.text:
        cleaned = clean(meant)
    known = phrases(turn.language).get(cleaned.folded.strip(" .!"), ())
    if any(tag == "WD" for _, readings in known for tag, _ in readings):
        language = turn.language  # "mon" is a day, and no French word, where English was spoken
    return Heard(turn, cleaned, language)


QUESTION = re.compile(
    r"^(?:so |and |but |wait,? |hey,? |also,? |hi,? |actually,? )*(?:what|who|who's|whos|when|where|which|why|how|is"
    r"|are|was|were|whats|hows|wheres|whens|do|does|did|has|have|am|may|can|could|will|would|should|any"
    r"|que|quien|cuando|donde|cual|cuanto|cuantos|cuantas|cuanta|como|por que|puedo|hay|qual|quem|quando|onde|quanto"
    r"|quantos|quantas|posso|ha|"
    r"combien|qui|quand|ou|quel|quelle|quels|comment|pourquoi|est-ce|puis-je|peut-on|y a-t-il|wer|wann|wo|was|welche"
    r"|welcher|wie|warum|darf|kann|gibt|ist|bin|habe|"
    r"chi|cosa|dove|quale|perche|quanti|quante|come|c'e)\b"
)

SHOWS = re.compile(
    r"^(?:please )?(?:show|tell|list|dime|muestra\w*|diz|mostra\w*|dis-moi|dites|montre\w*|sag|zeig\w*|dimmi"
    r"|mostrami)\b"
)


def asks(folded: str) -> bool:
    """Whether a message asks for something to be told or shown."""
    return bool(SHOWS.match(folded)) or folded.rstrip().endswith("?") or bool(QUESTION.match(folded))

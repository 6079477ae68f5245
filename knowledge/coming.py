"""Where the next of something is asked, and a table or a list of days tells it: the one that comes next, by today."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

from babel import Locale

from knowledge.asking import LANGUAGES, month_names
from knowledge.days import days_in
from knowledge.weighing import Weighed

_NEXT = (
    r"\b(?:next|upcoming|pr[oó]xim[oa]s?|siguientes?|seguintes?|prochaine?s?|n[äa]chste[nrsm]?|kommende[nrsm]?|"
    r"prossim[oaie])\b"
)
_SPANS = (
    r"weeks?|months?|quarters?|years?|semanas?|m[eê]s(?:es)?|trimestres?|a[nñ]os?|semaines?|mois|ann[eé]es?|ans?|"
    r"wochen?|monate?n?s?|quartale?s?|jahre?s?|settiman[ae]|mes[ei]|trimestr[ei]|ann[oi]"
)
DAYS = 100
"""After how many days what comes later is worth less by one."""


def is_asked(question: str) -> bool:
    """True where the next of something is asked; next week and next March are only days."""
    return bool(re.search(_NEXT, _only_a_day().sub(" ", question.lower())))


def only_next(
    weighed: Sequence[Weighed], runs: Sequence[Sequence[Weighed]], *, today: date, several: bool
) -> list[Weighed]:
    """What was chosen, but of each table and list of days only what comes next, worth what the best of it is.

    What is over by today is left out; where all is over, the table stays as it is.
    several  what comes after the next is asked too
    """
    out = [each for run in runs for each in run]
    for table in {_table(each) for each in out} - {None}:
        rows = [each for each in weighed if _table(each) == table]
        dated = [(days[0], each) for each in rows if (days := _days(each, today))]
        ahead = sorted(((day, each) for day, each in dated if day >= today), key=lambda one: one[0])
        if len(dated) < 2 or 2 * len(dated) <= len(rows) or not ahead:
            continue
        best = max(each.worth for each in rows)
        out = [each for each in out if _table(each) != table]
        out += [
            replace(each, worth=best - (day - ahead[0][0]).days / DAYS)
            for day, each in ahead
            if several or day == ahead[0][0]
        ]
    heads = [each for each in weighed if each.sentence.head]
    return [*out, *(each for each in heads if each not in out)]


def _table(each: Weighed) -> tuple[str, str, int] | None:
    """Which table or list a row or an item is of: tables with one head in one document are one."""
    sentence = each.sentence
    if sentence.row:
        return None if sentence.head else (each.hit.doc, sentence.lead, -1)
    return (each.hit.doc, sentence.lead, each.passage) if sentence.item else None


def _days(each: Weighed, today: date) -> list[date]:
    return days_in(each.sentence.text, today=today, heading=each.hit.heading)


@cache
def _only_a_day() -> re.Pattern[str]:
    names = [*month_names(), *(name for each in LANGUAGES for name in _weekdays(each))]
    spans = f"(?:{_SPANS}|{'|'.join(re.escape(each.lower()) for each in names)})"
    return re.compile(rf"{_NEXT}\s+{spans}\b|\b{spans}\s+{_NEXT}")


def _weekdays(language: str) -> list[str]:
    return list(cast(dict[int, str], Locale(language).days["format"]["wide"]).values())

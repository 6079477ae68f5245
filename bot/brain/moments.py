"""Moments as people say them: "tomorrow at 9", "in 2 hours", "until Monday", "montag um 14:30"; in six languages."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.brain.hearing import Heard

MORNING, AFTERNOON = time(9), time(14)
"""What is meant where only a day, or a part of one, is said."""

_IN = r"(?:in|en|dentro de|em|daqui a|dans|d'ici|tra|fra)"
_ONE = r"(?:an?|one|una?|uma?|une?|einer?|eine|un'|uno)"
_NUMBERS = {
    2: "two|couple of|dos|duas|dois|deux|zwei|due",
    3: "three|tres|trois|drei|tre",
    4: "four|cuatro|quatro|quatre|vier|quattro",
}
_COUNT = "|".join(_NUMBERS.values())
_LONG = re.compile(
    rf"\b{_IN}\s+(?:a\s+)?(?:(?P<half>half an|media|meia|une demi-|einer halben|mezz'|mezza )"
    rf"|(?P<one>{_ONE})\s*|(?P<count>\d{{1,3}}|{_COUNT})\s*)"
    r"\s*(?P<unit>hours?|hrs?|h|horas?|heures?|stunden?|ora|ore|minutes?|mins?|minutos?|minuten?|minuti|minuto)\b"
)
_AT = re.compile(
    r"\b(?:at|around|by|a las?|sobre las|as|a|pelas|vers|um|gegen|alle|all'|verso le)\s*"
    r"(?P<hour>\d{1,2})(?:(?::|h|\.(?=\d\d))(?P<minute>\d{2}))?\s*(?P<mark>am|pm|uhr|h|heures?|horas?|o'clock)?(?![\w€$£%/-])"
)
_HOUR = re.compile(
    r"\b(?:at|around|um|gegen|vers|a las?|sobre las|as|pelas|alle|verso le)\s*\d{1,2}(?:[:h]\d{2})?"
    r"(?![\w./:-]|\s*(?:de|di)\b)(?:\s*(?:uhr|am|pm|h)\b)?"
)
_MARKED = re.compile(
    r"(?<![\w:.,/-])(?P<hour>\d{1,2})(?:(?P<sep>[:h])(?P<minute>\d{2}))?\s?(?P<mark>am|pm|uhr|h|o'clock)?(?![\w€$£%/.,-])"
)
_NOON = re.compile(r"\b(?:(?:at )?noon|midday|(?:a )?mediodia|(?:ao )?meio-?dia|(?:a )?midi|mittags?|mezzogiorno)\b")
_EVENING = re.compile(
    r"\b(?:(?:at )?the end of (?:the|my) day|end of day|eod|al final del dia|no fim do dia|en fin de journee"
    r"|am ende des tages|feierabend|a fine giornata)\b"
)
_EVENING_AT = time(17)


@dataclass(frozen=True)
class Said:
    """A moment (aware, where the speaker works), and where in the text it stands."""

    at: datetime
    spans: tuple[tuple[int, int], ...]


def moment_in(heard: Heard, *, bare: bool = False) -> Said | None:
    """The moment that a message says, in the future where it can be; None if it says none.

    bare  where a moment was asked for: "the 3rd" and "10:30" are moments then
    """
    now = heard.turn.now
    if found := _LONG.search(heard.folded):
        return Said(now + _length(found), (found.span(),))
    plain = _without_hours(heard)
    day = next((each for each in plain.said_days() if each.start or each.end), None)
    clock, where = _clock(heard, (day.span,) if day else ())
    if bare and day is None and clock is None:
        day = next((each for each in heard.said_days(bare=True) if each.start or each.end), None)
    spans = [day.span] if day else []
    if where is not None:
        spans.append(where)
    if day is None and clock is None:
        return None
    date = (day.start if day.said_start and day.start else day.end or day.start) if day else now.date()
    assert date is not None
    part = {"am": MORNING, "pm": AFTERNOON}.get(heard.part or "", MORNING)
    at = datetime.combine(date, clock or part, tzinfo=now.tzinfo)
    if day is None and at <= now:
        at += timedelta(days=1)
    return Said(at, tuple(spans))


def _without_hours(heard: Heard) -> Heard:
    """The message without the hours that stand behind a word for them: "thursday at 11" is not the 11th."""
    text = _HOUR.sub(lambda found: " " * len(found[0]), heard.folded)
    return Heard(heard.turn, replace(heard.clean, text=text, folded=text), heard.language)


def _length(found: re.Match[str]) -> timedelta:
    count = 0.5 if found["half"] else 1.0
    if said := found["count"]:
        count = float(said) if said.isdigit() else next(n for n, words in _NUMBERS.items() if said in words.split("|"))
    return timedelta(minutes=count) if found["unit"].startswith("min") else timedelta(hours=count)


def _clock(heard: Heard, taken: tuple[tuple[int, int], ...]) -> tuple[time | None, tuple[int, int] | None]:
    """The time of day that is said outside of the spans that are days or requests, and where."""
    hidden = [*taken, *(each.span for each in heard.refs)]
    for pattern in (_AT, _MARKED):
        for found in pattern.finditer(heard.folded):
            inside = any(start < found.end() and found.start() < end for start, end in hidden)
            marked = found["mark"] or found["minute"] or pattern is _AT
            if not inside and marked and (clock := _time(found)) is not None:
                return clock, found.span()
    if found := _NOON.search(heard.folded):
        return time(12), found.span()
    if found := _EVENING.search(heard.folded):
        return _EVENING_AT, found.span()
    return None, None


def _time(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["mark"] in ("am", "pm"):
        hour = hour % 12 + (12 if found["mark"] == "pm" else 0)
    elif found["mark"] is None and found["minute"] is None and 1 <= hour <= 6:
        hour += 12  # "at 3" at work is in the afternoon
    return time(hour, minute) if hour < 24 and minute < 60 else None

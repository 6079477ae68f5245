"""Which day printed on a paper is the day of the receipt, and how likely it is right."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from knowledge.receipts.currencies import AMERICAN
from knowledge.receipts.days import BAD, BEST, GOOD, TIME, Day, days, has_time, month_first, plain

OLD = timedelta(days=366)

_AMERICAN = re.compile(
    rf"{AMERICAN}"
    r"|sales tax|\bst(?:ate)? tax\b|\(\d{3}\) ?\d{3}-\d{4}|\bgratuity\b|\busd\b|\bunited states\b|,? usa\b"
)


@dataclass
class Choice:
    """A day that may be the one, with what speaks for it and how else it can be read."""

    day: date
    points: float = 0.0
    others: set[date] = field(default_factory=set[date])
    times: int = 0


def choices(lines: Sequence[str], *, day_first: bool, today: date) -> tuple[list[Choice], bool]:
    """The days that may be the receipt's, likeliest first; and whether day and month of the first could be swapped."""
    words = [plain(each) for each in lines]
    order = _day_first(words, day_first=day_first)
    by_day: dict[date, Choice] = {}
    swapped: dict[date, bool] = defaultdict(bool)
    above = ""
    for place, line in enumerate(words):
        found = days(line, day_first=order[0])
        for number, each in enumerate(found):
            before = line[found[number - 1].end if number else 0 : each.start]
            for reading in each.readings[:1]:
                choice = by_day.setdefault(reading, Choice(reading))
                choice.times += 1
                choice.points = max(choice.points, _points(before, above, line, each, place / max(len(words), 1)))
                choice.points -= 2.5 if reading > today + timedelta(days=1) else 0
                choice.others |= set(each.readings[1:])
                real = [day for day in each.readings[1:] if day <= today]
                swapped[reading] |= bool(real) and not each.written and not order[1]
        above = line
    _left(by_day, words, day_first=order[0])
    for choice in by_day.values():
        choice.points += 0.4 * min(choice.times - 1, 3)
    for other in _turned_back(by_day, today) if month_first(words, day_first=day_first) is None else ():
        swapped[other] = True
    ranked = sorted(by_day.values(), key=lambda each: each.points, reverse=True)
    return ranked, bool(ranked) and swapped[ranked[0].day]


_STAY = re.compile(
    r"(?<![a-z])(?:room|folio|guest|nights?|hotel|zimmer|ubernachtung\w*|habitacion|huesped|noches?|chambre|nuite\w*"
    r"|camera|notti?|quarto|hospede|noites?|kamer|overnachting\w*|natter|varelse|rum)(?![a-z])"
)
_CAME = re.compile(r"(?<![a-z])(?:arriv\w*|check-? ?in|anreise|llegada|entrada|aankomst|chegada|ankomst|from)(?![a-z])")
_WENT = re.compile(
    r"(?<![a-z])(?:depart\w*|check-? ?out|abreise|salida|partenza|vertrek|partida|saida|afrejse|avresa"
    r"|avreise)(?![a-z])"
)


def _left(by_day: dict[date, Choice], words: Sequence[str], *, day_first: bool) -> None:
    """On the bill of a stay that says no day of its own, the guest's last day is likeliest: then it was paid."""
    text = "\n".join(words)
    if len(_STAY.findall(text)) < 2 or not _CAME.search(text) or any(each.points >= 2.5 for each in by_day.values()):
        return
    for line in words:
        found = _WENT.search(line)
        after = [each for each in days(line, day_first=day_first) if found and each.start >= found.end()]
        if after and (choice := by_day.get(after[0].readings[0])):
            choice.points = max(choice.points, 2.0)


def _turned_back(by_day: dict[date, Choice], today: date) -> list[date]:
    """Adds the days that lie behind when a day to come is read the other way round: those are likelier."""
    out: list[date] = []
    for choice in list(by_day.values()):
        if choice.day > today + timedelta(days=1):
            for other in choice.others:
                if other <= today and other not in by_day:
                    by_day[other] = Choice(other, choice.points + 2.8, {choice.day}, choice.times)
                    out.append(other)
    return out


def _points(before: str, above: str, line: str, day: Day, place: float) -> float:
    label = before if re.search(r"[a-z]{3}", before) else ""
    points = 0.0
    near = label or (above if not days(above, day_first=True) and len(above) < 60 else "")
    if BEST.search(label):
        points += 4.0
    elif GOOD.search(label):
        points += 2.5
    elif not label and BEST.search(near):
        points += 3.0
    elif not label and GOOD.search(near):
        points += 1.5
    if BAD.search(label) and not BEST.search(label):
        points -= 3.0
    elif not label and near is above and BAD.search(near) and not GOOD.search(near):
        points -= 1.5
    if has_time(line, day):
        points += 1.5
    after = line[day.end : day.end + 12]
    if re.match(r"\s*(?:-|–|to|bis|a|au|al|until)\s*\d", after) or re.search(
        r"\d\s*(?:-|–|to|bis|au|al|until)\s*$", before
    ):
        points -= 1.5
    return points + 0.3 * (1 - place)


def _day_first(words: Sequence[str], *, day_first: bool) -> tuple[bool, bool]:
    """Whether the paper writes the day first, and whether it tells so itself."""
    told = month_first(words, day_first=day_first)
    if told is not None:
        return not told, True
    text = "\n".join(words)
    if _AMERICAN.search(text):
        return False, len(_AMERICAN.findall(text)) > 1
    if re.search(
        r"\b(?:sdn\.? bhd|mwst|ust|iva|tva|btw|nif|rechnung|factura|fatura|facture|fattura|vat|gst)\b|€|£", text
    ):
        return True, True
    return day_first, False


_CUT = re.compile(r"(?<![\d/.-])(?P<a>[0-3]\d)[-/.](?P<b>[0-3]\d)(?:[-/.](?P<y>2?0?\d?))?(?![\d%/.,-])")


def completed(text: str, *, today: date) -> str:
    """With a day whose year is cut off in the latest year that it can be: "Date 20/03/202" or "20/03 12:42"."""
    found = _CUT.search(text)
    if not found or not (GOOD.search(text) or TIME.search(text)):
        return text
    years = (year for year in range(today.year, today.year - 10, -1) if str(year).startswith(found["y"] or ""))
    for year in years:
        whole = f"{text[: found.start()]}{found['a']}/{found['b']}/{year}{text[found.end() :]}"
        held = days(whole, day_first=True)
        if held and held[0].readings[0] <= today:
            return whole
    return text

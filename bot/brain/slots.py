"""The values that a message gives for a form's fields, by the fields' types alone: it knows no kind."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.forms import Blank, Widget
from backend.kinds import Kind
from bot.brain import amounts, dates, names, numbers, trips
from bot.brain.acts import Act, act_of
from bot.brain.choices import chosen, meant
from bot.brain.clean import fold
from bot.brain.dates import Days, Lean, working_day_before, working_days
from bot.brain.hearing import Heard
from bot.brain.negations import BUT, DO_NOT, NOT, NOT_THAT, WITHOUT
from bot.brain.numbers import ARTICLES, word
from bot.brain.things import answer_in, content_in, reason_in, seller_in, thing_in

_PAST_QUESTION = re.compile(r"\b(was|were|did|happened|paid|spent|bought|occurred|incurred)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:was|were|had|took|yesterday|last|ago|since|estuve|estaba|falte|ayer|pasado|pasada|estive|ontem|faltei"
    r"|passada|passado|etais|hier|dernier|derniere|depuis|war|gestern|letzte[nrs]?|seit|ero|sono stat[oa]|ieri"
    r"|scors[oa])\b"
)
_SELLER = {"vendor", "merchant", "supplier", "shop", "seller", "store", "provider"}
_PERSON = {"person", "colleague", "employee", "deputy", "attendee", "approver", "manager", "recipient", "owner", "who"}
_MANY = {"quantity", "count", "number", "many"}
_EACH = {"unit", "each", "apiece", "piece"}
_FIRST = {"start", "from", "first", "begin", "departure", "since"}
_LAST = {"end", "until", "to", "last", "return", "till"}
_BY = re.compile(
    r"(?:\b(?:by|before|until|needed|need it|need them|for|starting|starts|on|due|deadline:?|no later than|latest"
    r"|antes del?|para el|para|hasta|ate|ate ao|antes de|avant|avant le|pour le|pour|d'ici|bis|bis zum|vor|zum|am"
    r"|entro|per|prima del?|on the|the|el|le|o|il)\s*)+$"
)


def values_in(
    heard: Heard, kind: Kind[Any], *, awaiting: str | None = None, pending: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What a message says for the fields of a kind, in JSON's types.

    awaiting  the field that was just asked for: its value may stand bare
    pending   what the open draft holds; then only what is told anew is given
    """
    blanks = [each for each in kind.sayable() if each.name == awaiting or not _only_in_forms(each)]
    out: dict[str, Any] = _labelled(heard, blanks)
    for reader in (_money, _days, _choices, _numbers, _lines):
        for name, value in reader(heard, blanks, awaiting, pending).items():
            out.setdefault(name, value)
    if trip := trips.details_in(heard, kind, {**(pending or {}), **out}, awaiting=awaiting):
        where = trip.get("city")
        out = {name: value for name, value in out.items() if not (value == where and name in _SELLER)} | trip
    if heard.hours is not None and any(each.name == "hours" for each in kind.sayable()):
        out.setdefault("hours", plain_number(heard.hours.hours))
    asked = next((each for each in blanks if each.name == awaiting), None)
    if asked is not None and asked.name not in out and (value := _answer(heard, asked)) is not None:
        out[asked.name] = value
    return out


def _only_in_forms(blank: Blank) -> bool:
    """What nobody says in passing: days, amounts and numbers that are details, unless their title names a unit."""
    typed = blank.widget in (Widget.DATE, Widget.MONEY, Widget.NUMBER, Widget.YES_NO)
    return not blank.told or (blank.free_text and typed and not _units_of(blank))


def _units_of(blank: Blank) -> list[str]:
    """The unit in a number's title: km in "Distance (km)"."""
    return re.findall(r"\((\w+)\)", blank.title.lower()) if blank.widget is Widget.NUMBER else []


def is_count(blank: Blank) -> bool:
    """Whether a field says how many of a thing there are."""
    return blank.widget is Widget.NUMBER and bool(_MANY & _words_of(blank))


def priced(kind: Kind[Any]) -> bool:
    """Whether requests of a kind have a price."""
    return any(each.widget is Widget.MONEY for each in kind.sayable())


def lean_of(blank: Blank) -> Lean:
    """Whether a date asked for lies behind: its question says so ("When was it?")."""
    return Lean.PAST if _PAST_QUESTION.search(blank.question) else Lean.FUTURE


def _words_of(blank: Blank) -> set[str]:
    return set(re.findall(r"[a-z]+", f"{blank.name.replace('_', ' ')} {blank.title}".lower()))


def _labelled(heard: Heard, blanks: list[Blank]) -> dict[str, Any]:
    """Cost centre: 4711; destination = Berlin."""
    out: dict[str, Any] = {}
    for blank in blanks:
        if blank.widget not in (Widget.LINE, Widget.LONG) or not blank.told:
            continue
        names_ = "|".join(re.escape(each) for each in (fold(blank.title), blank.name.replace("_", " ")))
        label = rf"(?:^|[,;.\n(]\s*|\band\s+)(?:{names_})\s*(?:[:=]|\bis\b)\s*(?P<value>[^,;\n]+)"
        if found := re.search(label, heard.folded):
            out[blank.name] = heard.text[found.start("value") : found.end("value")].strip(" .")
    return out


def _money(
    heard: Heard, blanks: list[Blank], awaiting: str | None, pending: Mapping[str, Any] | None
) -> dict[str, Any]:
    money = [each for each in blanks if each.widget is Widget.MONEY]
    if not money:
        return {}
    asked = awaiting in ("amount", "total", "unit_price", "currency") or any(each.name == awaiting for each in money)
    found = heard.amounts
    if pending is not None and not asked:
        found = [each for each in found if each.sure]
    if not found and asked:
        found = amounts.amounts_in(heard.folded, hidden=tuple(each.span for each in heard.days()), bare=True)
    best = amounts.settled(found, heard.folded)
    out: dict[str, Any] = {}
    if best is not None:
        singly = next((each for each in money if _words_of(each) & _EACH), None)
        whole = next((each for each in money if each is not singly), singly)
        value = best.value
        if _singly(heard, best):
            best = replace(best, each=True)
        target = singly if best.each and singly is not None else whole
        if best.each and singly is None and heard.counts:
            value *= heard.counts[0].value
        if best.each and whole is not None and heard.counts and any(each.on_top for each in found):
            target, value = whole, best.value * heard.counts[0].value
        value = value if target is singly else amounts.with_extras(value, found)
        if target is not None:
            out[target.name] = plain_number(value)
        if best.currency and any(each.name == "currency" for each in blanks):
            out["currency"] = best.currency
    elif awaiting == "currency":
        code = amounts.amounts_in(f"1 {heard.folded}")
        if code and code[0].currency:
            out["currency"] = code[0].currency
    return out


_LENGTH = re.compile(
    r"\b(?P<many>\d{1,2}|a|an|one|two|three|four|five|un|uno|una|dos|tres|cuatro|cinco|um|uma|dois|duas|quatro|deux"
    r"|trois|quatre"
    r"|cinq|ein|einen|zwei|drei|vier|funf|due|tre|quattro|cinque)\s+(?:vacation |personal |working |free |off )?"
    r"(?:days?|dias?|jours?|tage?|giorn[oi])\b"
)
_AT = re.compile(r"(?:\bat|@|\ba|\bzu(?: je)?|\bda|\bde|\bvon)\s*(?:only |just |about |ca\.? |etwa )?$")


def _singly(heard: Heard, amount: amounts.Amount) -> bool:
    """Whether an amount is the price of one: "2 monitors at 199", "due sedie da 150 euro"."""
    before = [each for each in heard.counts if each.span[1] <= amount.span[0]]
    return bool(before and before[-1].value > 1 and _AT.search(heard.folded[: amount.span[0]]))


def plain_number(value: Any) -> str:
    """An amount as a form keeps it: 40, 18.40."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text and text.endswith(".0") else text


def _days(heard: Heard, blanks: list[Blank], awaiting: str | None, pending: Mapping[str, Any] | None) -> dict[str, Any]:
    days = [each for each in blanks if each.widget is Widget.DATE]
    if not days:
        return {}
    first, last = first_and_last(blanks)
    out: dict[str, Any] = {}
    if first is not None and last is not None:
        out.update(_range(heard, first, last, awaiting, pending))
        part = next(
            (
                each
                for each in blanks
                if each.widget is Widget.CHOICE and {"am", "pm"} <= {o.value for o in each.options}
            ),
            None,
        )
        if (
            part is not None
            and heard.part
            and (heard.part != "half" or pending is None or pending.get(part.name) in (None, "full"))
        ):
            out[part.name] = heard.part
        days = [each for each in days if each not in (first, last)]
    for blank in sorted(days, key=lambda each: each.name != awaiting):
        lean = lean_of(blank)
        asked = awaiting == blank.name or awaiting in ("dates", "date")
        said = heard.said_days(lean, bare=asked)
        found = picked(heard, [each for each in said if not _long(each)] or said)
        if found is None or (day := found.start or found.end) is None:
            continue
        if not asked and heard.folded[slice(*found.span)] in _NOW:
            continue
        if not asked and lean is Lean.FUTURE and pending is not None and day < heard.today:
            continue  # nothing is needed by yesterday
        said_end = found.end if not found.said_start and found.end else day
        if (
            lean is Lean.PAST
            or asked
            or len(blanks) <= 3
            or blank.required
            or pending is not None
            or _due(heard, found)
        ):
            out.setdefault(blank.name, (said_end if lean is Lean.FUTURE else day).isoformat())
            break
    return out


_NOW = frozenset({"now", "ahora", "agora", "maintenant", "jetzt", "adesso", "ora"})
"""No day by which something is needed: "it's 3.95 apiece now"."""
_SOME = re.compile(
    r"\b(?:a bit of|some|a few|several|a couple of|(?:a )?(?:little|short) (?:break|holiday|trip)|algunos|unos"
    r"|alguns|uns"
    r"|quelques|un peu de|ein paar|einige|etwas|qualche|alcuni|un po' di)\s+(?!more\b)"
)
"""So vague that a whole month beside it is only where the days are: "a few days in January"."""
_ALONE = re.compile(
    r"\b(?:just|only|one day|1 day|a day|same day|that day|that's it|thats it|solo|solamente|un dia|mismo dia|ese dia"
    r"|so esse|apenas|um dia|mesmo dia|seulement|juste|un jour|meme jour|ce jour|nur|bloss|ein(?:en)? tag|selben tag"
    r"|gleichen tag|un giorno|stesso giorno|quel giorno|morning|afternoon|half|manana por la|tarde|matin|apres-midi"
    r"|vormittags?|nachmittags?|mattina|pomeriggio|am|pm)\b"
)


def one_day_alone(text: str) -> bool:
    """Whether words beside a day say that it is the only one: "just friday"."""
    return bool(_ALONE.search(fold(text)))


def first_and_last(blanks: Sequence[Blank]) -> tuple[Blank | None, Blank | None]:
    """The two fields of a form that are the ends of a stretch of days, where it has such."""
    days = [each for each in blanks if each.widget is Widget.DATE]
    first = next((each for each in days if _words_of(each) & _FIRST), None)
    return first, next((each for each in days if _words_of(each) & _LAST and each is not first), None)


def _long(days: Days) -> bool:
    """Whether as much as a month is meant, which tells of what something is: "phone bill October, paid on the 2nd"."""
    return bool(days.start and days.end and (days.end - days.start).days > 26)


def _due(heard: Heard, found: Days) -> bool:
    before = heard.folded[max(0, found.span[0] - 24) : found.span[0] + 5]
    return (
        not found.said_start
        or bool(_BY.search(heard.folded[: found.span[0]].rstrip() + " ") or _BY.search(before.rstrip() + " "))
        or (found.single and found.start is not None and found.start > heard.today)
    )


def _range(
    heard: Heard, first: Blank, last: Blank, awaiting: str | None, pending: Mapping[str, Any] | None
) -> dict[str, Any]:
    known = _day_of(pending, first.name)
    asked = awaiting in ("dates", "date", first.name, last.name)
    lean = Lean.PAST if _PAST.search(heard.folded) and not heard.days() else Lean.FUTURE
    days = heard.said_days(lean, bare=asked, after=known)
    found = _that_day(heard, days) or picked(heard, _asked_for(heard, days) if pending is None else days)
    if pending is not None and known is not None and awaiting == "confirm":
        found = _beside_known(heard, days, found, known)
    if found is None and awaiting == last.name and known is not None:
        if one_day_alone(heard.text) or act_of(heard.folded) in (Act.NO, Act.NONE):
            return {last.name: known.isoformat()}
        stretch = dates.lasting(heard.folded, known, language=heard.language)
        return {last.name: stretch.isoformat()} if stretch else {}
    if found is None:
        return {}
    start, end = found.start, found.end
    if found.ending and found.single and end is not None and end > heard.today:
        start, end = _last_days(heard, end)
    if found.numbered and known is not None and awaiting in ("confirm", "dates") and (start or end):
        base = max(known.replace(day=1), heard.today)  # in the month of the draft
        start = dates.day_from(base, start.day) if start else None
        end = dates.day_from(start or known, end.day) if end else None
    if start and end and not found.single and (end - start).days > 6 and _SOME.search(heard.folded):
        return {}
    if start and end and (length := _LENGTH.search(heard.folded)) and not found.single:
        many = numbers.word(length["many"]) if length["many"].isalpha() else int(length["many"])
        if many and working_days(start, end) > many:
            return {}  # "three days off next month": which of them is asked
    if pending is not None:
        only_end = (awaiting == last.name and known is not None and found.single) or (
            found.single
            and re.search(
                r"\b(?:end|ends|ending|last day|back|return|fin|fim|ende|fine|letzter|up to|including"
                r"|inclusive|extend\w*|prolong\w*|lengthen"
                r"|stretch|shorten"
                r"|alarg\w*|ampli\w*|extiend\w*|estend\w*|acort\w*|recort\w*|encurt\w*|rallong\w*|raccourci\w*"
                r"|verlanger\w*|verkurz\w*|allung\w*|accorci\w*)\b",
                heard.folded,
            )
            is not None
            and known is not None
        )
        if only_end and end is not None and found.weekdays and known and end.weekday() == known.weekday():
            apart = _NAMED_APART.search(heard.folded[found.span[0] : found.span[1]])
            return {last.name: (end if apart else known).isoformat()}
        if only_end and end is not None:
            again = (
                picked(
                    heard, dates.days_in(heard.folded, today=known or heard.today, language=heard.language, bare=asked)
                )
                if found.weekdays
                else found
            )
            return {last.name: ((again.end if again else None) or end).isoformat()}
        if not found.said_start and end is not None and known is not None:
            return {last.name: end.isoformat()}
        if not found.said_end and start is not None:
            last_day = _day_of(pending, last.name)
            if known and last_day and found.span and start < known:
                inside = known + timedelta(days=(start.weekday() - known.weekday()) % 7)
                named = re.search(r"\d", heard.folded[found.span[0] : found.span[1]]) is None
                start = inside if named and inside <= last_day else start  # "starting tuesday rather"
            return {first.name: start.isoformat()}
    if (inside := _inside(heard, found, known, _day_of(pending, last.name))) is not None:
        return {first.name: inside[0].isoformat(), last.name: inside[1].isoformat()}
    out: dict[str, Any] = {}
    if start is not None:
        out[first.name] = start.isoformat()
    if end is not None:
        out[last.name] = end.isoformat()
    return out


def _last_days(heard: Heard, end: date) -> tuple[date, date]:
    """The last days of a month whose end was said: as many as are said, else those of its last week at work."""
    while end.weekday() > 4:
        end -= timedelta(days=1)
    length = _LENGTH.search(heard.folded)
    many = (numbers.word(length["many"]) if length["many"].isalpha() else int(length["many"])) if length else None
    start = max(end - timedelta(days=end.weekday()), end.replace(day=1), heard.today)
    if many:
        start = end
        for _ in range(min(many, 20) - 1):
            start = working_day_before(start)
    return start, end


def _beside_known(heard: Heard, days: list[Days], found: Days | None, known: date) -> Days | None:
    """The day that a correction means, where it names the one that the draft has as well."""
    if len(days) > 1 and all(each.single and each.weekdays for each in days) and days[0] is found:
        others = [each for each in days if each.start and each.start.weekday() != known.weekday()]
        found = others[-1] if others and not _NEGATED.search(heard.folded[: others[-1].span[0]]) else found
    return found


_NEGATED = re.compile(rf"\b(?:{NOT_THAT})\s+(?:\w+\s+)?$")
_NAMED_APART = re.compile(
    r"\d|\b(?:this|next|coming|following|today|tomorrow|este|esta|proxim[oa]|que viene|hoje|amanha|hoy|manana|ce|cette"
    r"|prochaine?|demain|aujourd'hui|diese[nrs]?|nachste[nrs]?|kommende[nrs]?|heute|morgen|quest[oa]|prossim[oa]"
    r"|domani)\b"
)


def _inside(heard: Heard, found: Days, start: date | None, end: date | None) -> tuple[date, date] | None:
    """The days of a draft's stretch that bare weekdays mean: "only the friday", "just wednesday and thursday"."""
    if start is None or end is None or start == end or found.start is None:
        return None
    last = found.start if found.single else found.end
    said = heard.folded[found.span[0] : found.span[1]]
    if last is None or (last - found.start).days > 6 or (end - start).days > 6 or _NAMED_APART.search(said):
        return None
    first = start + timedelta(days=(found.start.weekday() - start.weekday()) % 7)
    until = first + (last - found.start)
    return (first, until) if until <= end else None


def _day_of(pending: Mapping[str, Any] | None, name: str) -> date | None:
    return dates.kept_day(pending.get(name) if pending else None)


_BACK = re.compile(
    r"\b(?:back|return(?:ing)?|vuelv[eo]|volv(?:emos|iendo)|regres\w+|retour|rev(?:iens|enons)|rentre|zuruck|ritorn\w+"
    r"|torn[oi]\w*|volt[oa]\w*|regresso)\b"
)
_AT_WORK = re.compile(
    r"\b(?:(?:in|to|at) (?:the )?(?:office|work)|oficina|trabajo|trabajar|bureau|travail|buro|arbeit|ufficio|lavoro"
    r"|escritorio|trabalho)\b"
)
"""Back at work on the 9th: the day before is the last one away."""


def _there_and_back(heard: Heard, one: Days, other: Days) -> Days | None:
    """Flying out on the 5th and coming back on the 9th: the days between; back at work, the day before is the last."""
    between = heard.folded[one.span[1] : other.span[0]]
    open_end = one.single or one.end is None
    if not (open_end and other.single and one.start and other.start and _BACK.search(between)):
        return None
    last = dates.day_from(one.start, other.start.day) if other.numbered else other.start
    if _AT_WORK.search(heard.folded[one.span[1] :]):
        last = dates.working_day_before(last)
    return replace(one, end=last, single=False, said_end=True) if last >= one.start else None


_THAT_DAY = re.compile(
    r"\b(?:(?:on |for )?(?:that|the same) day|(?:for|need|take|have) (?:it|the day|the afternoon|the morning) off"
    r"|ese (?:mismo )?dia|nesse dia|esse dia|ce jour-?la|an dem tag|diesen tag|den tag|quel giorno)\b"
)
_PARTS = re.compile(
    r"[.;!?\n]|,?\s+\bso\b|,\s*(?:also|asi que|por eso|entao|portanto|donc|deshalb|daher|quindi|percio)\b"
)
_WISH = re.compile(
    r"\b(?:off|leave|holidays?|vacations?|pto|need|want|like|take|taking|book|request|away|out|absent|libres?"
    r"|vacaciones"
    r"|permiso|baja|necesito|quiero|quisiera|pido|folga|ferias|licenca|preciso|quero|queria|conges?|besoin|voudrais"
    r"|veux"
    r"|prendre|poser|urlaub\w*|frei\w*|brauche|mochte|hatte gern|nehme|ferie|permesso|bisogno|vorrei|prendo|congedo)\b"
)


def _that_day(heard: Heard, found: list[Days]) -> Days | None:
    """The day that was told last where it is asked for: "the funeral is on Monday, I need that day"."""
    said = _THAT_DAY.search(heard.folded)
    before = [each for each in found if said and each.span[1] <= said.start()]
    return before[-1] if len(before) > 1 and len(before) == len(found) else None


def _asked_for(heard: Heard, found: list[Days]) -> list[Days]:
    """Of days told in several parts of a message those of the part that asks for them, where only one does."""
    if len(found) < 2:
        return found
    bounds = [0, *(each.start() for each in _PARTS.finditer(heard.folded)), len(heard.folded)]
    for start, end in itertools.pairwise(bounds):
        inside = [each for each in found if start <= each.span[0] < end]
        if inside and len(inside) < len(found) and _WISH.search(heard.folded[start:end]):
            return inside
    return found


def picked(heard: Heard, found: list[Days]) -> Days | None:
    """The days that are meant of several: the last after a correction, else the first, or the narrower within it."""
    if not found:
        return None
    best = found[0]
    for one, other in itertools.pairwise(found):
        between = amounts.corrected(heard.folded, one.span[1], other.span[0])
        if (
            between
            or _denied(heard, one, other)
            or other.beside
            or (
                other.start
                and other.end
                and best.start
                and best.end
                and best.start <= other.start <= best.end
                and (other.end <= best.end or not (best.single or other.single))
            )
        ):
            best = other
        elif (away := _there_and_back(heard, best, other)) is not None:
            best = away
        elif best.start and best.end is None and other.end and not other.said_start:
            best = replace(best, end=other.end, said_end=True)
    return best


def _denied(heard: Heard, one: Days, other: Days) -> bool:
    """Whether of two days the first is the one that is not meant: "not on Monday but on Tuesday"."""
    over = re.search(rf"\b(?:{BUT})\b", heard.folded[one.span[1] : other.span[0]])
    return bool(over and re.search(rf"\b(?:{NOT}|{DO_NOT}|{WITHOUT})\b", heard.folded[: one.span[0]]))


def _choices(
    heard: Heard, blanks: list[Blank], awaiting: str | None, pending: Mapping[str, Any] | None
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    things = any(each.widget is Widget.MONEY for each in blanks)  # what is paid for is a thing; why one is away is not
    for blank in blanks:
        if blank.widget is not Widget.CHOICE or {"am", "pm"} <= {each.value for each in blank.options}:
            if (
                blank.widget is Widget.CHOICE
                and blank.name == awaiting
                and heard.part is None
                and (full := chosen(heard.folded, blank.options))
            ):
                out[blank.name] = full[0]
            continue
        if found := chosen(heard.folded, blank.options):
            out[blank.name] = found[0]
            continue
        wanted = things and blank.required and len(blank.options) > 2 and (pending is None or blank.name == awaiting)
        if wanted and (value := meant(_phrases(heard), blank.options)) is not None:
            out[blank.name] = value
    return out


def _phrases(heard: Heard) -> list[str]:
    """What a message says besides days, amounts and names, word by word and in pairs: at most eight pieces."""
    spans = [*heard.spans(), *(each.span for each in [*heard.names, *heard.counts])]
    words = [each for each in content_in(heard, spans) if len(each) > 3][:6]
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(words) if f"{one} {other}" in heard.folded]
    return [*words, *pairs][:8]


_FOR_SO_MANY = re.compile(
    r"\b(?:for|para|pour|fur|per)\s+(?P<n>\d{1,4}|[a-z]+)\s+(?:people|persons?|users?|colleagues|seats|heads|personas"
    r"|usuarios|pessoas|personnes|utilisateurs|personen|leute|kollegen|persone|utenti)\b"
)
"""As many as there are people, where the price is for each: "licences for 4 people, 60 each"."""


def _numbers(
    heard: Heard, blanks: list[Blank], awaiting: str | None, pending: Mapping[str, Any] | None
) -> dict[str, Any]:
    numbers = [each for each in blanks if each.widget is Widget.NUMBER]
    out: dict[str, Any] = {}
    used: set[tuple[int, int]] = set()
    for blank in numbers:
        stems = [
            word.rstrip("s")
            for word in _words_of(blank)
            if len(word) > 3 and word not in ("number", "count", "quantity", "many")
        ]
        stems += _units_of(blank)
        for stem in stems:
            found = re.search(
                rf"(?<![\d.,])(\d{{1,5}}) *-? *{re.escape(stem)}|\b{re.escape(stem)}s? *[:=]? *(\d{{1,5}})\b(?![.,]\d)",
                heard.folded,
            )
            if found and blank.name not in out:
                out[blank.name] = int(found[1] or found[2])
                used.add(found.span())
    rest = [each for each in numbers if each.name not in out and not _units_of(each)]
    counts = heard.counts
    if not counts and any(each.name == awaiting for each in numbers):
        counts = amounts.counts_in(heard.folded, hidden=tuple(each.span for each in heard.days()), bare=True)
        rest = [each for each in numbers if each.name == awaiting]
    people = _FOR_SO_MANY.search(heard.folded) if any(each.each for each in heard.amounts) else None
    if rest and not counts and people and is_count(rest[0]):
        many = int(people["n"]) if people["n"].isdigit() else word(people["n"])
        counts = [amounts.Count(many, people.span())] if many else []
    if rest and counts and (rest[0].name == awaiting or len(numbers) == 1 or is_count(rest[0])):
        best = counts[0]
        for one, other in itertools.pairwise(counts):
            between = heard.folded[one.span[1] : other.span[0]]
            if amounts.corrected(heard.folded, one.span[1], other.span[0]) and " not " not in f" {between} ":
                best = other
        price = next(
            (each.name for each in blanks if each.widget is Widget.MONEY and (pending or {}).get(each.name)), None
        )
        if price and rest[0].name != awaiting and near(Decimal(best.value), (pending or {})[price]):
            out[price] = plain_number(best.value)  # "it's 399 now", of something that costs 420
        elif not any(start < best.span[1] and best.span[0] < end for start, end in used):
            out[rest[0].name] = best.value
    return out


def _lines(
    heard: Heard, blanks: list[Blank], awaiting: str | None, pending: Mapping[str, Any] | None
) -> dict[str, Any]:
    lines = [each for each in blanks if each.widget is Widget.LINE and each.name != "currency"]
    out: dict[str, Any] = {}
    lean = next((lean_of(each) for each in blanks if each.widget is Widget.DATE), Lean.FUTURE)
    spans = [*heard.spans(lean), *(each.span for each in names.names_in(heard.clean, heard.turn.colleagues))]
    for blank in lines:
        if _words_of(blank) & _PERSON and not blank.free_text:
            if found := names.names_in(heard.clean, heard.turn.colleagues):
                out[blank.name] = found[0].value
        elif _words_of(blank) & _SELLER and (seller := seller_in(heard, spans)):
            out[blank.name] = seller[0]
            spans.append(seller[1])
    if pending is None:
        main = next((each for each in lines if each.required and each.name not in out), None)
        if main is not None and (thing := thing_in(heard, spans, [each.span for each in heard.counts])):
            out[main.name] = thing
            many = next(filter(is_count, blanks), None)
            if many is not None and not heard.counts and _one_of(heard, thing):
                out[many.name] = 1
        reason = next(
            (
                each
                for each in blanks
                if each.widget is Widget.LONG and each.name in ("reason", "note", "why", "justification")
            ),
            None,
        )
        if reason is not None and (why := reason_in(heard)):
            out[reason.name] = why
    return out


def counted(told: dict[str, Any], kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """What a correction says, where it says how many: what one cost is the price of each of them."""
    blanks = kind.sayable()
    many = next((each.name for each in blanks if is_count(each)), None)
    money = [each for each in blanks if each.widget is Widget.MONEY]
    each_ = next((each.name for each in money if _words_of(each) & _EACH), None)
    whole = next((each.name for each in money if each.name != each_), None)
    alone = many in told and not any(each.name in told for each in money)
    if not (alone and each_ and whole) or pending.get(each_) or not pending.get(whole):
        return told
    return {**told, each_: str(pending[whole])} if str(pending.get(many or "") or 1) == "1" else told


def near(value: Decimal, held: Any) -> bool:
    """Whether a number is more likely another price than a count: of the size of the price that the draft holds."""
    before = numbers.decimal(str(held))
    return before is not None and before > 0 and value > 20 and Decimal("0.2") <= value / before <= 5


def _one_of(heard: Heard, thing: str) -> bool:
    """Whether one piece is meant: "a lamp", or a thing with its price in all."""
    article = re.search(rf"\b(?:{'|'.join(sorted(ARTICLES))})\s+{re.escape(fold(thing))}", heard.folded)
    priced = [each for each in heard.amounts if each.sure or each.currency]
    return not any(each.each for each in heard.amounts) and bool(article or priced)


def _answer(heard: Heard, blank: Blank) -> Any:
    """The whole message as the answer to the field that was asked for."""
    act = act_of(heard.folded)
    if act is Act.NONE and not blank.required:
        return ""
    match blank.widget:
        case Widget.LINE | Widget.LONG:
            return answer_in(heard) if act in (None, Act.GOOD) and heard.text else None
        case Widget.YES_NO:
            return True if act in (Act.YES, Act.GOOD) else False if act is Act.NO else None
        case Widget.FILE:
            return "" if act is Act.NONE else None
        case _:
            return None

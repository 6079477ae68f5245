"""What a correction says of an open draft: "170 not 150", "make it 3", "a mouse, not a keyboard", "one day longer"."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.forms import Blank, Widget
from backend.kinds import Kind
from bot.brain import amounts, numbers
from bot.brain.choices import chosen
from bot.brain.clean import fold
from bot.brain.dates import kept_day, working_day_before, working_days_from
from bot.brain.hearing import QUESTION, Heard
from bot.brain.negations import BUT, NOT_THAT
from bot.brain.slots import first_and_last, near, plain_number, values_in
from bot.brain.things import content_in, thing_in

_SWAPPED = re.compile(rf"^(?P<new>.+?)[\s,;:-]+(?:{NOT_THAT})\s+(?P<old>.+?)\W*$")
_SWAPPED_BACK = re.compile(
    rf"^(?:{NOT_THAT})\s+(?P<old>.+?)(?:[\s,;:-]+(?:{BUT})\s+|\s*[,;:]\s*|\s+-\s+)"
    r"(?P<new>.+?)\W*$"
)
_MEANT = re.compile(
    r"^(?:(?:no|sorry|oops|oh|wait|actually|hm+|ah|perdon|desculpa|pardon|scusa)[\s,.!:-]+)*"
    r"(?:i (?:meant|mean)|i wanted|make (?:it|that|this)|change (?:it|that) (?:in)?to|change the item to|it should be"
    r"|should be|quiero decir|queria decir|queria|me referia a|ponlo como|cambialo por|cambialo a|que sea|quis dizer"
    r"|quero dizer|muda para|je voulais dire|je veux dire|mets plutot|ich meinte|ich meine|ich wollte|mach daraus"
    r"|volevo dire|intendevo|cambialo in|metti)\s+(?P<thing>.+?)"
    r"(?:\s+(?:instead|please|por favor|plutot|bitte|stattdessen|invece|per favore|actually))*\W*$"
)
_INSTEAD = re.compile(
    r"^(?P<thing>.+?)\s+(?:instead|en su lugar|em vez disso|a la place|stattdessen|al suo posto|invece)\W*$"
)
_HEDGE = re.compile(
    r"^(?:(?:no|nope|wait|sorry|oh|oops|ah|actually|hm+|uh|um|well|hang on|hold on|my mistake|my bad|correction"
    r"|on reflection|having thought about it|forgive me|i beg your pardon|my apologies|apologies|i am sorry|i'm sorry"
    r"|(?:might|could|can|would) (?:it|that|we make it)(?: be)?|you know what|come to think of it"
    r"|on second thoughts?|in fact|only|just|(?:i )?forgot to (?:say|mention|add)"
    r"|wrong (?:number|one|request|day|date)s?|that's wrong|i was wrong|(?:that|it) was in|(?:it|that)'?s in"
    r"|solo|solamente|de hecho|ahora que lo pienso|olvide decir|so|apenas|de facto|esqueci-me de dizer|seulement|juste"
    r"|j'ai oublie de dire|nur|bloss|uebrigens|ubrigens|solo|soltanto|ho dimenticato di dire|falsche nummer"
    r"|i mean|i meant"
    r"|rather|better|but|and|let's say|perdon|espera|mejor|ay|bueno|quiero decir|desculpa|melhor|quero dizer|afinal"
    r"|pardon"
    r"|alias|digo|quer dizer|na verdade|en realidad|al final|mas bien|en fait|eigentlich|ach|quatsch|in realta|euh|eh"
    r"|not quite|nearly|almost|make that|so|then|ok|okay|vale|bom|bon|na|also|dann|allora|alors|entao|entonces"
    r"|attends|plutot|enfin|finalement|je veux dire|entschuldigung|sorry|warte|moment|lieber|make it|make that"
    r"|make them|let's do|let's make it"
    r"|let's go with|que sean|que sea|son|ponme|pon|serian|sao|que sejam|sejam|poe|mets-en|mets|mettez|disons"
    r"|it was|it's|it is|they were|there were|foram|foi|era|eram|fueron|fue|eran|c'etait|etait|il y en avait|war"
    r"|waren|e stato"
    r"|mach daraus"
    r"|machen wir|nimm|nehmen wir|es sind|es waren|facciamo|metti|sono|erano|doch|ich meine|ich meinte|nein|nao|non"
    r"|scusa|aspetta|meglio|anzi|cioe|volevo dire)\b[\s,.!:;-]*)+"
)
_HEDGED = re.compile(
    r"[\s,.!-]+(?:(?:actually|in fact|after all|on second thoughts?|instead|please|sorry|then|rather|i think"
    r"|my mistake|mejor|perdon|por favor|afinal"
    r"|desculpa"
    r"|plutot|en fait|finalement|bitte|eigentlich|stattdessen|scusa|invece|in realta|per favore)[\s,.!-]*)+$"
)
_N = (
    r"(?P<n>\d{1,3}|an?|one|another|two|three|four|five|un[ao]?|uma?|dos|tres|duas|dois|une|deux|trois|ein(?:en|e)?"
    r"|zwei|drei|due|tre)"
)
_UNIT = (
    r"(?P<unit>(?:working |business )?days?|weeks?|dias?|semanas?|jours?|semaines?|tage?n?|wochen?|giorn[oi]"
    r"|settiman[ae])"
)
_LONGER = re.compile(
    rf"\b(?:{_N}\s+(?:more|extra|additional|mas|mais|de plus|mehr|in piu|weitere[nr]?|weiteren)\s+{_UNIT}"
    rf"|{_N.replace('?P<n>', '?P<n2>')}\s+{_UNIT.replace('?P<unit>', '?P<unit2>')}\s+"
    r"(?:more|longer|extra|mas|mais|a mais|de plus|mehr|langer|in piu|di piu)"
    rf"|(?:mais|otro|outro|ancora)\s+{_N.replace('?P<n>', '?P<n3>')}\s+{_UNIT.replace('?P<unit>', '?P<unit3>')})\b"
    r"|\b(?P<another>(?:another|otro|outro|un autre|noch einen|noch eine|un altro)\s+"
    rf"{_UNIT.replace('?P<unit>', '?P<unit4>')})\b"
)
_SHORTER = re.compile(
    rf"\b{_N}\s+{_UNIT}\s+(?:less|fewer|shorter|menos|a menos|de moins|weniger|kurzer|in meno|di meno)\b"
    rf"|\b{_N.replace('?P<n>', '?P<n2>')}\s+(?:less|fewer|weniger)\s+{_UNIT.replace('?P<unit>', '?P<unit2>')}\b"
)
_LATER = re.compile(
    rf"\b{_N}\s+{_UNIT}\s+(?:later|despues|mas tarde|depois|mais tarde|plus tard|spater|dopo|piu tardi)\b"
    r"|\b(?:back|(?:postpone|push|delay|shift|move) \w+)\s+"
    rf"(?:it\s+)?(?:by\s+)?{_N.replace('?P<n>', '?P<n2>')}\s+"
    rf"{_UNIT.replace('?P<unit>', '?P<unit2>')}\b"
)
_EARLIER = re.compile(rf"\b{_N}\s+{_UNIT}\s+(?:earlier|sooner|antes|mas temprano|mais cedo|plus tot|fruher|prima)\b")
_WEEK_ON = re.compile(
    r"(?:on |in |then |en |na |a |dans )?(?:"
    r"(?:the )?(?:week|one) (?P<on>after|before)(?: that)?|(?:the )?(?:following|next) week"
    r"|(?:the )?(?P<back>previous) week"
    r"|(?:la|a|na) (?:semana|settimana) (?:siguiente|despues|de despues|seguinte|depois|a seguir|dopo|successiva"
    r"|seguente)"
    r"|la semaine (?:d'apres|suivante)|(?:die |in der )?woche (?:darauf|danach|drauf|spater)|(?:die )?folgewoche"
    r"|(?:la|a) (?:semana|settimana) (?:antes|anterior|prima|precedente)|la semaine (?:d'avant|precedente)"
    r"|die woche davor"
    r")"
)
"""The days of the draft a week on: "oh no, the week after"."""
_NUMBER = re.compile(r"(?<![\w.,/:-])\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?![\w/:-]|[.,]\d)")


_LEFT_OUT = re.compile(
    r"^(?:(?:i|let's|please|just|but|can you|we)[\s,]+)*(?:leave out|skip|without|not on|except(?: for)?|take out|drop"
    r"|but not|minus|remove|leave off|sin|salvo|menos|quita|sem|exceto|tira|sans|sauf|enleve|ohne|ausser|lass"
    r"|streich|senza|tranne|togli)\s+(?P<day>.+?)(?:\s+(?:weg|out|off|fuera|de fora))?\W*$"
)
"""Days of the draft's stretch that are not taken after all: "leave out the friday"."""
_SOME_MORE = re.compile(
    r"^(?P<n>\d{1,2}|one|two|three|another|an extra|uno|una|otro|otra|dos|um|uma|outro|outra|dois|un|une|deux"
    r"|ein|eine|einen|zwei|un'altra|due)\s*(?:more|extra|mas|mais|de plus|mehr|in piu)?\b"
)


_EXTRA = re.compile(r"\b(?:more|extra|another|otr[oa]|outr[oa]|mas|mais|plus|mehr|altr[oa]|piu)\b")
_SORRY = re.compile(
    r"(?:(?:sorry|oops|wait|ah|oh|my mistake|my apologies|apologies|perdon|perdona|disculpa|desculpa|desculpe|pardon"
    r"|excuse-moi|entschuldigung|scusa|scusi|no(?=,)|nao(?=,)|non(?=,)|nein(?=,))[\s,.!:-]+)*"
)


_IT_IS = re.compile(
    r"\b(?:it'?s|it is|is now|now|should be|should read|make it|es ahora|ahora es|son|e agora|agora e|c'est|maintenant"
    r"|es sind|jetzt|ora e|adesso e)\s+(?:now\s+|only\s+)?(?P<sum>\W{0,2}\d[\d.,]*\s?\S{0,5})\W*$"
)


def _price_now(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """What the price is after all: "that mail had an old price, it is 59.90"."""
    found = _IT_IS.search(heard.folded)
    money = next((each.name for each in kind.sayable() if each.widget is Widget.MONEY and pending.get(each.name)), None)
    if found is None or money is None or len(heard.amounts) != 1 or heard.days():
        return {}
    if not re.search(r"\b(?:price|cost|old|wrong|precio|preco|prix|preis|prezzo)\b", heard.folded):
        return {}
    said = values_in(heard.clause(*found.span("sum")), kind, awaiting=money, pending=pending)
    return said if money in said else {}


def at_once(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """What leaves no doubt that it corrects the open draft: X, not Y; a day less; without the Friday; one more."""
    sorry = _SORRY.match(heard.folded)
    plain = heard.clause(sorry.end() if sorry else 0, len(heard.text))
    heard = unhedged(heard)
    if QUESTION.match(heard.folded):
        return {}
    for said, pattern in ((plain, _SWAPPED_BACK), (heard, _SWAPPED_BACK), (heard, _SWAPPED)):
        found = pattern.match(said.folded)
        if found and (out := _swapped(said, kind, pending, new=found.span("new"), old=found["old"])):
            return out
    return (
        _price_now(plain, kind, pending)
        or _moved(heard, kind, pending)
        or _left_out(heard, kind, pending)
        or _some_more(heard, kind, pending)
    )


_BEGINS = re.compile(
    r"\b(?:start|begin|starting|beginning|first day|empez\w+|empiez\w+|comenz\w+|comienz\w+|comec\w+|commenc\w+"
    r"|anfang\w*"
    r"|beginn\w*|fang\w*|inizi\w+|cominci\w+)\b"
)
"""Where it begins is moved, and where it ends stays."""


def _left_out(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    first, last = first_and_last(kind.sayable())
    start, end = (kept_day(pending.get(each.name)) if each else None for each in (first, last))
    found = _LEFT_OUT.match(heard.folded)
    if first is None or last is None or start is None or end is None or found is None or start >= end:
        return {}
    days = heard.clause(*found.span("day")).days(bare=True)
    if len(days) != 1 or days[0].start is None or not days[0].single:
        return {}
    day = days[0].start
    if days[0].weekdays:
        day = start + timedelta(days=(day.weekday() - start.weekday()) % 7)
    if day == end:
        return {last.name: max(start, working_day_before(end)).isoformat()}
    if day == start:
        return {first.name: working_days_from(start + timedelta(days=1), 1).isoformat()}
    without = next((each.name for each in kind.blanks() if each.name == "without"), None)
    if without is None or not start < day < end:
        return {}
    kept = [each for each in str(pending.get(without) or "").split(", ") if each]
    return {without: ", ".join([*kept, day.isoformat()])}


def _some_more(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """One more of the thing, where the draft says how many."""
    found = _SOME_MORE.match(heard.folded)
    many = next((each for each in kind.sayable() if each.widget is Widget.NUMBER and pending.get(each.name)), None)
    more = found is not None and _EXTRA.search(found[0])
    words = [word for word in content_in(heard, []) if word != "actually" and numbers.word(word) is None]
    if found is None or many is None or not more or words:
        return {}
    return {many.name: int(str(pending[many.name])) + _many(found)}


def corrected(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """The new values that a correction of an open draft gives, in JSON's types; none where it is something else."""
    whole, heard = heard, unhedged(heard)
    if QUESTION.match(heard.folded) and not _LONGER.search(heard.folded) and not _SHORTER.search(heard.folded):
        return {}
    if moved := _moved(heard, kind, pending) or _also(whole, kind, pending):
        return moved
    for pattern in (_SWAPPED_BACK, _SWAPPED):
        if (found := pattern.match(heard.folded)) and (
            out := _swapped(heard, kind, pending, new=found.span("new"), old=found["old"])
        ):
            return out
    if alone := _alone(heard, kind, pending) or _one_word(heard, kind):
        return alone
    return _renamed(whole, kind, pending)


def unhedged(heard: Heard) -> Heard:
    """A correction without the words that only say that it is one."""
    start = found.end() if (found := _HEDGE.match(heard.folded)) else 0
    end = found.start() if (found := _HEDGED.search(heard.folded, start)) else len(heard.text)
    return heard.clause(start, end) if 0 <= start < end and (start or end < len(heard.text)) else heard


def _moved(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """Days that move with those of the draft: one more, a week later, a day less."""
    first, last = first_and_last(kind.sayable())
    start, end = (kept_day(pending.get(each.name)) if each else None for each in (first, last))
    if first is None or last is None or start is None or end is None:
        return {}
    if found := _LONGER.search(heard.folded):
        return {last.name: _later(end, _many(found), _weeks(found)).isoformat()}
    if found := _SHORTER.search(heard.folded):
        end -= timedelta(days=_many(found) * (7 if _weeks(found) else 1))
        while end.weekday() > 4 and end > start:
            end -= timedelta(days=1)
        return {last.name: end.isoformat()} if end >= start else {}
    if found := _WEEK_ON.fullmatch(heard.folded.strip(" .!?")):
        before = found["back"] or found["on"] == "before" or re.search(r"ante|prima|avant|preced|davor", found[0])
        start, end = (each + timedelta(days=-7 if before else 7) for each in (start, end))
        return {first.name: start.isoformat(), last.name: end.isoformat()}
    found = _LATER.search(heard.folded) or _EARLIER.search(heard.folded)
    if found is None:
        return {}
    way = -1 if _EARLIER.search(heard.folded) else 1
    if _BEGINS.search(heard.folded[: found.start()]):
        moved = start + timedelta(days=way * _many(found) * (7 if _weeks(found) else 1))
        return {first.name: moved.isoformat()} if moved <= end else {}
    if _weeks(found):
        start, end = (each + timedelta(days=7 * way * _many(found)) for each in (start, end))
    else:
        start, end = (each + timedelta(days=way * _many(found)) for each in (start, end))
    return {first.name: start.isoformat(), last.name: end.isoformat()}


_AS_WELL = re.compile(
    r"^(?:(?:actually|oh|sorry|no|ah|and|please|add|y|e|et|und)[\s,]+)*(?:and|also|plus|add|y|e|et|und|tambien"
    r"|tambem|auch"
    r"|aussi|anche)\b|\b(?:as well|too|also|tambien|tambem|aussi|auch|anche)\W*$"
)

_RATHER = re.compile(
    r"\b(?:instead|rather|not|stattdessen|nicht|invece|plutot|pas|en vez|em vez|mejor|melhor|lieber|meglio)\b"
)


def _also(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """A day beside those of the draft, as one more: "and the 11th as well"."""
    first, last = first_and_last(kind.sayable())
    start, end = (kept_day(pending.get(each.name)) if each else None for each in (first, last))
    if (
        first is None
        or last is None
        or start is None
        or end is None
        or not _AS_WELL.search(heard.folded)
        or _RATHER.search(heard.folded)
    ):
        return {}
    found = heard.said_days(bare=True, after=end)
    if len(found) != 1 or found[0].start is None or found[0].end is None or not found[0].said_start:
        return {}
    if end < found[0].start <= working_days_from(end + timedelta(days=1), 1):
        return {last.name: found[0].end.isoformat()}
    found = heard.said_days(bare=True)
    before = found[0].end if found else None
    if (
        before is not None
        and found[0].start is not None
        and before < start <= working_days_from(before + timedelta(days=1), 1)
    ):
        return {first.name: found[0].start.isoformat()}
    return {}


def _later(day: date, many: int, weeks: bool) -> date:
    return day + timedelta(days=7 * many) if weeks else working_days_from(day, many + 1)


def _many(found: re.Match[str]) -> int:
    said = next((found[name] for name in ("n", "n2", "n3") if name in found.re.groupindex and found[name]), "one")
    return int(said) if said.isdigit() else max(1, min(numbers.word(said) or 1, 60))


def _weeks(found: re.Match[str]) -> bool:
    units = [found[name] for name in ("unit", "unit2", "unit3", "unit4") if name in found.re.groupindex and found[name]]
    return units[0].startswith(("week", "sem", "woch", "settim"))


def _swapped(
    heard: Heard, kind: Kind[Any], pending: Mapping[str, Any], *, new: tuple[int, int], old: str
) -> dict[str, Any]:
    """X, not Y: the field that holds Y is now X."""
    fresh = heard.clause(*new)
    for blank in kind.sayable():
        held = pending.get(blank.name)
        if held in (None, ""):
            continue
        match blank.widget:
            case Widget.MONEY | Widget.NUMBER:
                said = _figures(old)
                if said and any(_same(each, held) for each in said) and (value := _figures(fresh.folded)):
                    return _figure(blank, value[-1]) | _currency(fresh, kind)
            case Widget.CHOICE:
                before, after = chosen(old, blank.options), chosen(fresh.folded, blank.options)
                if before and after and before[0] != after[0]:
                    return {**values_in(fresh, kind, pending=pending), blank.name: after[0]}
            case Widget.LINE:
                words = set(re.findall(r"[a-z]{3,}", fold(str(held)))) & set(re.findall(r"[a-z]{3,}", old))
                if words and (thing := _thing(fresh)):
                    return {blank.name: thing}
            case _:
                continue
    codes = [_currency(each, kind) for each in (fresh, heard.clause(heard.folded.rfind(old), len(heard.text)))]
    if all(codes) and codes[0] != codes[1]:
        return codes[0]
    if heard.clause(heard.folded.rfind(old), len(heard.text)).days(bare=True):
        return values_in(fresh, kind, awaiting="dates", pending=pending)
    return {}


def _alone(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """A number with nothing beside it: how many, or how much, whichever it can be."""
    if heard.days() or heard.refs or any(each.sure or each.currency for each in heard.amounts):
        return {}
    found = list(_NUMBER.finditer(heard.folded))
    worded = None if found else _worded(heard.folded)
    spans = [each.span() for each in found] if found else [worded[1]] if worded else []
    if len(spans) != 1 or content_in(heard, spans):
        return {}
    value = numbers.decimal(found[0][0]) if found else Decimal(worded[0]) if worded else None
    blanks = kind.sayable()
    money = next((each for each in blanks if each.widget is Widget.MONEY and pending.get(each.name)), None)
    many = next((each for each in blanks if each.widget is Widget.NUMBER and each.told and not each.free_text), None)
    if value is None or not value or (money is None and many is None):
        return {}
    priced = re.search(
        r"\b(?:cost|costs|price|paid|was|were|total|euros?|cuesta|costo|era|fue|foi|etait|kostet|war)\b", heard.folded
    )
    counted = many is not None and value == value.to_integral_value() and value <= 999
    if money is not None and (not counted or priced or near(value, pending[money.name])):
        return _figure(money, value)
    return _figure(many, value) if many is not None and counted else {}


def _one_word(heard: Heard, kind: Kind[Any]) -> dict[str, Any]:
    """A currency, or how much of a day, with nothing beside it: "dollars", "the whole day"."""
    if len(heard.folded.split()) > 4 or heard.amounts:
        return {}
    for blank in kind.sayable():
        if {"am", "pm", "full"} <= {each.value for each in blank.options} and (
            said := chosen(heard.folded, blank.options)
        ):
            return {blank.name: said[0]} if said[0] == "full" else {}
    said = [word for word in content_in(heard, []) if not any(a.currency for a in amounts.amounts_in(f"1 {word}"))]
    return _currency(heard, kind) if not said else {}


def _renamed(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """I meant a mouse; a mouse instead: the thing that the request is about."""
    main = next(
        (each for each in kind.sayable() if each.widget is Widget.LINE and each.required and each.name != "currency"),
        None,
    )
    if main is None or not pending.get(main.name):
        return {}
    found = _MEANT.match(heard.folded) or _INSTEAD.match(heard.folded)
    if found is None or len(found["thing"].split()) > 6:
        return {}
    fresh = heard.clause(*found.span("thing"))
    said = values_in(fresh, kind, pending=pending)
    thing = None if said else _thing(fresh)
    return {main.name: thing} if thing else {}


def _thing(heard: Heard) -> str | None:
    return thing_in(heard, [*heard.spans()], [each.span for each in heard.counts])


def _figures(folded: str) -> list[Decimal]:
    out = [numbers.decimal(each[0]) for each in _NUMBER.finditer(re.sub(r"[€$£]", " ", folded))]
    if not out and (worded := _worded(folded)):
        return [Decimal(worded[0])]
    return [each for each in out if each is not None]


def _worded(folded: str) -> tuple[int, tuple[int, int]] | None:
    tokens = list(re.finditer(r"[a-z]+", folded))
    words = [each[0] for each in tokens]
    for i, word in enumerate(words):
        if word not in numbers.ARTICLES - {"uno"} and (found := numbers.phrase(words, i)) and found[0]:
            return found[0], (tokens[i].start(), tokens[i + found[1] - 1].end())
    return None


def _same(value: Decimal, held: Any) -> bool:
    try:
        return value == Decimal(str(held))
    except InvalidOperation:
        return False


def _figure(blank: Blank, value: Decimal) -> dict[str, Any]:
    if blank.widget is Widget.MONEY:
        return {blank.name: plain_number(value)}
    return {blank.name: int(value)} if value == value.to_integral_value() and value > 0 else {}


def _currency(heard: Heard, kind: Kind[Any]) -> dict[str, Any]:
    alone = [each for word in heard.folded.split() for each in amounts.amounts_in(f"1 {word}")]
    found = [*amounts.amounts_in(heard.folded), *alone]
    code = next((each.currency for each in found if each.currency), None)
    return {"currency": code} if code and any(each.name == "currency" for each in kind.sayable()) else {}

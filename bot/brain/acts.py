"""What a message does rather than says: yes, no, send it, forget it, thanks, hello, looks good; and request numbers."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot.brain.lexicon import listed, phrases


class Act(StrEnum):
    """A message that is nothing but an act."""

    YES = "yes"
    GOOD = "good"
    NO = "no"
    CANCEL = "cancel"
    THANKS = "thanks"
    HELLO = "hello"
    HELP = "help"
    NONE = "none"


_FILLER = listed("filler")
_INTERJECTIONS = listed("interjections")
_WORD = re.compile(r"[\w']+|[^\w\s]")
_TABLE: dict[str, list[tuple[tuple[str, ...], Act]]] = {}
for _act, _said in phrases("acts").items():
    for _phrase in _said:
        _words = tuple(each for each in _WORD.findall(_phrase) if each != "-")
        if _words:
            _TABLE.setdefault(_words[0], []).append((_words, Act(_act)))
for _entries in _TABLE.values():
    _entries.sort(key=lambda entry: -len(entry[0]))

_LAUGHS = re.compile(
    r"\b(?:(?:ha){2,}h?|a?(?:ha){2,}|(?:he){2,}|lo+l|lmao|rofl|(?:ja){2,}j?|(?:je){2,}|mdr|ptdr|k{3,}|xd)\b"
)
_RANK = (Act.CANCEL, Act.NO, Act.NONE, Act.HELP, Act.YES, Act.GOOD, Act.THANKS, Act.HELLO)


def act_of(folded: str, *, thumbs: int = 0, withdrawing: bool = False) -> Act | None:
    """The act that the whole of a folded message is, or None where it says anything besides.

    withdrawing  it was asked whether to withdraw something: "yes, cancel it" is a yes then
    """
    words = _WORD.findall(folded)
    acts = _segmented(words)
    if acts is None and len(words) <= _SHORT and (mended := [_mended(each) for each in words]) != words:
        acts = _segmented(mended)
    if acts is None:
        return None
    if not acts:
        return Act.YES if thumbs > 0 and not folded else Act.NO if thumbs < 0 and not folded else None
    if withdrawing and Act.CANCEL in acts and (Act.YES in acts or _WITHDRAW_IT.search(folded)):
        return Act.YES
    act = next(each for each in _RANK if each in acts)
    return Act.THANKS if act is Act.GOOD and _LAUGHS.search(folded) else act  # "haha nice" sends nothing


_WITHDRAW_IT = re.compile(
    r"\b(?:cancel|withdraw|delete|drop) (?:it|that|them)\b|\b(?:cancel|anul|retir|borr|elimin)\w*?-?l[oae]s?\b"
    r"|\bannule[rz]?-l[ae]s?\b|\b(?:storniere?n?|losche?n?) (?:es|ihn|sie)\b|\b(?:annulla|cancella|ritira)l[oaei]\b"
)
_SHORT = 6
"""Words in which a slip of the pen is looked for: "yes thnaks"."""


def without_interjections(folded: str) -> int:
    """Where a message begins behind words that only open it: "oops, undo that" begins at 6."""
    start = 0
    for found in _WORD.finditer(folded):
        if found[0] not in _INTERJECTIONS and found[0] not in ",.!;:-":
            break
        start = found.end()
    rest = re.compile(r"\s*").match(folded, start)
    return rest.end() if rest and rest.end() < len(folded) else 0


@cache
def _spoken() -> tuple[str, ...]:
    """The words of all acts that are long enough to be mistyped."""
    words = {word for entries in _TABLE.values() for said, _ in entries for word in said}
    return tuple(sorted(word for word in words if len(word) > 2 and word.isalpha()))


def _mended(word: str) -> str:
    """A word that nobody knows, as the word of an act that it is one slip away from."""
    from bot.brain.choices import one_slip
    from bot.brain.spelling import written

    if len(word) < 3 or not word.isalpha() or written(word):
        return word
    near = (each for each in _spoken() if each[0] == word[0] and one_slip(word, each))
    return next((each for each in near if len(word) > 3 or sorted(each) == sorted(word)), word)


def _segmented(words: list[str]) -> set[Act] | None:
    words = [word for word in words if word != "-"]
    if len(words) > 14:
        return None
    acts: set[Act] = set()
    i = 0
    while i < len(words):
        entry = next(
            (entry for entry in _TABLE.get(words[i], ()) if tuple(words[i : i + len(entry[0])]) == entry[0]), None
        )
        if entry:
            acts.add(entry[1])
            i += len(entry[0])
        elif words[i] in _FILLER or not words[i][0].isalnum():
            i += 1
        else:
            return None
    return acts


def opening(folded: str) -> tuple[Act | None, int]:
    """The act that a message opens with, and where what follows begins: "no, make it friday" is (NO, 4)."""
    found = list(_WORD.finditer(folded))
    words = [each[0] for each in found]
    act: Act | None = None
    i = 0
    while i < len(words) and (words[i] in _INTERJECTIONS or (i and words[i] in ",.!;:-")):
        i += 1
    while i < len(words):
        entry = next(
            (entry for entry in _TABLE.get(words[i], ()) if tuple(words[i : i + len(entry[0])]) == entry[0]), None
        )
        if entry and entry[1] is not Act.NONE:
            stop = i + len(entry[0])
            closes = stop >= len(words) or words[stop] in (",", ".", "!", "-", ";", ":", "?")
            if not closes and not (
                entry[1] in (Act.HELLO, Act.NO) and act is None and len(entry[0]) == 1 and entry[1] is Act.NO
            ):
                break
            act = act if act and _RANK.index(act) < _RANK.index(entry[1]) else entry[1]
            i = stop
        elif words[i] in ",.!;:-?" and act is not None:
            i += 1
        else:
            break
    if i >= len(words):
        return act, len(folded)
    return act, found[i].start() if act else 0


@dataclass(frozen=True)
class Ref:
    """A request named by its number; `kind_prefix` is "TO" in TO-12."""

    number: int
    prefix: str | None
    span: tuple[int, int]
    sure: bool


_REF = re.compile(
    r"(?P<prefixed>\b(?P<prefix>[a-z]{2,4})-(?P<a>\d{1,7})\b)|(?P<hash>#\s?(?P<b>\d{1,7})\b)"
    r"|\b(?:request|req|requests|ticket|solicitud|solicitudes|peticion|pedido|pedidos|requisicao|demande|demandes"
    r"|antrag|antrage|anfrage|richiesta|richieste|id|number|numero|nummer|nr|no|n)"
    r"\.?\s*(?:number|numero|nummer|nr|no|id|n)?\s*[.°º]?\s*(?P<c>\d{1,7})\b(?!\s?(?:[/.:,-]\d|%|€|\$|£|x\b|eur\b"
    r"|euros?\b|days?\b|(?:st|nd|rd|th)\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))"
)
_AFTER_ALL = re.compile(r"[,;-]\s*no\s$")
"""A correction of how many: "three mice, no 4"."""
_MORE = re.compile(
    r"\s*(?:,|&|\+|and|y|e|et|und|as well as|plus|,\s*(?:and|y|e|et|und)|or)\s*(?:#|no\.?\s|the |la |el |a |o |le "
    r"|die |den )?(?P<n>\d{1,7})\b(?!\s?(?:€|\$|£|eur|euro|k\b|days?|%|[.,:/]\d|(?:st|nd|rd|th)\b))"
)
_BARE = re.compile(r"(?<![\w.,#€$£/:-])(?P<n>\d{1,7})(?![\w/%-]|[.,:]\d|\s?(?:€|\$|£|eur|usd|gbp|k\b|x\b|%))")


def refs_in(
    folded: str, *, prefixes: frozenset[str], known: frozenset[int] = frozenset(), bare: bool = False
) -> list[Ref]:
    """The requests named in a folded text: TO-12, #214, request 205; with `bare`, any plain number too."""
    out: list[Ref] = []
    for found in _REF.finditer(folded):
        if found["prefixed"] and found["prefix"].upper() not in prefixes:
            continue
        if found["c"] and int(found["c"]) < 100 and _counted(folded, found.end()):
            continue
        number = int(found["a"] or found["b"] or found["c"])
        if number < 10 and _AFTER_ALL.search(folded[: found.start() + 3]):
            continue
        out.append(Ref(number, found["prefix"].upper() if found["prefixed"] else None, found.span(), True))
        out += _following(folded, found.end())
    for found in _BARE.finditer(folded):
        number = int(found["n"])
        if not any(each.span[0] < found.end() and found.start() < each.span[1] for each in out) and (
            bare or number in known
        ):
            out.append(Ref(number, None, found.span(), number in known))
            out += _following(folded, found.end())
    kept: list[Ref] = []
    for each in sorted(out, key=lambda ref: ref.span):
        if all(other.span[1] <= each.span[0] for other in kept):
            kept.append(each)
    return kept


_PLAIN_AFTER = re.compile(
    r"\s+(?:please|pls|as|because|since|lgtm|are|is|look|for|too|and|y|e|et|und|porque|weil|they|from|thanks|approved"
    r"|ok|bitte|today|now|but|both|was|has|been|yet|stand|stands|at|in|to|on|instead|ya|esta|ist|est|steht|ab|"
    r"anymore|again|already|immediately|por|per|pour|fur)\b"
)


def _counted(folded: str, end: int) -> bool:
    """Whether a thing follows a number: "request 3 monitors"."""
    return bool(re.match(r"\s+[a-z]", folded[end:])) and not _PLAIN_AFTER.match(folded[end:])


def _following(folded: str, end: int) -> list[Ref]:
    out: list[Ref] = []
    while found := _MORE.match(folded, end):
        if _counted(folded, found.end()):
            break
        out.append(Ref(int(found["n"]), None, found.span("n"), False))
        end = found.end()
    return out

"""Sentences of a passage, word by word as they stand there, and the stems of their words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-ZÀ-Þ0-9¿¡])")
_SHORTENED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|No|St|approx|incl|p\.m|a\.m|U\.S)\.|\b[A-Z]\.)$")
_DAY = re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])\.$")
_MONTH = re.compile(
    r"\s*(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_LETTERED = re.compile(r"(\d)\(([a-z])\)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@dataclass(frozen=True)
class Sentence:
    """A sentence, a list item or a table row of a passage.

    text   exactly as it stands in the passage
    lead   the line that introduces the list it belongs to, or the head of its table, or ""
    start  where it begins in the passage
    row    true for a row of a table
    item   true for an item of a list, or the first sentence of one
    of     where the item begins that it belongs to; -1 where it belongs to none
    last   true for the last row of a table
    """

    text: str
    start: int
    lead: str = ""
    row: bool = False
    item: bool = False
    of: int = -1
    last: bool = False

    @property
    def told(self) -> str:
        """The sentence with the line that leads to it."""
        return f"{self.lead} {self.text}" if self.lead else self.text

    @property
    def head(self) -> bool:
        """True for the head of a table, which says nothing without its rows."""
        return self.row and not self.lead


def sentences(body: str) -> list[Sentence]:
    """The sentences of a passage's text, in order; list items and table rows count as sentences."""
    out: list[Sentence] = []
    lead = head = ""
    at = 0
    for line in body.split("\n"):
        if " | " in line:
            out += [Sentence(text, at + offset, head, row=True) for text, offset in _piece(line, 0, len(line))]
            head = head or (out[-1].text if out else "")
            at += len(line) + 1
            continue
        _end_table(out)
        head = ""
        stripped = line.strip()
        item = bool(_ITEM.match(line))
        if stripped and not item and not line.startswith("    "):
            lead = ""
        of = at if item else -1
        for nth, (text, offset) in enumerate(_pieces(line)):
            out.append(Sentence(text, at + offset, lead, item=item and nth == 0, of=of))
        if stripped.endswith(":") and not item:
            lead = out[-1].text if out else ""
        at += len(line) + 1
    _end_table(out)
    return out


def _end_table(out: list[Sentence]) -> None:
    if out and out[-1].row:
        out[-1] = replace(out[-1], last=True)


def stem(word: str) -> str:
    """A word without its ending, so that "reimbursed" meets "reimbursement", and "lost" meets "lose"."""
    word = word.lower().removesuffix("'s")
    word = _FORMS.get(word, word)
    if len(word) < 4 or word.isdigit() or word in _APART:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


_IRREGULAR = """
become became, begin began begun, bite bit bitten, blow blew blown, break broke broken,
bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen choice,
come came, deal dealt, draw drew drawn, drink drank drunk, drive drove driven, eat ate eaten,
fall fell fallen, feed fed, feel felt, fight fought, find found, fly flew flown flies flight, forget forgot forgotten,
freeze froze frozen, give gave given, go went gone, grow grew grown, hear heard, hide hid hidden,
hold held, keep kept, know knew known, lay laid, lead led, learn learnt, lend lent, lie lay lain, lose lost loss,
make made, mean meant, meet met, pay paid, ride rode ridden, ring rang rung, rise rose risen,
run ran running, say said, see saw seen, sell sold, send sent, shake shook shaken, show shown,
sit sat, sleep slept, speak spoke spoken, spend spent, stand stood, steal stole stolen theft, stick stuck,
swear swore sworn, take took taken, teach taught, tear tore torn, tell told, think thought, throw threw thrown,
understand understood, wake woke woken, wear wore worn, win won, write wrote written,
child children, foot feet, life lives, man men, person people, tooth teeth, wife wives, woman women,
ill illness, sick sickness
"""
_APART = frozenset({"leaving", "leaver", "leavers"})
"""Words that are no form of the one that they look like: who is leaving is not on leave."""

_FORMS = {form: first for first, *forms in (each.split() for each in _IRREGULAR.split(",")) for form in forms}


def forms(word: str) -> list[str]:
    """The other forms of a word that has irregular ones: "lost" for "lose"."""
    first = _FORMS.get(word, word)
    return [each for each in (first, *(form for form, of in _FORMS.items() if of == first)) if each != word]


_ENDINGS = (
    ("ements", "e"),
    ("ement", "e"),
    ("ments", ""),
    ("ment", ""),
    ("ations", ""),
    ("ation", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ings", ""),
    ("ing", ""),
    ("ers", ""),
    ("er", ""),
    ("ed", ""),
    ("als", ""),
    ("al", ""),
    ("ly", ""),
    ("ances", ""),
    ("ance", ""),
    ("ions", ""),
    ("ion", ""),
    ("sses", "ss"),
    ("es", ""),
    ("ss", "ss"),
    ("s", ""),
)


def stems(text: str) -> set[str]:
    """The stems of a text's words."""
    return {stem(each) for each in _WORD.findall(_LETTERED.sub(r"\1\2", text.replace("’", "'")))}


def _pieces(line: str) -> Iterator[tuple[str, int]]:
    start = 0
    for found in _END.finditer(line):
        if _SHORTENED.search(line[: found.start()]) or _ITEM.fullmatch(line[: found.end()]):
            continue
        if _DAY.search(line[: found.start()]) and _MONTH.match(line, found.end()):
            continue  # "bis zum 30. September"
        yield from _piece(line, start, found.start() + len(found.group().rstrip()))
        start = found.end()
    yield from _piece(line, start, len(line))


def _piece(line: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    text = line[start:end]
    bullet = _ITEM.match(text)
    lead = bullet.end() if bullet else len(text) - len(text.lstrip())
    text = text[lead:].rstrip()
    if any(letter.isalnum() for letter in text):
        yield text, start + lead

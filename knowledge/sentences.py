"""Sentences of a passage, word by word as they stand there, and what kind of thing each could answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]*[A-ZÀ-Þ0-9¿¡])")
_SHORTENED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|No|St|approx|incl|p\.m|a\.m|U\.S)\.|\b[A-Z]\.)$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    "hundred|thousand|half|once|twice|double|unlimited|none|zero"
)
_AMOUNT = re.compile(rf"\d|[$€£%]|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
_TIME = re.compile(
    rf"\d|\b(?:{NUMBER_WORDS}|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|daily|weekly|monthly|yearly|annually|quarterly|biweekly|"
    r"immediately|before|after|until|within|by the end|end of|first|last|every|each|as soon as|prior|noon|midnight|"
    r"days?|weeks?|months?|years?|hours?|minutes?|quarter)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"@|\b(?i:managers?|supervisor|team|hr|human resources|people op\w*|office|department|owner|director|officer|lead|"
    r"admin\w*|finance|payroll|committee|company|employer|employees?|provider|insurer|it help\w*|help ?desk|contact|"
    r"ceo|cfo|cto|coo|founder|president|partner|buddy|legal|security|support)\b|"
    r"(?<=[a-z,:;] )[A-Z][a-z]+(?: [A-Z][a-z]+)?"
)
_RULE = re.compile(
    r"\b(?:yes|no|not|never|cannot|can|may|must|should|shall|will|allowed|permitted|prohibited|forbidden|required|"
    r"requires?|eligible|entitled|covered?|covers|reimbursed?|reimbursable|approved?|approval|pre-?approved|provided?|provides|"
    r"paid|pays?|free|only|unless|except|responsible|encouraged?|recommend\w*|acceptable|strictly|always|need|holidays?|"
    r"don't|doesn't|won't|can't|isn't|aren't|do not|does not)\b",
    re.IGNORECASE,
)


class Asked(StrEnum):
    """What kind of thing a question wants to know."""

    AMOUNT = "amount"
    TIME = "time"
    WHO = "who"
    YES_NO = "yes or no"
    OTHER = "other"


_QUESTIONS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    (
        Asked.TIME,
        re.compile(
            r"\bhow (?:long|often|soon|early|late|quickly)\b|\bwhen(?:s|'s)?\b|"
            r"\bwhat (?:time|day|date)\b|\bwhich day\b|"
            r"\bdeadline\b|\bdue date\b|\bby when\b|\bdates?\b|\bnotice\b.*\bhow much\b|\bhow much notice\b"
        ),
    ),
    (
        Asked.AMOUNT,
        re.compile(
            r"\bhow (?:much|many|big|large|high|far)\b|"
            r"\b(?:percent|percentage|amount|maximum|minimum|max|min|cap|limit|rate)\b|"
            r"\bnumber of\b|\bwhat(?:'s| is) the (?:cost|price|fee)\b"
        ),
    ),
    (
        Asked.WHO,
        re.compile(r"\b(?:who|whom|whos|who's|whose)\b|\bwhich (?:person|team|department|company|provider|vendor)\b"),
    ),
    (
        Asked.YES_NO,
        re.compile(
            r"(?:^|[,.;!?-] *|\b(?:so|and|but|or) )"
            r"(?:can|could|may|do|does|did|is|are|am|was|will|would|should|must|have|has|"
            r"ok(?:ay)? (?:to|if)|allowed|need)\b|\b(?:ok|okay|allowed|covered|right)\?"
        ),
    ),
)


@dataclass(frozen=True)
class Sentence:
    """A sentence, a list item or a table row of a passage.

    text   exactly as it stands in the passage
    lead   the line that introduces the list it belongs to, or the head of its table, or ""
    start  where it begins in the passage
    row    true for a row of a table
    """

    text: str
    start: int
    lead: str = ""
    row: bool = False

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
        head = ""
        stripped = line.strip()
        item = bool(_ITEM.match(line))
        if stripped and not item and not line.startswith("    "):
            lead = ""
        for text, offset in _pieces(line):
            out.append(Sentence(text, at + offset, lead))
        if stripped.endswith(":") and not item:
            lead = out[-1].text if out else ""
        at += len(line) + 1
    return out


def asked(question: str) -> frozenset[Asked]:
    """What kinds of thing a question wants to know; OTHER where nothing tells."""
    low = question.lower().replace("’", "'")
    found = {kind for kind, pattern in _QUESTIONS if pattern.search(low)}
    return frozenset(found or {Asked.OTHER})


def could_answer(text: str, kind: Asked) -> bool:
    """True if a text holds the kind of thing that is asked for: a figure for an amount, a name or role for who."""
    match kind:
        case Asked.AMOUNT:
            return bool(_AMOUNT.search(text))
        case Asked.TIME:
            return bool(_TIME.search(text))
        case Asked.WHO:
            return bool(_SOMEBODY.search(text))
        case Asked.YES_NO:
            return bool(_RULE.search(text))
        case Asked.OTHER:
            return True


def stem(word: str) -> str:
    """A word without its ending, so that "reimbursed" meets "reimbursement"."""
    word = word.lower().removesuffix("'s")
    if len(word) < 4 or word.isdigit():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


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
    return {stem(each) for each in _WORD.findall(text.replace("’", "'"))}


def _pieces(line: str) -> Iterator[tuple[str, int]]:
    start = 0
    for found in _END.finditer(line):
        if _SHORTENED.search(line[: found.start()]) or _ITEM.fullmatch(line[: found.end()]):
            continue
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

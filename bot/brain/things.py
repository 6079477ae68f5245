"""Free text cut cleanly: "4k monitor" out of "can you order a 4k monitor for 640 euros for tom", and who sells it."""

import re

from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lexicon import listed

_LEAD = listed("lead")
_TAIL = listed("tail")
_GENERIC = listed("vague")
_BOUND = re.compile(
    r"[,;:!?()\n\x01]+|\.(?=\s|$)|\s-\s|\s(?:because|since|so that|so|as we|as i|but|which|who|that|costs?|costing"
    r"|priced|is|are|was|they|it|son|sono|sao|sind|sont|cuestan|custam|kosten|coutent|costano|broke|died"
    r"|stopped|fails|failed|doesn't|isn't|won't|before|by|until|needed"
    r"|starting|per|due"
    r"|no later|"
    r"porque|ya que|que cuesta|antes|pois|car|parce que|puisque|avant|weil|da wir|damit|denn|perche|poiche|prima"
    r"|which|without|including|inclusive|incluido|incluidos|incluindo|inclus|inklusive|compreso)\s"
    r"|\s(?:for|para|fur|pour|per)\s(?=(?:the|our|my|a|an|his|her|their|new|us|me|work|home|everyone|all|use|team|el"
    r"|la|los|las|mi|nuestro|nuestra|o|a|os|as|meu|minha|le|les|mon|ma|notre|l'|die|den|das|mein|meine|unser|il|lo|i"
    r"|mio|mia|nostro)\b)"
    r"|\s(?:fur|furs|para|pour|per)\s(?=x)|\sfurs\s|\sfuer\s"
)
_VERB = re.compile(
    r"\b(?:buy|order|purchase(?: of)?|procure|get (?:me|us|a|an|some|new|another)"
    r"|comprar|encargar|pedir|la compra de|compra de|compre|compren"
    r"|encomendar|a compra de|acheter|commander|l'achat d[e']|achat d[e']|bestellen|kaufen|anschaffung von|comprare"
    r"|ordinare|acquistare|l'acquisto di|acquisto di)\s+"
)
"""What follows these is what is wanted, wherever in the message it stands."""
_NEED = re.compile(
    r"\b(?:(?:i|we|i'd|we'd|they|he|she)(?: (?:really|also|still|now|urgently|would|do|will))*"
    r" (?:need|needs|want|wants|require|like)|could do with"
    r"|(?:necesito|necesitamos|necesitaria|hace falta|hacen falta|quiero|quisiera)"
    r"|(?:preciso|precisamos|precisava|precisaria) d[eoa]s?|precis[oa]|"
    r"(?:j'ai|j'aurais|on a|nous avons|il me faut|il nous faut) ?(?:besoin d[e'])?|(?:brauche|brauchen|brauchte"
    r"|benotige|benotigen)"
    r"|(?:ho|avrei|abbiamo) bisogno di|(?:mi|ci) (?:serve|servono|servirebbe|servirebbero))\s+"
)
"""So does this, where it is no reason and nothing is counted."""
_WHY = re.compile(r"\b(?:because|since|porque|ya que|pois|car|parce que|puisque|weil|denn|perche|poiche)\b")
_SELLER = re.compile(
    r"\b(?:from|form|frm|at|via|on|bei|chez|von|em|na|no|en|da|by|through|de|vendor:?"
    r"|supplier:?)\s+(?P<name>(?:[A-ZÀ-Ý][\w&.'-]*)(?:(?<!\w\w\.)\s+(?:[A-ZÀ-Ý&][\w&.'-]*))*|[a-z0-9-]+\.(?:com"
    r"|de|es|fr|it|pt"
    r"|co\.uk|net|org|eu)\b)"
    r"|(?:^|[.,;!?]\s*|\band\s+)(?P<has>[A-Za-zÀ-ÿ][\w&'-]{2,})\s+(?:has|have|had|sells?|offers?|tiene|tienen"
    r"|vende|tem|hat"
    r"|verkauft|vend|ha)\s+(?:(?:the|a) (?:\w+ )?one|one|it|them|some|uno|una|um|uma|eine[ns]?|welche)\b"
    r"|\bfrom\s+(?P<lower>[a-z][\w&'-]{2,})(?=\s*(?:[,.;!?]|$|\x01|for\b|at\b|please\b|by\b))"
)
_SET_OFF = re.compile(r"\(\s*(?P<name>[A-ZÀ-Ý][\w&.'-]*(?:\s[A-ZÀ-Ý&][\w&.'-]*){0,2}),\s*\x01+\s*\)")
"""Who sells it, in brackets with the price: "a desk (Lumen, 389 euros)"."""
_REASON = re.compile(
    r"(?:\b(?:because|since(?= (?:we|i|it|he|she|they|the|my|our|there|this|that|i\'m|we\'re|it\'s)\b)|so that|as we"
    r"|as i|reason:?|porque|ya que|motivo:?|pois|parce que|puisque|car|weil|da wir|damit|grund:?|perche|poiche"
    r"|motivo:?)\s+)(?P<reason>.{3,300})$",
    re.DOTALL,
)
_WORD = re.compile(r"[^\s]+")


def thing_in(heard: Heard, spans: list[tuple[int, int]], counts: list[tuple[int, int]] | None = None) -> str | None:
    """The thing a request is about, as it was written, or None where none is named.

    spans   what is something else: days, amounts, people, sellers
    counts  how many; they may stand in front of the thing
    """
    folded, text = _masked(heard, spans, counts or [])
    for found in _VERB.finditer(folded):
        bound = _BOUND.search(folded, found.end())
        core = _core(folded, found.end(), bound.start() if bound else len(folded))
        if core and not _WHY.search(folded[: found.start()]):
            return text[core[0] : core[1]].strip()
    for found in _NEED.finditer(folded) if not counts else ():
        bound = _BOUND.search(folded, found.end())
        core = _core(folded, found.end(), bound.start() if bound else len(folded))
        if core and not _WHY.search(folded[: found.start()]):
            return text[core[0] : core[1]].strip()
    pieces: list[tuple[int, int, int]] = []
    start = 0
    for bound in [*_BOUND.finditer(folded), None]:
        end = bound.start() if bound else len(folded)
        pieces.append((start, end, bound.end() if bound else end))
        start = pieces[-1][2]
    # "we're out of toner, three cartridges at 42": what is counted is what is wanted.
    counted = [each for each in pieces if any(each[0] <= at < each[1] for at, _ in counts or [])]
    for start, end, _ in [*counted, *pieces]:
        if found := _core(folded, start, end):
            return text[found[0] : found[1]].strip()
    return None


def _masked(heard: Heard, spans: list[tuple[int, int]], counts: list[tuple[int, int]]) -> tuple[str, str]:
    folded = re.sub(r"\(\s*\d+\s*\)", lambda found: " " * len(found[0]), heard.folded)
    for start, end in counts:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    for start, end in spans:
        folded = folded[:start] + "\x01" * (end - start) + folded[end:]
    return folded, heard.text


def _core(folded: str, start: int, end: int) -> tuple[int, int] | None:
    words = [
        (found.start() + start, found.end() + start, found[0].strip("\"'~*=.@-"))
        for found in _WORD.finditer(folded[start:end])
    ]
    while words and (not words[0][2] or words[0][2] in _LEAD):
        words.pop(0)
    while words and (not words[-1][2] or words[-1][2] in _TAIL):
        words.pop()
    content = [word for _, _, word in words if word not in _GENERIC and word not in _LEAD and word not in _TAIL]
    if not any(any(character.isalpha() for character in word) for word in content) or len(words) > 12:
        return None
    while words and words[0][2] in ("of", "de", "di", "von"):
        words.pop(0)
    first, last = words[0], words[-1]
    return first[0], last[1] - (len(folded[last[0] : last[1]]) - len(folded[last[0] : last[1]].rstrip("\"'~*=.-")))


def content_in(heard: Heard, spans: list[tuple[int, int]]) -> list[str]:
    """The words of a message that say something, beside what stands at these places."""
    folded = heard.folded
    for start, end in spans:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return [
        word
        for word in re.findall(r"[a-z]{2,}", folded)
        if word not in _LEAD and word not in _TAIL and word not in _GENERIC
    ]


def seller_in(heard: Heard, spans: list[tuple[int, int]]) -> tuple[str, tuple[int, int]] | None:
    """Who sells it: the name and where it stands, or None."""
    text = heard.text
    for start, end in spans:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    for found in _SELLER.finditer(text):
        name = found["name"] or found["has"] or found["lower"]
        if found["has"] and (fold(name) in _LEAD | _TAIL | _GENERIC or len(name) < 3):
            continue
        if found["lower"] and fold(name) in _LEAD | _GENERIC | {
            "home",
            "work",
            "scratch",
            "here",
            "airport",
            "station",
            "town",
            "now",
            "finance",
            "store",
            "stock",
            "abroad",
        }:
            continue
        return name.rstrip("."), found.span("name" if found["name"] else "has" if found["has"] else "lower")
    if (set_off := _SET_OFF.search(text)) and fold(set_off["name"]) not in _LEAD | _TAIL | _GENERIC:
        return set_off["name"], set_off.span("name")
    parts = [(each.start(), each.end()) for each in re.finditer(r"[^,;\x01\n]+", text)]
    if len(parts) > 1:
        start, end = parts[-1]
        last = text[start:end].strip(" .!")
        if (
            re.fullmatch(r"[A-ZÀ-Ý][\w&.'-]*(?:\s[A-ZÀ-Ý&][\w&.'-]*){0,2}", last)
            and fold(last) not in _LEAD | _TAIL | _GENERIC
        ):
            at = heard.text.index(last, start)
            return last, (at, at + len(last))
    return None


def reason_in(heard: Heard) -> str | None:
    """Why: what follows "because" and its like."""
    found = _REASON.search(heard.folded)
    return heard.text[found.start("reason") : found.end("reason")].strip(" .") if found else None


_ANSWER = re.compile(
    r"^(?:(?:it's|its|it is|it was|that's|that is|that would be|i'd say|i need|i want|i'd like|the|an?|some|for|from"
    r"|at|es|era|un|una|el|la|los|las|e|um|uma|o|a|c'est|c'etait|une|le|les|des|es ist|das ist|ein|eine|einen|der|die"
    r"|das|"
    r"il|lo|gli|item:?|please|just|say|make it|put|well|um|uh)\s+)+"
)


def answer_in(heard: Heard) -> str:
    """A whole message as the answer to a question: without "it's a" in front."""
    found = _ANSWER.match(heard.folded)
    cut = heard.text[found.end() :] if found else heard.text
    cut = re.sub(
        r"[,\s]+(?:please|pls|plz|thanks|thx|por favor|bitte|svp|per favore|s'il te plait)\W*$",
        "",
        cut,
        flags=re.IGNORECASE,
    )
    return (cut or heard.text).strip(" .!\n\"'") or heard.text.strip()

"""How people say that their pictures are pages of one receipt, or each a receipt of its own; in six languages."""

import re

from bot.brain.clean import clean

ONE, SEPARATE = "one", "separate"

_SLIP = (
    r"(?:receipts?|bills?|recib[oi]s?|tickets?|ti(?:que|quet)s?|taloes|talao|faturas?|facturas?|recus?|belege?s?"
    r"|quittung(?:en)?|rechnung(?:en)?|scontrin[oi]|ricevut[ae])"
)
_COUNT = (
    r"(?:[2-9]|10|two|three|four|five|both|all|dos|tres|cuatro|ambas|dois|duas|quatro|deux|trois|quatre|zwei|drei|vier"
    r"|beide|due|tre|quattro)"
)
_SAID_ONE = re.compile(
    rf"\b{_COUNT}\s+(?:pages?|paginas?|seiten|pagine|parts?|partes?|parti|teile|photos?|pictures?|fotos?|bilder)\b"
    rf"|\b(?:one|same|single|u[nm]a?|uno|mism[ao]|mesm[ao]|une|meme|ein(?:e|em|en|er)?|\w*selben?|stess[ao])\s+"
    rf"(?:single\s+|so\s+|sol[ao]?\s+|unic[oa]\s+|seule?\s+|einzige[nrs]?\s+|y?\s*mism[ao]\s+)?{_SLIP}\b"
    r"|\b(?:(?:belong|goe?s?) together|gehor(?:en|t) zusammen|va[no] junt[oa]s?|vont ensemble|vanno insieme)\b"
    r"|\bpage [2-9] of (?:it|that|the receipt|the same)\b"
)
_SAID_SEPARATE = re.compile(
    r"\b(?:separate|different|distinct|separad[oa]s|distint[oa]s|diferentes|separee?s|differente?s|getrennte?"
    rf"|verschiedene|einzelne|separat[ie]|divers[ie])(?:\s+{_SLIP}\b|\s*[.!,]*$)"
    rf"|\b{_COUNT}\s+(?:\w+\s+)?"
    r"(?:receipts|bills|recibos|tickets|tiques|taloes|faturas|facturas|recus|belege|quittungen|rechnungen|scontrini"
    r"|ricevute)\b"
    r"|\b(?:split|take) (?:them|it|these|those)(?: apart)?\b"
)
_NOT = re.compile(r"\b(?:not|no|don'?t|doesn'?t|aren'?t|isn'?t|never|nicht|kein\w*|nao|pas|non)\b")
_BUT = re.compile(r"^(?:(?:no|yes|oh|sorry|but|actually|si|sim|oui|ja|nein|nao|non)[,.! ]+)+(?=\w)")
"""What stands in front and denies nothing: "no, they are one receipt"."""
_DENIES = re.compile(r"^(?:no|nao|non) (?:son|es|sao|sono)\b")
_OF_THEM = re.compile(
    r"(?:they|these|those|this|it|that|both|all|the|lines?|pictures?|photos?|pages?|split|take|join|put|one|same|two"
    r"|three|four|separate|different|son|estos|estas|las|los|lineas?|ambas|ambos|todos|todas|es|e|sao|estas|estes|as|os"
    r"|linhas?|ce|c'est|les|lignes?|toutes|tous|das|die|sind|alle|beide|zeilen?|sono|queste|questi|le|gli|righe|riga"
    r"|tutti|tutte|van|vao|vont|vanno|gehoren|not|non|no|nao|[2-9])\b"
)
"""How a message begins that speaks of what is on the card."""
_LINES = re.compile(
    r"\b(?:lines?|lineas?|linhas?|lignes?|zeilen?|righ?[ae]|pictures?|photos?|fotos?|bilder)\s+"
    r"(\d[\d ,&+/-]*(?:(?:and|y|e|et|und|to|a|bis)\s+\d+)?)"
)
_LONGEST = 14
"""Words of a message that says nothing but that."""


def said_of(text: str, *, alone: bool = False) -> str:
    """ONE, SEPARATE, or "" where a message says neither.

    alone  there is no file with it: then it has to speak of nothing else
    """
    read = clean(text).folded.strip()
    read = read if _DENIES.match(read) else _BUT.sub("", read)
    if alone and (len(read.split()) > _LONGEST or "?" in read or not _OF_THEM.match(read)):
        return ""
    for found, this, other in ((_SAID_SEPARATE.search(read), SEPARATE, ONE), (_SAID_ONE.search(read), ONE, SEPARATE)):
        if found is not None:
            return other if _NOT.search(read[: found.end()]) else this
    return ""


def lines_in(text: str) -> list[int]:
    """The lines that a message names, in order: "lines 2 and 3", "lines 2-4"."""
    found = _LINES.search(clean(text).folded)
    if found is None:
        return []
    numbers = [int(each) for each in re.findall(r"\d+", found[1])]
    if len(numbers) == 2 and re.search(r"-|\b(?:to|bis|a)\b", found[1]):
        numbers = list(range(numbers[0], numbers[1] + 1))
    return sorted(set(numbers))

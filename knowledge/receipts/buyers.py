"""Who bought: the lines of a paper that name the buyer, which are never the seller."""

import re
from collections.abc import Sequence

from knowledge.pages.page import Line
from knowledge.receipts.days import plain
from knowledge.receipts.naming import SELLER

BUYER = re.compile(
    r"(?<![a-z])(?:bill(?:ed)? to|invoice(?:d)? to|sold to|ship(?:ped)? to|deliver(?:ed"
    r"|y)? (?:to|address)|customer(?!.s copy| care| serv| copy)|client|buyer|attn|facturar a"
    r"|cliente|datos del cliente|direccion de (?:envio|entrega|factur\w+)|destinatari\w*"
    r"|adquirente|exm[oa]\.?\(?s?\)?\.?|faturar a|entregar"
    r"|morada de (?:entrega|faturacao)|facture a|adresse(?: de)? (?:livraison|facturation)"
    r"|nabywca|odberatel|vevo|mottagare|kopare|kjoper|kober|ostaja|alici|cumparator|receptor"
    r"|received from|recibi de|recu de|m/s(?= ?:)|^\W*(?:to|aan|guest) ?:"
    r"|destinataire|rechnung an|rechnungsadresse|rechnungsempfanger|lieferadresse"
    r"|lieferanschrift|kaufer\w*|kunde|leistungsempfanger|herrn|frau|spett\.?(?:le)?"
    r"|fatturare a|cessionario|committente|intestatario|indirizzo di (?:consegna|fatturazione)"
    r"|factuuradres|afleveradres|klant|payer|prepared for|for the attention)(?![a-z])"
)
_PERSON = re.compile(r"\W*(?:herrn|frau|attn|z\. ?hd|t\.a\.v|for the attention|a l'attention|c\.a\.|alla c)(?![a-z])")
"""How the line of a person within the buyer's address begins."""

_NUMBER_OF = re.compile(r"(?:(?<![a-z])n[ro]?[.°º]?|number|nummer|code|id|ref)\W*$")


def buyers_of(rows: Sequence[Sequence[Line]]) -> set[tuple[int, int]]:
    """Which lines name the buyer: those under and beside "Bill to", down to a gap."""
    out: set[tuple[int, int]] = set()
    for place, row in enumerate(rows):
        for spot, line in enumerate(row):
            label = BUYER.search(plain(line.text))
            if not label or (label.start() > 12 and not line.text.rstrip().endswith(":")):
                continue
            if _NUMBER_OF.search(plain(line.text)[: label.start()]):
                continue
            out.add((place, spot))
            if _PERSON.match(plain(line.text)) and (above := _right_above(rows, place, line)):
                out.add(above)
            rest = line.text[label.end() :].strip(" :.")
            if spot + 1 < len(row) and len(rest) < 3 and line.text.rstrip().endswith(":"):
                out.add((place, spot + 1))
            if len(rest.split()) > 1 and re.search(r"\d", rest):
                continue
            near = line
            for down in range(place + 1, min(place + 8, len(rows))):
                at = next(
                    (
                        n
                        for n, each in enumerate(rows[down])
                        if abs(each.box.left - line.box.left) < 2.5 * line.box.height or _over(each, line)
                    ),
                    None,
                )
                if at is None:
                    continue
                each = rows[down][at]
                if each.box.top - near.box.bottom > 1.3 * line.box.height or SELLER.search(plain(each.text)):
                    break
                out.add((down, at))
                near = each
    return out


def _right_above(rows: Sequence[Sequence[Line]], place: int, line: Line) -> tuple[int, int] | None:
    """The line that begins right above this one: the company of the person it names."""
    for spot, each in enumerate(rows[place - 1] if place else ()):
        near = abs(each.box.left - line.box.left) < line.box.height
        if near and 0 <= line.box.top - each.box.bottom < 0.8 * line.box.height:
            return place - 1, spot
    return None


def _over(a: Line, b: Line) -> bool:
    return min(a.box.right, b.box.right) - max(a.box.left, b.box.left) > 0.5 * min(a.box.width, b.box.width)

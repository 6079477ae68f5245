"""Who sold: the name at the top of a receipt, the seller and never the buyer of an invoice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from knowledge.pages.page import Line, Page
from knowledge.receipts.amounts import amounts
from knowledge.receipts.buyers import buyers_of
from knowledge.receipts.comparing import named, same_merchant
from knowledge.receipts.days import days, plain
from knowledge.receipts.naming import ADDRESS, FORMS, NUMBERED, SELLER, STRONG, TRADE, bare, like_a_name, told
from knowledge.receipts.wrapping import REGISTRATION, under, wrapped

_PARTING = re.compile(
    r"(?<![a-z])(?:thank you|thanks for|come again|visit us again|not returnable|gracias por"
    r"|obrigad[oa] (?:pela|e)|merci de|vielen dank|danke fur|grazie (?:per|e)|auf wiedersehen)"
)


@dataclass(frozen=True)
class Name:
    """A name that may be the seller's, and what speaks for it."""

    text: str
    points: float


def names(pages: Sequence[Page], *, ours: Sequence[str] = ()) -> list[Name]:
    """The names that may be the seller's, likeliest first; nothing if no line looks like one.

    ours  names of the company itself, which is the buyer
    """
    if not pages:
        return []
    page = pages[0]
    rows = _own(page.rows())
    buyers = buyers_of(rows)
    sites = _sites("\n".join(line.text for each in pages for line in each.lines))
    usual = median([line.box.height for line in page.lines] or [1.0])
    body = _body(rows)
    points: dict[str, float] = {}
    text_of: dict[str, str] = {}
    first = True
    for place, row in enumerate(rows):
        for spot, line in enumerate(row):
            if (place, spot) in buyers or days(plain(line.text), day_first=True):
                continue
            found = told(line.text)
            label = _seller_label(rows, place, spot)
            text = found or bare(line.text)
            if not text or (not found and not like_a_name(text)) or any(same_merchant(text, each) for each in ours):
                continue
            text = text if found else wrapped(rows, place, spot, text, usual=usual)
            score = _worth(text, line, rows, place, usual=usual, tall=page.height, sites=sites)
            score += 2.5 if found else 0.0
            more = plain(line.text)[len(text) :]
            if len(more) > 8 and (_with_address(line.text, text) or (_foot(rows, place) and NUMBERED.search(more))):
                score += 1.8
            score += 3.0 if label else 0.0
            if place > body and not found and not label and not _foot(rows, place):
                score -= 3.0
            if first and place <= body:
                score += 1.5
                first = False
            key = named(text)
            points[key] = max(points.get(key, -9.0), score) + (0.4 if key in points else 0.0)
            text_of.setdefault(key, text)
    for sign in points:  # the sign at the top, and the same name in full further down
        for whole in points:
            if len(sign) >= 6 and whole.startswith(sign) and whole != sign and STRONG.search(plain(text_of[whole])):
                points[whole] = max(points[whole], points[sign]) + 1.0
    ranked = sorted(points, key=lambda each: -points[each])
    return [Name(text_of[key], points[key]) for key in ranked if points[key] > -1.0]


def _own(rows: Sequence[Sequence[Line]]) -> Sequence[Sequence[Line]]:
    """The rows without what hangs over from the receipt that was printed before it."""
    for place, row in enumerate(rows[: max(6, len(rows) // 5)]):
        if _PARTING.search(plain(" ".join(each.text for each in row))) and len(rows) > 12:
            return rows[place + 1 :]
    return rows


def _worth(
    text: str, line: Line, rows: Sequence[Sequence[Line]], place: int, *, usual: float, tall: float, sites: set[str]
) -> float:
    words = plain(text)
    height = line.box.top / max(tall, 1)
    score = 1.6 * max(0.0, 1 - 4 * height) + min(1.5, 1.2 * max(0.0, line.box.height / usual - 1.15))
    if STRONG.search(words):
        score += 2.6
    elif FORMS.search(words):
        score += 1.2
    if TRADE.search(words):
        score += 0.9
    if any(_alike(words, site) for site in sites):
        score += 2.2
    below = " ".join(each.text for row in rows[place + 1 : place + 4] for each in row)
    if ADDRESS.search(plain(below)) or NUMBERED.search(plain(below)):
        score += 0.8
    if (
        STRONG.search(words)
        and place + 1 < len(rows)
        and any(REGISTRATION.match(plain(e.text)) for e in rows[place + 1])
    ):
        score += 1.2
    if text.isupper():
        score += 0.3
    score -= 1.2 * (line.score < 0.85) + 1.0 * (len(re.sub(r"\W", "", text)) < 5)
    letters = sum(each.isalpha() for each in text)
    score -= 1.5 * (letters < 0.6 * len(text.replace(" ", "")))
    return score - 0.8 * (text.islower())


def _with_address(line: str, name: str) -> bool:
    """True if the address follows the name in the same line, as sellers print it above the buyer's."""
    rest = plain(line)[len(name) :]
    return bool(ADDRESS.search(rest)) and bool(re.search(r"\d", rest))


def _seller_label(rows: Sequence[Sequence[Line]], place: int, spot: int) -> bool:
    """True if the line above, or the one to the left, says that the seller follows."""
    line = rows[place][spot]
    if spot and SELLER.search(plain(rows[place][spot - 1].text)):
        return True
    for up in (1, 2):
        above = under(rows[place - up], line) if place >= up else None
        if above and SELLER.search(plain(above.text)):
            return up == 1 or plain(above.text).startswith(("service provider", "sold by"))
        if above and like_a_name(bare(above.text)):
            return False
        if above and up == 1 and not above.text.strip().startswith(("*", "(")):
            return False
    return False


def _foot(rows: Sequence[Sequence[Line]], place: int) -> bool:
    """True if the row stands at the foot among the seller's bank, register and tax numbers."""
    if place < 0.7 * len(rows):
        return False
    near = plain(" ".join(each.text for row in rows[max(0, place - 1) : place + 4] for each in row))
    return bool(
        re.search(
            r"iban|\bhrb?\b|ust-?id|vat (?:no|reg)|siret|capital|registro mercantil|p\.? ?iva|nipc"
            r"|\b[cn]if\b|\br\.m\."
            r"|\btva\b|\bkvk\b|\bdic\b|\borg\.?-?nr|\bcvr\b|registered (?:in|office|no)|company (?:no|reg)",
            near,
        )
    )


def _body(rows: Sequence[Sequence[Line]]) -> int:
    """In which row the goods begin: after the first with an amount, or the head of their table."""
    for place, row in enumerate(rows):
        words = plain(" ".join(each.text for each in row))
        if re.search(
            r"(?<![a-z])(?:qty|quantity|cant\w*|qtd|menge|anzahl|qte|quantite|amount|importe|betrag"
            r"|prix|price|preis|precio|preco|prezzo|descrip\w*|designation|bezeichnung"
            r"|artikel)(?![a-z]).*(?<![a-z])(?:price|amount|total|importe|betrag|montant|preis|prezzo"
            r"|preco|u/p|rm|eur|precio|prix|pvp)",
            words,
        ):
            return place
        if any(amount.sure for each in row for amount in amounts(each.text)) and place > 1:
            return place
    return len(rows)


def _sites(text: str) -> set[str]:
    """The names in the addresses of web and mail that are printed, but for those of mail services."""
    found = re.findall(
        r"(?:https?://|www\.|@)\s?([\w-]+(?:\.[\w-]+)*)\.(?:com?|de|es|pt|fr|it|net|org|my|nl|eu|at|ch|uk|io|be|us)\b",
        plain(text),
    )
    parts = {part for each in found for part in each.split(".") if len(part) > 3}
    return parts - {
        "gmail",
        "hotmail",
        "outlook",
        "yahoo",
        "facebook",
        "instagram",
        "mail",
        "info",
        "live",
        "icloud",
        "googlemail",
        "www",
    }


def _alike(words: str, site: str) -> bool:
    name, site = named(words), re.sub(r"\W", "", site)
    return len(site) >= 4 and (site in name or (len(name) >= 5 and name in site))

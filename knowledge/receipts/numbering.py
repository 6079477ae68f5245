"""The numbers that name a paper and who gave it: the seller's tax id, the document's number, the order's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.receipts.days import days, plain

_TAX_ID_LABEL = re.compile(
    r"(?<![a-z])(?:vat|gst|n\.?i\.?f|c\.?i\.?f|nipc|contribuinte|ust\.?-? ?id\.?-? ?(?:nr)?"
    r"|uid|steuer-?(?:nr|nummer)|st\.? ?-? ?nr|tva|p\.? ?\.?iva|partita iva|piva"
    r"|cod\.? ?fisc\w*|btw|kvk|abn|ein|tax ?id"
    r"|tin|cnpj|siret|siren|rfc|cuit|ruc|tax (?:reg\w*|number|no)|sst|hst|cvr|vies|org\.? ?nr|mva|nip)(?![a-z])"
)
_NATIONAL = re.compile(r"siren|siret|kvk|steuer|st\\b|cod|hst")
_BUYER = re.compile(
    r"(?<![a-z])(?:client\w*|customer|kunden?\w*|buyer|adquirente|acheteur|ihre|votre|your"
    r"|cliente|destinat\w*|cessionario|klant\w*)(?![a-z])"
)
_TOKEN = re.compile(r"(?<![\w])(?:[a-z]{2,3}[ -]?)?[a-z]?\d[\d .\-/]{5,18}[\da-z](?:b\d\d)?(?![\w])")


@dataclass(frozen=True)
class TaxId:
    """A tax id as printed: its letters and digits alone, and how likely it is one."""

    text: str
    likely: float
    row: int
    buyers: bool


def tax_ids(lines: Sequence[str]) -> list[TaxId]:
    """The tax ids on a paper, likeliest first."""
    out: dict[str, TaxId] = {}
    for row, line in enumerate(lines):
        words = plain(line)
        buyers = bool(_BUYER.search(words))
        for label in _TAX_ID_LABEL.finditer(words):
            after = words[label.end() :]
            token = re.match(
                r"[^\d]{0,28}?((?:[a-z]{1,3}[ -]?)?\d[\d .\-/]*\d ?[a-z]?\d{0,2}|[a-z]\d{7}[a-z\d])(?![a-z\d])", after
            )
            if token:
                text = _bare(token[1]).removeprefix("ID")
                if 7 <= len(text) <= 15:
                    likely = 0.97 if checked(text) else 0.6 if _NATIONAL.match(label[0]) else 0.7
                    out.setdefault(text, TaxId(text, likely, row, buyers))
        for found in re.finditer(
            r"(?<![\w])(?:[a-hj-np-sv-w]-?\d{7}-?[\da-j]|\d{8}-?[a-z]"
            r"|[a-z]{2} ?\d{2,3}[\d .]{6,12}\d(?:b\d\d)?)(?![\w])",
            words,
        ):
            text = _bare(found[0])
            if checked(text):
                out.setdefault(text, TaxId(text, 0.85, row, buyers))
    return sorted(out.values(), key=lambda each: (each.buyers, -each.likely, each.row))


def checked(text: str) -> bool:
    """True if the check digits of a country's tax id come out."""
    text = text.upper()
    if match := re.fullmatch(r"(?:DE)(\d{9})", text):
        return _german(match[1])
    if match := re.fullmatch(r"(?:PT)?([1235689]\d{8})", text):
        return _portuguese(match[1])
    if match := re.fullmatch(r"(?:ES)?([A-HJNP-SUVW]\d{7}[\dA-J]|\d{8}[A-Z]|[XYZ]\d{7}[A-Z])", text):
        return _spanish(match[1])
    if match := re.fullmatch(r"(?:IT)?(\d{11})", text):
        return _luhn(match[1]) and match[1] != "0" * 11
    if match := re.fullmatch(r"FR(\d{2})(\d{9})", text):
        return (12 + 3 * (int(match[2]) % 97)) % 97 == int(match[1])
    if match := re.fullmatch(r"GB(\d{9})", text):
        return _british(match[1])
    if match := re.fullmatch(r"NL(\d{9})B\d\d", text):
        return sum(int(match[1][place]) * (9 - place) for place in range(8)) % 11 == int(match[1][8])
    return False


_NUMBER_WORD = r"(?:number|numero|nummer|num\w{0,2}|no|nr|n\W{0,2}[o0°º]?|#|id)"
_DOCUMENT = (
    (r"(?:invoice|factura|fatura|facture|rechnungs?|fattura|faktura|factuur|inv|tax ?inv\w*|vat invoice)", 3.0),
    (
        r"(?:receipt|document|documento|doc|slip|recibo|recu|ricevuta|quittung|beleg|bon|bill"
        r"|b[i1]{2}1?|scontrino|f\.? ?simplificada|factura simpl\w*|cash inv|ticket|check|chk"
        r"|bi11)",
        2.5,
    ),
    (r"(?:trans\w*|order|ref|trx|operacion|op)", 1.0),
)


def document_numbers(lines: Sequence[str]) -> list[tuple[str, float]]:
    """The numbers that a paper may bear, likeliest first, each with how likely it is the one."""
    found: dict[str, float] = {}
    for line in lines:
        words = plain(line)
        for name, worth in _DOCUMENT:
            for text, plus in _after(words, line, name):
                if _names_something(text):
                    found[text] = max(found.get(text, 0.0), worth + plus)
    ranked = sorted(found.items(), key=lambda each: -each[1])
    return [(text, min(0.95, 0.25 + 0.18 * points)) for text, points in ranked]


_ORDER = (
    r"(?:purchase order|p\.? ?o\.?|your (?:order|ref\w*)|customer (?:order|ref\w*)|(?:su"
    r"|vuestro|n[/. ]?) ?pedido|ihre (?:bestell\w*|auftrags\w*)|bestell(?:ung|nummer|-?nr)"
    r"|commande|votre (?:commande|ref\w*)"
    r"|(?:vostro|vs\.?) ?ordine|ordine(?: d'acquisto)?|(?:nota de )?encomenda|pedido|bestelnummer|order)"
)


def order_numbers(lines: Sequence[str]) -> list[str]:
    """The numbers of purchase orders that a paper names, the most explicit first."""
    found: dict[str, float] = {}
    for line in lines:
        words = plain(line)
        for match in re.finditer(r"(?<![a-z\d])po[-_ #]?\d[\w-]*", words):
            text = line[match.start() : match.end()]
            found[text] = max(found.get(text, 0.0), 3.0)
        for text, plus in _after(words, line, _ORDER):
            if _names_something(text):
                found[text] = max(found.get(text, 0.0), 1.0 + plus)
    return [text for text, _ in sorted(found.items(), key=lambda each: -each[1])]


def _after(words: str, line: str, name: str) -> Iterator[tuple[str, float]]:
    """What stands after `name` where a number would, with how explicitly it is called one."""
    pattern = (
        rf"(?<![a-z]){name}(?P<num>[\s.:-]{{0,3}}{_NUMBER_WORD}(?![a-z]))?[\s.:#°º)-]{{0,4}}(?P<text>(?:(?:ft"
        rf"|fs|fr|nc|nd|tt) )?[a-z\d\[(][\w\-/.\])]*(?:/\d+)?)"
    )
    for match in re.finditer(pattern, words):
        start, end = match.span("text")
        yield line[start:end].strip("[]().:-"), 1.0 if match["num"] else 0.0


def _names_something(text: str) -> bool:
    if sum(letter.isdigit() for letter in text) < 2 or len(text) > 30 or re.fullmatch(r"\d{1,2}", text):
        return False
    return not days(plain(text), day_first=True) and not re.fullmatch(r"[\d.]+[.,]\d\d|\d\d?:\d\d.*|20\d\d", text)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z\d]", "", text.lower()).upper()


def _luhn(digits: str) -> bool:
    doubled = [int(each) * (2 if place % 2 else 1) for place, each in enumerate(digits)]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def _german(digits: str) -> bool:
    product = 10
    for each in digits[:8]:
        total = (int(each) + product) % 10 or 10
        product = (2 * total) % 11
    return (11 - product) % 10 == int(digits[8])


def _portuguese(digits: str) -> bool:
    rest = sum(int(each) * (9 - place) for place, each in enumerate(digits[:8])) % 11
    return (0 if rest < 2 else 11 - rest) == int(digits[8])


def _spanish(text: str) -> bool:
    letters = "TRWAGMYFPDXBNJZSQVHLCKE"
    if text[0].isdigit() or text[0] in "XYZ":
        number = int(text[:-1].translate(str.maketrans("XYZ", "012")))
        return letters[number % 23] == text[-1]
    odd = sum(sum(map(int, str(2 * int(each)))) for each in text[1:8:2])
    check = (10 - (odd + sum(map(int, text[2:8:2]))) % 10) % 10
    return text[-1] in (str(check), "JABCDEFGHI"[check])


def _british(digits: str) -> bool:
    total = sum(int(digits[place]) * (8 - place) for place in range(7)) + int(digits[7:])
    return total % 97 == 0 or (total + 55) % 97 == 0

"""Days in a line of print, in six languages, and which of them is the day of the receipt."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from knowledge.receipts.bent_days import MONTHS, mended

GOOD = re.compile(
    r"(?<![a-z])(date|\w*dat[uo]m?|fecha|data|tarikh|tanggal|tgl|tarih|pvm|paivays|paivamaara|kelt\w*|dat[^a-z]"
    r"|issued?|purchased|bought|booked on|sold|gekauft|verkauft|achete|vendu|comprado|acquistato|gekocht"
    r"|kjopt|kopt|vom|le|del|emissao|emision"
    r"|emess[oa]|emitid[oa]|emise? le|ausgestellt|uitgegeven|tax point"
    r"|rechnungsdatum|factuurdatum|belegdatum)(?![a-z])"
)
BEST = re.compile(
    r"(invoice|receipt|transaction|sale|facture|factura|fattura|fatura|emis\w*|rechnungs?"
    r"|factuur|beleg|kauf|bon|ticket|documento)"
    r"[ -]?(de |di |da |du |d['’]|vom |of )?(la |el |the )?(date|datum|fecha|data)|(date|fecha"
    r"|data|datum) (de |di |da |du |d['’]|der |of )?"
    r"(la |el )?(invoice|facture|factura|fattura|fatura|emis\w*|expedicion|compra|transa\w+"
    r"|sale|issue|rechnung|documento)"
    r"|paid on|date paid|tax point|wystawienia|vystaven\w*|faktura?dat\w*|utstedt|udstedt|utfardad"
    r"|rechnungsdatum|factuurdatum|belegdatum"
)
BAD = re.compile(
    r"(?<![a-z])(due|venc\w*|fallig\w*|faellig\w*|echeance|scadenza|expir\w*|valid\w*|until"
    r"|gultig|by|before|deliver\w*|liefer\w*|leistung\w*"
    r"|livraison|consegna|entrega|period\w*|zeitraum|order(ed)? date|orderdatum|bestell\w*"
    r"|commande|pedido|encomenda|ordine|check-?in|check-?out"
    r"|(?:event|travel|flight|trip|start|end|service|stay|post|statement|closing|ship\w*|dispatch|versand\w*) date"
    r"|reise\w*|arriv\w*|depart\w*|partenza|partida|salida|llegada|chegada|ankunft|abfahrt|anreise|abreise|aankomst"
    r"|vertrek|entry|exit|entrada|birth|since|seit|from|next|renew\w*|exchange|return|returns|points"
    r"|op|registered|opening|print time|caducidad|validez|vervaldatum"
    r"|hinfahrt|ruckfahrt|hinflug|ruckflug|fahrt|flug|flight|journey|trip|pickup|vuelo|viaje|ida|vuelta"
    r"|vol|voyage|aller"
    r"|retour|volo|viaggio|voo|viagem|podroz\w*|sprzedazy|platnosci|splatnost\w*|plneni|platnost|forfall\w*"
    r"|erapaiva|hatarido?|vade|jatuh tempo|teljesites"
    r"|prelev\w*|abgebucht|abbuchung|einzug|lastschrift|debited|direct debit|domicilia\w*|addebit\w*|incasso"
    r"|zahlbar|payable|skonto|pago|payment terms|certificad\w*)(?![a-z])"
)
TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.h]([0-5]\d)([:.][0-5]\d)?(?!\d)")


@dataclass(frozen=True)
class Day:
    """A day as printed: its likeliest reading first, then the one with day and month the other way round.

    written  True where the month is a name or the year comes first, so that nothing is open
    """

    readings: tuple[date, ...]
    start: int
    end: int
    written: bool


_ROMANS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_ROMAN = "|".join(sorted(_ROMANS, key=len, reverse=True))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    names = "|".join(sorted(MONTHS, key=len, reverse=True))
    year, gap = r"(?P<y>(?:19|20)\d\d|\d\d(?!\d))", r"[\s.,/'’-]{0,3}"
    return (
        (re.compile(r"(?<!\d)(?P<y>20\d\d|19\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>[0-3]?\d)"), "ymd"),
        (re.compile(r"(?<!\d)(?P<y>20\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})"), "ymd"),
        (
            re.compile(
                rf"(?<![\d.,])(?P<d>[0-3]?\d)(?:st|nd|rd|th|\.|º|er)?{gap}(?:de "
                rf"|d['’])?(?<![a-z])(?P<n>{names})[a-z]{{0,2}}\.?"
                rf"{gap}(?:de |del )?{year}"
            ),
            "name",
        ),
        (
            re.compile(
                rf"(?<![a-z])(?P<n>{names})\.?{gap}(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
                rf"(?:{gap}(?P<y>(?:19|20)\d\d)|[ ,]{{0,2}}['’](?P<z>\d\d)(?!\d))"
            ),
            "name",
        ),
        (re.compile(rf"(?<!\d)(?P<d>[0-3]?\d)(?P<s>[-/.])(?P<n>{_ROMAN})(?P=s)(?P<y>(?:19|20)\d\d)"), "name"),
        (re.compile(r"(?<!\d)(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)['’](?P<y>\d\d)(?!\d)"), "open"),
        (re.compile(r"(?<!\d)(?P<d>\d{1,2})(?P<s>[-/.~])(?P<m>\d{1,2})(?:(?P=s)|-)(?P<y>20\d\d|19\d\d)"), "open"),
        (
            re.compile(
                r"(?<![\d/.-])(?P<d>\d{1,2})(?P<s>[-/.~])(?P<m>\d{1,2})(?:(?P=s)|[-~])(?P<y>\d\d)(?![\d%/]|[.,]\d)"
            ),
            "open",
        ),
        (re.compile(r"(?<!\d)(?P<d>\d{1,2}) ?(?P<s>[-/.]) ?(?P<m>\d{1,2}) ?(?P=s) ?(?P<y>20\d\d)"), "open"),
        (re.compile(r"(?<!\d)(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<y>\d\d)(?=\d\d:\d\d)"), "open"),
    )


def plain(text: str) -> str:
    """In lower case and without accents, as long as before for what is written in Latin letters."""
    if text.isascii():
        return text.lower()
    out: list[str] = []
    for letter in text:
        first = unicodedata.normalize("NFKD", letter)[:1]
        out.append(first.lower() if first.lower() and len(first.lower()) == 1 else letter)
    return "".join(out)


def days(text: str, *, day_first: bool) -> list[Day]:
    """The days printed in a text (as `plain` gives it), from left to right."""
    text = mended(text)
    out: list[Day] = []
    for pattern, sort in _patterns():
        for found in pattern.finditer(text):
            if any(each.start < found.end() and found.start() < each.end for each in out):
                continue
            readings = tuple(dict.fromkeys(_readings(found, sort, day_first=day_first)))
            if readings:
                out.append(Day(readings, found.start(), found.end(), sort != "open"))
    return sorted(out, key=lambda each: each.start)


def has_time(text: str, day: Day) -> bool:
    """True if a time of day stands in the same line."""
    return bool(TIME.search(text[: day.start] + " " + text[day.end :]))


def month_first(lines: Sequence[str], *, day_first: bool) -> bool | None:
    """What the paper's other days tell: True if one only makes sense month first, False if day first, else None."""
    for line in lines:
        for found in (found for pattern, sort in _patterns() if sort == "open" for found in pattern.finditer(line)):
            first, second = int(found["d"]), int(found["m"])
            if first > 12 >= second and second >= 1 and first <= 31:
                return False
            if second > 12 >= first >= 1 and second <= 31:
                return True
    return None


def _readings(found: re.Match[str], sort: str, *, day_first: bool) -> Iterator[date]:
    year = int(found["y"] or found["z"])
    year += 2000 if year < 100 else 0
    if sort == "name":
        yield from _date(year, _ROMANS.get(found["n"]) or MONTHS[found["n"]], int(found["d"]))
    elif sort == "ymd":
        yield from _date(year, int(found["m"]), int(found["d"]))
    else:
        first, second = int(found["d"]), int(found["m"])
        orders = [(second, first), (first, second)]
        for month, day in orders if day_first else orders[::-1]:
            yield from _date(year, month, day)
        if len(found["y"]) == 2 and found["s"] != "." and first > 12 and int(found["y"]) <= 31:
            yield from _date(2000 + first, second, int(found["y"]))  # 18-10-17 may be the year first


def _date(year: int, month: int, day: int) -> Iterator[date]:
    if 1990 <= year <= 2100:
        try:
            yield date(year, month, day)
        except ValueError:
            return

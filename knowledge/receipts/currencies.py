"""In which money a paper is: as printed, else that of the country it comes from; what may be several is asked."""

import re
from collections import Counter

from knowledge.receipts.amounts import CODES, SIGNS, mended
from knowledge.receipts.days import plain

DOLLARS = ("USD", "CAD", "AUD", "SGD", "NZD", "HKD", "TWD")
PESOS = ("MXN", "COP", "CLP", "ARS", "UYU")
"""Whose amounts are printed with nothing but a dollar sign, the most usual first."""

RUPEES = ("INR", "LKR", "PKR", "MUR")

AMERICAN = (
    r"\b(?:a[lkzr]|c[aot]|d[ce]|fl|ga|hi|i[dlna]|k[sy]|la|m[eadinsot]|n[evhjmycd]|o[hkr]|pa|ri"
    r"|s[cd]|t[nx]|ut|v[ta]|w[aviy]),? \d{5}(?:-\d{4})?\b"
)
"""A state of the United States and its postal code, in lower case."""

_TEL = r"(?:tel|phone|ph|fon|t|call|contact|hp|whatsapp)?[.: ]*(?:\+|\b00)\(?"

CUES = (
    (r"\bsdn\.? ?bhd\b|\b(?:selangor|johor|kuala lumpur|jalan \w+|malaysia|ringgit)\b", "MYR"),
    (
        r"\buen\b|\bsingapore\b|\bpte\.? ltd\b|\bs ?\(?\d{6}\)|\bm[r29]-?\d{7}-?[a-z0-9]\b"
        rf"|{_TEL}65[) -]?[3689]\d{{3}}",
        "SGD",
    ),
    (rf"\bhong kong\b|\bkowloon\b|\bwan chai\b|\btsim sha tsui\b|{_TEL}852\b", "HKD"),
    (rf"\btaiwan\b|\btaipei\b|{_TEL}886\b", "TWD"),
    (rf"\bnew zealand\b|\b(?:auckland|wellington|christchurch|queenstown)\b|\bnzbn\b|{_TEL}64\b", "NZD"),
    (
        r"\babn\b|\baustralia\b|\b(?:nsw|vic|qld|act|tas) \d{4}\b"
        rf"|\b(?:sydney|melbourne|brisbane|perth|adelaide)\b|{_TEL}61\b",
        "AUD",
    ),
    (
        r"\(pty\) ?ltd|\bsouth africa\b|\b(?:johannesburg|cape town|kaapstad|durban|pretoria|sandton|stellenbosch"
        rf"|gqeberha)\b|{_TEL}27\b",
        "ZAR",
    ),
    (rf"\b(?:nairobi|mombasa|kenya)\b|\bkra pin\b|{_TEL}254\b", "KES"),
    (rf"\b(?:lagos|abuja|nigeria)\b|{_TEL}234\b", "NGN"),
    (rf"\b(?:colombo|sri lanka)\b|{_TEL}94\b", "LKR"),
    (rf"\b(?:karachi|lahore|islamabad|pakistan)\b|\bntn\b|{_TEL}92\b", "PKR"),
    (rf"\bmauritius\b|{_TEL}230\b", "MUR"),
    (r"\b(?:cgst|sgst|igst|gstin|rupees?|mumbai|delhi|bengaluru)\b", "INR"),
    (r"\bcuit\b|\bbuenos aires\b|\bargentina\b", "ARS"),
    (r"\br\.?f\.?c\b[:. ]+[a-zñ&]{3,4}\d{6}|\bm\.n\.|\b(?:mexico|cdmx)\b|\bc\.p\. ?\d{5}\b", "MXN"),
    (r"\bnit\b[:. ]+\d|\bbogota\b|\bmedellin\b|\bcolombia\b", "COP"),
    (r"\brut\b[:. ]+[\d.]{7,10}-[\dk]\b|\bboleta electronica\b|\bsantiago de chile\b|\bchile\b", "CLP"),
    (r"\bmontevideo\b|\buruguay\b", "UYU"),
    (r"\b(?:top ?kdv|kdv|toplam)\b", "TRY"),
    (r"\blei\b|\bcod fiscal\b|\bbon fiscal\b", "RON"),
    (r"\b(?:nip|ptu)\b|\bparagon fiskalny\b", "PLN"),
    (r"\bdic\b[:. ]+cz|\bdph\b", "CZK"),
    (r"\bado ?szam\b|\bnyugta\b", "HUF"),
    (r"\bcvr\b", "DKK"),
    (r"\borg\.? ?nr\b.*\bmva\b|\bmva\b", "NOK"),
    (r"\borg\.? ?nr\b|\bkvitto\b", "SEK"),
    (r"\btrn\b[:. ]+\d{15}|\bdubai\b", "AED"),
    (r"\bthailand\b|\bbangkok\b|\btax ?(?:id|#) ?\(?\d{13}|\b(?:receipt/)?tax invoice ?\(abb\)", "THB"),
    (r"\bphilippines\b|\bvatable sales\b", "PHP"),
    (r"\bnpwp\b|\brp\.? ?\d", "IDR"),
    (r"\bseoul\b|\bkorea\b", "KRW"),
    (r"\b(?:shanghai|beijing|shenzhen|china|fapiao)\b", "CNY"),
    (r"\btokyo\b|\bkyoto\b|\bosaka\b|\bjapan\b", "JPY"),
    (r"\b(cnpj|nfc-?e|ltda)\b", "BRL"),
    (r"\bche-?\d{3}\.?\d{3}\.?\d{3}\b|\bschweiz\b", "CHF"),
    (
        r"\b(hst|pst|qst|tvq|tps)\b|\bcanada\b|\b(?:toronto|montreal|vancouver|calgary)\b"
        r"|\b[abceghj-nprstvxy]\d[a-z] ?\d[a-z]\d\b",
        "CAD",
    ),
    (r"\b(uid nr\.?|mwst|ust-?id|tva|iva|nif|nipc|p\.? ?iva|btw)\b", "EUR"),
    (r"\bvat (reg|no)", "GBP"),
    (rf"{AMERICAN}|\bsales tax\b|\busa\b", "USD"),
)
"""What stands on the paper of a country whose money is not named."""

_AMERICAN_TEL = re.compile(r"\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b")
_SPANISH = re.compile(r"\b(?:iva|propina|efectivo|cambio|mesero|gracias|factura|subtotal neto)\b")
_WORDS = frozenset(("PEN", "TRY", "MAD", "COP"))
"""Codes that are words as well: they name a currency beside an amount alone."""
_RAND = re.compile(r"(?<![A-Za-z])R ?\d[\d ,]*[.,]\d\d(?!\d)")
_DOLLAR = re.compile(r"\$ ?\d|\d ?\$")


def currencies(text: str, *, own: str) -> tuple[list[str], float]:
    """The currencies that a paper may be in, likeliest first, and how likely the first is right.

    What is printed counts, then the money of the paper's country, then our own. A sign that several countries have,
    without a word of which country it is, is in doubt.
    """
    lower = plain(text)
    here = list(dict.fromkeys(code for pattern, code in CUES if re.search(pattern, lower)))
    printed = _printed(text)
    for shared in (RUPEES, ("JPY", "CNY")):
        home = next((code for code in here if code in shared), None)
        if home and printed[shared[0]] and not re.search(rf"\b{shared[0]}\b", text):
            printed[home] += printed.pop(shared[0])
    if "ZAR" in printed and "MYR" in here:
        printed["MYR"] += printed.pop("ZAR")  # RM, of which the half was read
    if printed:
        return _most(printed, own, here)
    if re.search(r"\beuros?\b", lower):
        return ["EUR"], 0.95
    if _DOLLAR.search(mended(text)):
        return _dollars(lower, here, own)
    if here:
        return list(dict.fromkeys([here[0], own])), 0.9 if here[0] == own else 0.75
    return [own], 0.7


def _printed(text: str) -> Counter[str]:
    """How often each currency is named, by its code or its sign."""
    out: Counter[str] = Counter()
    for found in re.finditer(rf"(?<![A-Za-z])({'|'.join(CODES)})(?![A-Za-z])", text):
        around = text[max(found.start() - 2, 0) : found.start()] + text[found.end() : found.end() + 2]
        if found[1] not in _WORDS or re.search(r"\d|[()]", around):
            out[found[1]] += 2
    for sign, code in SIGNS.items():
        if sign == "R":
            out[code] += len(_RAND.findall(text))
            continue
        edge = r"(?![A-Za-z])" if sign[-1].isalpha() else ""
        start = r"(?<![A-Za-z])" if sign[0].isalpha() else ""
        out[code] += len(re.findall(f"{start}{re.escape(sign)}{edge}", text))
    return +out


def _most(printed: Counter[str], own: str, here: list[str]) -> tuple[list[str], float]:
    (first, count), *others = printed.most_common(2)
    if others and others[0][1] == count:
        best = next((code for code in (own, *here) if printed[code] == count), first)
        return list(dict.fromkeys([best, first, others[0][0]])), 0.6
    found = list(dict.fromkeys([first, *(code for code, _ in others), own]))
    return found, 0.98 if not others or count >= 3 * others[0][1] else 0.85


def _dollars(lower: str, here: list[str], own: str) -> tuple[list[str], float]:
    """Amounts with nothing but a dollar sign: the money of the country, where the paper tells one."""
    known = [code for code in here if code in (*DOLLARS, *PESOS)]
    if len(known) == 1:
        return list(dict.fromkeys([known[0], own])), 0.85
    if known:
        return known, 0.5
    if own in (*DOLLARS, *PESOS):
        return [own], 0.85 if not here else 0.6
    if here:  # a till that prints the sign of another country
        return list(dict.fromkeys([here[0], "USD", own])), 0.6
    if _AMERICAN_TEL.search(lower):
        return ["USD", "CAD"], 0.75
    if _SPANISH.search(lower):
        return [*PESOS[:4], "USD"], 0.4
    return ["USD", *DOLLARS[1:4]], 0.5

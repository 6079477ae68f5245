"""Money and counts as people write them: "1.234,50 €", "$1.2k", "two hundred euros", "3 x", "half a dozen"."""

import itertools
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.brain import numbers
from bot.brain.lexicon import listed


@dataclass(frozen=True)
class Amount:
    """An amount of money that was said.

    currency  ISO code, or None where none was said
    each      true where it is the price of one piece
    sure      true where a currency or a word such as "costs" shows that it is money
    on_top    what is paid beside the thing itself: its shipping, a tip; `percent` where it is a share of the rest
    """

    value: Decimal
    currency: str | None
    span: tuple[int, int]
    each: bool = False
    sure: bool = True
    on_top: bool = False
    percent: bool = False


@dataclass(frozen=True)
class Count:
    """How many of something."""

    value: int
    span: tuple[int, int]


_SYMBOLS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "us$": "USD",
    "r$": "BRL",
    "zł": "PLN",
    "₹": "INR",
    "a$": "AUD",
    "c$": "CAD",
}
_WORDS = {
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "eurs": "EUR",
    "eruo": "EUR",
    "eruos": "EUR",
    "euors": "EUR",
    "euos": "EUR",
    "ero": "EUR",
    "dollers": "USD",
    "dolars": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "dolares": "USD",
    "dolar": "USD",
    "dollari": "USD",
    "dollaro": "USD",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "quid": "GBP",
    "libras": "GBP",
    "livres sterling": "GBP",
    "pfund": "GBP",
    "sterline": "GBP",
    "chf": "CHF",
    "fr.": "CHF",
    "sfr.": "CHF",
    "pesos": "MXN",
    "francs": "CHF",
    "franken": "CHF",
    "franchi": "CHF",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "zloty": "PLN",
    "brl": "BRL",
    "reais": "BRL",
    "jpy": "JPY",
    "yen": "JPY",
    "inr": "INR",
    "rupees": "INR",
    "cad": "CAD",
    "aud": "AUD",
    "mxn": "MXN",
    "czk": "CZK",
    "huf": "HUF",
}
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)|\d+"
_SYMBOL = r"us\$|r\$|a\$|c\$|[€$£¥₹]|zł"
_CODE = "|".join(sorted((re.escape(each) for each in _WORDS), key=len, reverse=True))
_MONTHS = (
    r"(?:jan|ene|gen|feb|fev|mar|apr|abr|avr|may|mai|mag|jun|jui|giu|jul|lug|aug|ago|aou|sep|set|oct|okt|out|ott|nov"
    r"|dec|dez|dic)"
)
_CENTS_END = (
    r"(?=\s*(?:$|[.,;!?)])|\s+(?:cents?|centimos|centimes|centavos|centesimi|de|del|di|da|do|en|em|no|na|nel"
    r"|nella|im|beim|a|al|am|ayer"
    r"|ontem|hier|gestern|ieri|yesterday|today|hoy|hoje|each|apiece|cada|pro|je|piece|chacune?|ciascun[oa]?)\b"
    r"|\s+l ?')(?!\d)"
)
"""What comes after cents: "15 euros and 50", and not "15 euros and 50 pens"."""
_MONEY = re.compile(
    rf"(?:(?P<before>{_SYMBOL})\s?|\b(?P<codebefore>eur|usd|gbp|chf"
    rf"|euros?|s?fr\.)\s?(?=\d))(?P<a>{_NUMBER})(?P<ak>\s?k\b)?(?:\s?(?:{_SYMBOL}|(?:{_CODE})\b))?"
    rf"|(?<![\w.,#])(?P<b>{_NUMBER})(?P<bk>\s?k|\s(?:mil|mille|hundred|thousand|tausend|hundert"
    rf"|mila)\b)?(?:\s?-?(?:ish|odd))?\s?(?:(?P<after>{_SYMBOL})"
    rf"|-?(?P<code>{_CODE})\b)(?P<cents>\s?\d{{2}}(?!\d|[.,/:-]|\s*(?:st|nd|rd|th|de|of|\.)?\s*{_MONTHS}))?"
    rf"(?:\s(?:and|y|con|e|com|et|und)\s(?P<tail>\d{{2}}){_CENTS_END})?"
    rf"|(?<![\w.,#])(?P<d>\d{{1,4}})\scon\s(?P<dtail>\d{{2}}){_CENTS_END}"
    rf"|(?<![\w.,#])(?P<c>{_NUMBER})\s?(?P<ck>k|grand)\b"
)
_WITH_CENTS = re.compile(
    rf"(?<![\w.,#/:-])(?P<n>\d{{1,5}})(?:\s?(?P<code>{_SYMBOL}|(?:{_CODE})\b))?\s(?:"
    r"(?:con|com)\s(?P<a>\d{2})(?![\d%.,:])(?!\s+(?!(?:de|del|di|do|da|por|per|em|en|no|na|al|el|il|para|ayer|hoy"
    r"|ontem|hoje|ieri|oggi|euros?)\b)[a-z])"
    r"|(?:con|com|y|e|et|und|and)\s(?P<b>\d{1,2})\s?(?:cents?|centimos?|centesimi|centavos|centimes?|ct)\b"
    r"|(?<=[a-z€]\s)[ye]\s(?P<c>\d{2})(?=\s*(?:$|[.;!?¤]|,(?!\d)|(?:de|di|ayer|hoy|ontem|hoje|ieri|oggi)\b)))"
)
"""Whole ones and hundredths said apart: "18 con 50", "12 euro e 50", "7 euros and 20 cents"."""
_EACH = re.compile(
    r"\s*,?\s*(?:each\b|apiece|a ?piece\b|(?:per|pro)\s+(?!(?:day|night|week|month|year|hour|annum"
    r"|diem|cent|mail|email|phone|post|favor|favore|piacere|tag|nacht|woche|monat|jahr|stunde)\b)[a-z]{3,}\b"
    r"|/ ?(?:unit|pcs?|piece|seat|user|each|box|u|ud|uds|unidad|un|pza|pz|stk|stuck)\b|c ?/ ?u\b|ea\b"
    r"|(?:la|le|die|das|il|o|a|el|lo) (?:paire|piece|boite|unite|paar|packung|dose|paio|scatola|confezione|caixa"
    r"|par|unidade"
    r"|caja|unidad|pieza|paquete)\b"
    r"|(?:a|the) (?:unit|box|pack|piece|seat|licen[cs]e|bottle|set|pair|ream|copy|pop|bag|roll|case|crate|ticket"
    r"|month)\b"
    r"|cada(?: un[oa]| uma?)?\b|por unidad|la unidad|por unidade|a unidade|l'unita|l ?' ?un[oae]|ciascun[oa]?|cadauno"
    r"|a testa|al pezzo|chacune?|piece\b|l'unite|par unite|"
    r"l'un\b|pro stuck|je stuck|das stuck|stuck\b|pro person)"
)
_EACH_BEFORE = re.compile(
    r"(?:@|\bje|\b(?:the|per) (?:piece|unit|item)(?: at| for)?|\b(?:la pieza|la unidad|a peca|la piece|l'unite"
    r"|das stuck|al pezzo)(?: a| zu)?"
    r"|\bpriced? each(?: at)?|\beach at|\beach for|\beach|\bcada (?:una?|um|uma) (?:a|por)|\bchacune? a"
    r"|\bstuckpreis:?|\beinzelpreis:?|\bpre[cz]io unitario:?|\bpreco unitario:?|\bprix unitaire:?"
    r"|\bunit price(?: of)?:?)\s*(?:~|about\s)?$"
)
_COST_BEFORE = re.compile(
    r"(?:\b(?:costs?|costing|cost me|price[ds]?(?: at)?|paid|spent|for|at|about|around|roughly|approx\.?|circa|ca\.?"
    r"|budget(?: of| is)?|total(?: of)?|amount(?: of)?|worth|max(?:imum)?|up to|under"
    r"|reimburse(?: me)?|claim(?:ing)?|expense|was|por|de|cuesta|cuestan|vale|unos|unas|sobre|custa|custam|cerca de"
    r"|uns|gastei|paguei|pague|gaste|coute|coutent|pour|environ|a|fur|fuer|kostet|kosten|"
    r"etwa|ungefahr|rund|zu|per|costa|costano|circa|totale|speso|pagato|paye|depense|bezahlt|ausgegeben|gastado"
    r"|pagado|gesamt|insgesamt|it's|its|is))\s*[:~]?\s*$"
    r"|[~:,@(]\s*$"
)
_MEASURE = (
    r"(?:\s|-)?(?:inch(?:es)?|in\b|\"|''|cm|mm|m\b|km|kg|g\b|gb|tb|mb|ghz|hz|w\b|watts?|v\b|mah|k\b|px|p\b|l\b|ml|%"
    r"|percent|st\b|nd\b|rd\b|th\b|h\b|hours?|hrs?|min(?:utes?|s)?\b|"
    r"days?|weeks?|months?|years?|nights?|people|persons?|pax|guests?|(?:working|business) days?"
    r"|dias?|semanas?|meses|anos?"
    r"|noches?|noites?|personas?|pessoas?|horas?|"
    r"tage?n?|wochen?|monate?n?|jahre?n?|nachte?n?|stunden?|personen|zoll|jours?|semaines?|mois|ans?|nuits?"
    r"|personnes?|heures?|pouces|pulgadas|polegadas|pollici|"
    r"giorni|giorno|settimane?|mesi|anni|notti|notte|ore|persone|personal days?|vacation days?|sick days?|half|core"
    r"|port|ports|pin|way|button|am\b|pm\b|uhr\b|km/h|:|\.|/|\+)"
)
_COUNT = re.compile(
    rf"(?<![\w.,#€$£/:-])(?P<n>\d{{1,4}})(?:\s?(?P<x>x|×|\*)(?!\w)\s*|(?P<measure>{_MEASURE})|\s+(?P<of>pcs\.?|pieces"
    rf"|units|units of|boxes of|packs of|stuck|unidades|pezzi)?\s*(?=[^\W\d_]|\())"
)
_TIMES = re.compile(
    r"(?<!\w)[x×]\s?(?P<n>\d{1,4})(?!\w|[.,]\d)|\b(?:qty|quantity|cantidad|quantidade|quantite|menge|anzahl"
    r"|quantita)[:.]?\s*(?P<q>\d{1,4})\b|[,;-]\s*(?:no|nao|non|nein),?\s(?P<r>\d{1,3})(?![\w.:/-])"
)
_DOZENS = (
    (
        re.compile(
            r"\bhalf a dozen\b|\bhalf-dozen\b|\bmedia docena(?: de)?\b|\bmeia duzia(?: de)?\b|\bdemi-?douzaine\b"
            r"|\bein halbes dutzend\b|\bmezza dozzina\b"
        ),
        6,
    ),
    (re.compile(r"\ba couple(?: of)?\b|\bun par de\b|\bum par de\b|\bein paar\b(?= )|\bun paio di\b|\ba pair of\b"), 2),
    (
        re.compile(
            r"\b(?:a|one) dozen\b|\buna docena(?: de)?\b|\buma duzia(?: de)?\b|\bune douzaine(?: de)?\b"
            r"|\bein dutzend\b|\buna dozzina(?: di)?\b"
        ),
        12,
    ),
    (re.compile(r"\btwo dozen\b|\bdos docenas(?: de)?\b|\bduas duzias(?: de)?\b|\bdeux douzaines(?: de)?\b"), 24),
)
EXTRA = re.compile(
    r"\b(?:shipping|delivery|postage|freight|tax|vat|tip|gratuity|fees?|(?:gastos de )?envio|iva|propina|portes"
    r"|gorjeta"
    r"|livraison|frais de port|port|tva|pourboire|versand(?:kosten)?|lieferung|porto|mwst|trinkgeld|spedizione"
    r"|consegna|mancia)\b"
)
"""What is paid on top of a thing, and is no thing of its own."""
_PLUS = r"(?:\+|(?<!\d),|\b(?:plus|and|with|y|mas|con|e|mais|com|et|avec|und|mit|zzgl\.?|zuzuglich|piu)\b)"
_LITTLE = (
    r"(?:(?:a|an|the|for|of|in|as|de|d'|la|el|los|le|les|l'|o|os|da|do|di|il|fur|die|den|das|per|para|pour|:)\s*)*"
)
_ON_TOP = re.compile(
    rf"(?:(?P<base>(?<![\w.,#]){_NUMBER})\s*)?{_PLUS}\s*(?:"
    rf"(?P<n>(?:{_SYMBOL})?\s?(?:{_NUMBER}))\s?(?P<percent>%)?\s?(?:(?:{_SYMBOL})"
    rf"|(?:{_CODE})\b)?\s*{_LITTLE}{EXTRA.pattern}"
    rf"|{_LITTLE}{EXTRA.pattern}\s*{_LITTLE}(?P<m>(?:{_SYMBOL})?\s?(?:{_NUMBER}))(?!\s?[%\w])"
    rf")(?!\s+(?:is |are )?(?:included|incl|incluid|inclu|inkl|inbegriffen|compres))"
)
NUMBERED = re.compile(
    r"\b(?:version|model|windows|iphone|ipad|pro|air|size|room|building|floor|level|no\.?|number|nr\.?|macbook|galaxy"
    r"|pixel|plus|gen|office|type|usb|hdmi|cat|rtx|page|phase|table|gate|terminal|platform|seat|track|zone"
    r"|flight|invoice|mesa|sala|planta|puerta|anden|factura|vuelo|quarto|piso|fatura"
    r"|voo|salle"
    r"|etage|porte|quai|facture|vol|tisch|zimmer|raum|gleis|rechnung|flug|tavolo|piano"
    r"|binario|fattura"
    r"|volo)$"
)
"""What a number behind it names, and neither counts nor prices: "room 12", "flight 380"."""
_WORD = re.compile(r"[a-z]+|-|\S")
_CORRECTION = re.compile(
    r"\b(?:no wait|wait|er+m?|uhm?"
    r"|sorry|scratch that|i mean|i meant|make (?:it|that)|correction|rather|actually|or rather|oops"
    r"|instead|mejor|perdon|digo|quiero decir|quero dizer|alias|"
    r"desculpa|melhor|pardon|non plutot|plutot|enfin|je veux dire|ich meine|quatsch|nein|besser|anzi|scusa"
    r"|volevo dire|cioe|no,)\b|(?<=[,.;-]\s)(?:no|nao|non|nein)\s+$"
)


def amounts_in(folded: str, *, hidden: tuple[tuple[int, int], ...] = (), bare: bool = False) -> list[Amount]:
    """The amounts of money in a folded text, in order.

    bare    true when money was asked for: any number is an amount then
    hidden  spans that are something else (a request number)
    """
    text = _hide(folded, hidden)
    out: list[Amount] = []
    for found in _WITH_CENTS.finditer(text):
        hundredths = Decimal(found["a"] or found["b"] or found["c"]) / 100
        currency = _SYMBOLS.get(found["code"] or "") or _WORDS.get(found["code"] or "")
        out.append(_amount(text, Decimal(found["n"]) + hundredths, currency, *found.span()))
    text = _hide(text, tuple(each.span for each in out))
    for found in _MONEY.finditer(text):
        raw = found["a"] or found["b"] or found["c"] or found["d"]
        value = numbers.decimal(raw)
        if value is None:
            continue
        if found["ak"] or found["bk"] or found["ck"]:
            if not (found["ak"] or found["bk"]) and found["ck"] == "k" and _thing_follows(text, found.end(), raw):
                continue
            value *= 100 if "hund" in (found["bk"] or "") else 1000
        if cents := found["cents"] or found["tail"] or found["dtail"]:
            value += Decimal(cents.strip()) / 100
        currency = _SYMBOLS.get(found["before"] or found["after"] or "") or _WORDS.get(
            found["codebefore"] or found["code"] or ""
        )
        out.append(_amount(text, value, currency, found.start(), found.end()))
    taken = [each.span for each in out]
    out += _worded(text, taken)
    taken = [each.span for each in out]
    out += _plain(text, taken, bare=bare, alone=not out)
    return sorted(_with_extras(text, out), key=lambda each: each.span)


def _with_extras(text: str, found: list[Amount]) -> list[Amount]:
    """The amounts with what is paid on top told apart: "80 plus 5 shipping", "34 + 10% tip"."""
    out = found
    for extra in _ON_TOP.finditer(text):
        which = "n" if extra["n"] else "m"
        value = numbers.decimal(extra[which].strip("€$£ "))
        span = extra.start(which), extra.end()
        rest = [each for each in out if not _within(each.span, [span])]
        if extra["base"] and not any(_within(extra.span("base"), [each.span]) for each in rest):
            plain = numbers.decimal(extra["base"])
            rest += [Amount(plain, None, extra.span("base"))] if plain else []
        if value is not None and any(each.span[0] < span[0] for each in rest):
            sure = [replace(each, sure=True) if each.span[1] <= span[0] else each for each in rest]
            out = [*sure, Amount(value, None, span, on_top=True, percent=extra["percent"] is not None)]
    return out


def _thing_follows(text: str, end: int, raw: str) -> bool:
    """4k monitor, 10k run: a size, not four thousand."""
    return (
        bool(re.match(r"\s+[a-z]", text[end:]))
        and raw in ("2", "4", "5", "6", "8", "10")
        and not re.match(r"\s+(?:for|budget|on|per|total|in|each|from|and|to|fur|para|pour|per|por)\b", text[end:])
    )


def _amount(text: str, value: Decimal, currency: str | None, start: int, end: int, *, sure: bool = True) -> Amount:
    each = _EACH.match(text, end)
    before = _EACH_BEFORE.search(text[max(0, start - 20) : start])
    return Amount(value, currency, (start, each.end() if each else end), bool(each or before), sure)


def _worded(text: str, taken: list[tuple[int, int]]) -> list[Amount]:
    """Two hundred euros, five hundred bucks, zweihundert Euro, two grand."""
    tokens = list(_WORD.finditer(text))
    words = [each[0] for each in tokens]
    out: list[Amount] = []
    i = 0
    while i < len(words):
        found = numbers.phrase(words, i) if words[i].isalpha() else None
        if not found:
            i += 1
            continue
        value, length = found
        j = i + length
        span = tokens[i].start(), tokens[j - 1].end()
        after = (
            words[j + 1]
            if j < len(words) and words[j] == "-" and j + 1 < len(words)
            else words[j]
            if j < len(words)
            else ""
        )
        if after in ("de", "d", "ish", "odd") and j + 1 < len(words):
            after = next((each for each in words[j : j + 3] if each in _WORDS), after)
        if (after in _WORDS or words[j - 1] in ("grand", "fiver", "tenner")) and not _within(span, taken) and value:
            end = next((at for at in range(j, min(j + 3, len(words))) if words[at] in _WORDS), j - 1)
            cents = _cents(words, end + 1)
            whole = Decimal(value) + Decimal(cents[0] if cents else 0) / 100
            j = cents[1] if cents else max(j, end + 1)
            currency = _WORDS.get(after) or ("GBP" if words[i + length - 1] in ("fiver", "tenner") else None)
            out.append(_amount(text, whole, currency, span[0], tokens[j - 1].end()))
        elif (cents := _cents(words, j)) and value >= 2 and _COST_BEFORE.search(text[max(0, span[0] - 24) : span[0]]):
            j = cents[1]  # "I paid forty-two fifty"
            out.append(_amount(text, Decimal(value) + Decimal(cents[0]) / 100, None, span[0], tokens[j - 1].end()))
        i = j
    return out


_LINKING = listed("linking")
_SMALL_CHANGE = listed("after_cents")


def _cents(words: list[str], at: int) -> tuple[int, int] | None:
    """The cents said from a word on, with nothing counted after them, and where they end: "31 pounds eighty"."""
    at = at + 1 if at < len(words) and words[at] in ("and", "y", "e", "et", "und", "con") else at
    found = numbers.phrase(words, at) if at < len(words) and words[at].isalpha() else None
    if found is None or not 5 <= found[0] < 100:
        return None
    end = at + found[1]
    follows = words[end] if end < len(words) else ""
    return (found[0], end) if not follows.isalpha() or follows in _SMALL_CHANGE else None


def _plain(text: str, taken: list[tuple[int, int]], *, bare: bool, alone: bool) -> list[Amount]:
    """Numbers without a currency that are money all the same: 32.50, "249 each", "costs 90"."""
    out: list[Amount] = []
    for found in re.finditer(rf"(?<![\w.,#/:-])(?:{_NUMBER})(?![\w/:%#\"-]|[.,]\d|\s?(?:%|x\b|×))", text):
        if _within(found.span(), taken):
            continue
        value = numbers.decimal(found[0])
        if value is None or not value:
            continue
        cents = bool(re.search(r"[.,]\d{2}$", found[0]))
        if not cents and NUMBERED.search(text[: found.start()].rstrip()):
            continue
        each = _EACH.match(text, found.end())
        measured = (
            re.match(_MEASURE, text[found.end() :])
            and not each
            and not re.match(r"\s?[.:,](?!\d)", text[found.end() :])
        )
        if measured:
            continue
        word = re.match(r"\s+([a-z]+)", text[found.end() :])
        noun = word is not None and word[1] not in _LINKING
        before = _COST_BEFORE.search(text[max(0, found.start() - 24) : found.start()])
        if cents or each or bare or (before and not noun):
            out.append(_amount(text, value, None, found.start(), found.end(), sure=cents or bool(each)))
        elif alone and not noun and value >= 5 and found.start() > 0:
            out.append(_amount(text, value, None, found.start(), found.end(), sure=False))
    return out


def counts_in(folded: str, *, hidden: tuple[tuple[int, int], ...] = (), bare: bool = False) -> list[Count]:
    """How many of something, in order: "3 licences", "two 27 inch monitors", "x4"; sizes and lengths are no counts."""
    text = _hide(folded, hidden)
    out: list[Count] = []
    for pattern, value in _DOZENS:
        out += [Count(value, found.span()) for found in pattern.finditer(text)]
    for found in _TIMES.finditer(text):
        many = found["n"] or found["q"] or found["r"]
        out.append(Count(int(many), (found.start("r") if found["r"] else found.start(), found.end())))
    for found in _COUNT.finditer(text):
        if (found["measure"] is not None and not found["x"]) or EXTRA.match(text, found.end()):
            continue
        if NUMBERED.search(text[: found.start()].rstrip()):
            continue
        out.append(Count(int(found["n"]), (found.start(), found.end())))
    tokens = list(_WORD.finditer(text))
    words = [each[0] for each in tokens]
    i = 0
    while i < len(words):
        found = numbers.phrase(words, i) if words[i].isalpha() and words[i] not in numbers.ARTICLES else None
        if found and found[0]:
            j = i + found[1]
            span = tokens[i].start(), tokens[j - 1].end()
            follows = re.match(r"\s+(?:\([\d¤]+\)\s*)?[^\W_]", text[span[1] :])
            measured = (
                re.match(_MEASURE, text[span[1] :]) and not re.match(r"\s+[a-z]", text[span[1] :] or "")
            ) or re.match(rf"\s+(?:{_MEASURE[12:]}", text[span[1] :])
            if (
                (follows or bare)
                and not measured
                and not (found[1] == 1 and words[i] in ("one", "second") and not bare)
            ):
                out.append(Count(found[0], span))
            i = j
        else:
            i += 1
    if bare and not out:
        out += [Count(int(found[0]), found.span()) for found in re.finditer(r"(?<![\w.,])\d{1,4}(?![\w.,]\d)", text)]
        out += [
            Count(1, found.span())
            for found in re.finditer(r"\b(?:one|uno|una|um|uma|un|une|eins?|eine[nmr]?|just one)\b", text)
            if not out
        ][:1]
    kept: list[Count] = []
    for each in sorted(out, key=lambda count: (count.span[0], -count.span[1])):
        if each.value > 0 and not _within(each.span, [other.span for other in kept]):
            kept.append(each)
    return kept


def settled(values: list[Amount], folded: str) -> Amount | None:
    """The one that is meant: the last one after a correction ("no wait, $120"), else the surest and first."""
    values = [each for each in values if not each.on_top]
    if not values:
        return None
    best = max(values, key=lambda each: (each.sure, each.currency is not None, -each.span[0]))
    for one, other in itertools.pairwise(values):
        if _CORRECTION.search(folded[one.span[1] : other.span[0]]):
            best = other
    return best


def with_extras(value: Decimal, found: list[Amount]) -> Decimal:
    """A price with what is paid on top of it."""
    for each in (each for each in found if each.on_top):
        value += (value * each.value / 100).quantize(Decimal("0.01")) if each.percent else each.value
    return value


def corrected(folded: str, start: int, end: int) -> bool:
    """Whether something between two places takes back what was said before."""
    return bool(_CORRECTION.search(folded[start:end]))


def _hide(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in spans:
        text = text[:start] + "¤" * (end - start) + text[end:]
    return text


def _within(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)

"""Who sold: the name at the top of a receipt, the seller and never the buyer of an invoice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from knowledge.pages.page import Line, Page
from knowledge.receipts.amounts import amounts
from knowledge.receipts.comparing import named, same_merchant
from knowledge.receipts.days import days, plain

FORMS = re.compile(
    r"(?<![a-z])(?:s[db]n\.? ?b[hn]d|s/b|bhd|(?:co\.?,? )?ltd|limited|inc|l\.?l\.?c|llp|plc"
    r"|corp|corporation|gmbh|e\.? ?k|ohg|kg|ag|ug|e\.v|s\.? ?l\.? ?u?|s\.? ?a\.? ?u?"
    r"|s\.?r\.?l\.?s?|s\.?p\.?a|s\.?a\.?s\.?u?|sarl|s\.a\.r\.l|eurl"
    r"|s\.?n\.?c|lda|unipessoal|b\.? ?v|n\.? ?v|oy|ab|a/s|aps|pty|pte|sp\. z o\.o|s\.r\.o|ltda"
    r"|eireli|s\. ?coop|c\.b|& co)\.?(?![a-z])"
)
_STRONG = re.compile(
    r"(?<![a-z])(?:s[db]n\.? ?b[hn]d|bhd|ltd|limited|inc|llc|gmbh|lda|sarl|s\.?r\.?l|s\.?p\.?a"
    r"|pty|pte|ltda|b\.v|s\.l\.?u?|s\.a|ohg|e\.k|s/b)\.?(?![a-z])"
)
_TITLE = re.compile(
    r"^\W*(?:(?:simplified |full |vat |gst |proforma |sales |cash |guest "
    r"|retail )*(?:tax )?(?:invoice|in[vu]o[il]ce|receipt|bill|check|order|ticket|statement"
    r"|credit note|copy|slip)s?(?: original| copy| \W*adjustment note)?"
    r"|factura(?: simplificada| proforma| original)?|fatura(?:[ -]?recibo| simplificada)?"
    r"|recibo|talao|nota fiscal.*|facture|recu|ticket(?: de caisse)?|note|addition|rechnung"
    r"|handelsrechnung.*|quittung|kassenbon|kassenbeleg|bewirtungs\w*|beleg|bon|kundenbeleg"
    r"|fattura|ricevuta(?: fiscale)?|scontrino.*|documento commerciale.*"
    r"|di vendita o prestazione.*|factuur|kassabon|original\w*|duplica\w*|copia|copy|welcome.*"
    r"|bienvenid\w*.*|bem[- ]?vind\w*.*|willkommen.*|bienvenue.*|benvenut\w*.*|thank.*"
    r"|gracias.*|obrigad\w*.*|danke.*|vielen dank.*|merci.*|grazie.*"
    r"|cash(?: sales?(?: counter)?)?|page \d.*|seite \d.*|pagina \d.*|shopping hours.*"
    r"|open(?:ing)? hours.*|customer copy|merchant copy|date|datum|fecha|data|total|table|mesa"
    r"|tisch|from|de|to|a|para|an|item|description|paid|bezahlt|pagado|e-?receipt|online"
    r"|order confirmation|your (?:order|receipt|invoice)|posted\w*|reprint|qty|quantity|price"
    r"|u\.?price|unit price|amount.*|staff|counter|machine|salesperson|(?:doc|slip|inv|receipt"
    r"|invoice) (?:no|number)\.?|payment terms.*|notes?|cashier|server|kasse|summe|menge|preis"
    r"|artikel|importe|precio|descripcion|descricao|designation|prix|montant|quantite"
    r"|descrizione|prezzo|importo|anmerkung\w*|member|customer|quantita.*|bezeichnung|beschreibung|cantidad|unit\w*"
    r"|(?:invoice|due|order) date|(?:invoice|po|order|account|customer) number"
    r"|gesamt\w*|total tax|tax|subtotal)\W*$"
)
_ADDRESS = re.compile(
    r"(?<![a-z])(?:street|st\.|road|rd\.?|avenue|ave\.?|blvd|lane|drive|suite|floor|flr|level"
    r"|lot|no\.? ?\d|jalan|jln|taman|tmn|lorong|plaza \w+,|calle|c/|avda|av\.|paseo|rua|av\.? "
    r"|avenida|praca|largo|rue|chemin|allee|boulevard|bd\.|cedex|strasse|str\.|\w+stra(?:ss"
    r"|ß)e|\w+str\.|platz|weg|gasse"
    r"|\w{3,}(?:weg|platz|gasse|allee|ring|damm|ufer|laan|straat) \d|via|viale|piazza|corso|p\.?o\.? box"
    r"|straat|laan|plein|highway|hwy|parkway|unit \d|building|block|poligono|kawasan|seksyen"
    r"|bandar|selangor|malaysia|johor|kuala lumpur|deutschland|espana|portugal|france|italia"
    r"|nederland|united kingdom|usa|germany|spain|italy)(?![a-z])|(?<!\d)\d{5}(?!\d)"
    r"|(?<!\d)\d{4}-\d{3}(?!\d)|\b[a-z]{1,2}\d{1,2}[a-z]? \d[a-z]{2}\b"
)
_CONTACT = re.compile(
    r"(?<![a-z])(?:te[l1i]\w*|telef\w*|phone|fax|mobile|www|http|https|e-?mail|mail|hotline"
    r"|whatsapp\w*|tlf|tfno|fon|iban|bic|swift|konto\w*|bank\w*|facebook\w*|instagram"
    r"|follow us|like)(?![a-z])|@\w+\.|\.(?:com|de|es|pt|fr|it|co\.uk|net|org|my|nl|eu)\b"
)
_NUMBERED = re.compile(
    r"(?<![a-z])(?:reg|gst|vat|nif|cif|nipc|ust|tva|siret|p\.? ?iva|c\.?f|btw|kvk|abn|ein"
    r"|company no|co\.? ?(?:no|reg)|cashier|kasse|caja|caixa|caisse|terminal|pos|server"
    r"|kellner|table|order|invoice no|receipt no|tel|matricula|capital|handelsreg\w*|hrb?"
    r"|geschaftsf\w*|gln|kundennum\w*|attn|cif/nif|contribuinte|c\.? ?s\.?|rcs)(?![a-z])"
)
BUYER = re.compile(
    r"(?<![a-z])(?:bill(?:ed)? to|invoice(?:d)? to|sold to|ship(?:ped)? to|deliver(?:ed"
    r"|y)? (?:to|address)|customer(?!.s copy| care| serv| copy)|client|buyer|attn|facturar a"
    r"|cliente|datos del cliente|direccion de (?:envio|entrega|factur\w+)|destinatari\w*"
    r"|adquirente|exm[oa]\.?\(?s?\)?\.?|faturar a|entregar"
    r"|morada de (?:entrega|faturacao)|facture a|adresse(?: de)? (?:livraison|facturation)"
    r"|destinataire|rechnung an|rechnungsadresse|rechnungsempfanger|lieferadresse"
    r"|lieferanschrift|kaufer\w*|kunde|leistungsempfanger|herrn|frau|spett\.?(?:le)?"
    r"|fatturare a|cessionario|committente|intestatario|indirizzo di (?:consegna|fatturazione)"
    r"|factuuradres|afleveradres|klant|payer|prepared for|for the attention)(?![a-z])"
)
SELLER = re.compile(
    r"(?<![a-z])(?:service provider|sold by|seller|vendor|supplier|from|issued by|issuer"
    r"|provider|vendedor|emisor|proveedor|datos del emisor|emitente|fornecedor|vendeur"
    r"|emetteur|fournisseur|verkaufer|lieferant|aussteller|rechnungssteller|leistungserbringer"
    r"|cedente|prestatore|venditore|fornitore|emittente|verkoper|leverancier|pay(?:able)? to"
    r"|remit to|merchant)(?:/\w+)?\s*:?\s*$"
)
_SOLD_BY = re.compile(
    r"(?:sold by|provided by|issued by|operated by|invoice from|services? (?:are )?(?:sold"
    r"|provided) by|©|\(c\)|copyright)\s*(?:\d{4}\s*)?(.{3,60})"
)
_OWNED = re.compile(r"(?<![a-z])(?:owned by|managed by|powered by|a company of|member of|part of|printed by)")
_TRADE = re.compile(
    r"(?<![a-z])(?:restaurant\w*|restoran|ristorante|trattoria|pizzeria|cafe|caffe|coffee"
    r"|bakery|backerei|panaderia|pastelaria|boulangerie|bar|bistro|hotel|hostal|inn|market"
    r"|mart|supermer\w*|supermark\w*|store|shop|tienda|loja|farmacia|pharma\w*|apotheke"
    r"|pharmacie|stationery|books?|libreria|livraria|papeleria|papelaria|librairie|taxi|garage"
    r"|tankstelle"
    r"|gasolinera|estacion|trading|enterprise|perniagaan|syarikat|electronics|hardware|florist"
    r"|cash & carry|kitchen|gasthaus|gasthof|brasserie|taverna|taberna|cerveceria|station"
    r"|parking|parkhaus|parque|clinic|mercado|grill|burger|pizza|sushi|deli)(?![a-z])"
)


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
    buyers = _buyers(rows)
    sites = _sites("\n".join(line.text for each in pages for line in each.lines))
    usual = median([line.box.height for line in page.lines] or [1.0])
    body = _body(rows)
    points: dict[str, float] = {}
    text_of: dict[str, str] = {}
    first = True
    for place, row in enumerate(rows):
        for spot, line in enumerate(row):
            if (place, spot) in buyers:
                continue
            found = _told(line.text)
            label = _seller_label(rows, place, spot)
            text = found or _name(line.text)
            if not text or (not found and not _like_a_name(text)) or any(same_merchant(text, each) for each in ours):
                continue
            text = text if found else _wrapped(rows, place, spot, text)
            score = _worth(text, line, rows, place, usual=usual, tall=page.height, sites=sites)
            score += 2.5 if found else 0.0
            score += 1.8 if len(line.text) > len(text) + 8 and _with_address(line.text, text) else 0.0
            score += 3.0 if label else 0.0
            if place > body and not found and not label and not _foot(rows, place):
                score -= 3.0
            if first and place <= body:
                score += 1.5
                first = False
            key = named(text)
            points[key] = max(points.get(key, -9.0), score) + (0.4 if key in points else 0.0)
            text_of.setdefault(key, text)
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
    if _STRONG.search(words):
        score += 2.6
    elif FORMS.search(words):
        score += 1.2
    if _TRADE.search(words):
        score += 0.9
    if any(_alike(words, site) for site in sites):
        score += 2.2
    below = " ".join(each.text for row in rows[place + 1 : place + 4] for each in row)
    if _ADDRESS.search(plain(below)) or _NUMBERED.search(plain(below)):
        score += 0.8
    if text.isupper():
        score += 0.3
    score -= 1.2 * (line.score < 0.85) + 1.0 * (len(re.sub(r"\W", "", text)) < 5)
    letters = sum(each.isalpha() for each in text)
    score -= 1.5 * (letters < 0.6 * len(text.replace(" ", "")))
    return score - 0.8 * (text.islower())


def _with_address(line: str, name: str) -> bool:
    """True if the address follows the name in the same line, as sellers print it above the buyer's."""
    rest = plain(line)[len(name) :]
    return bool(_ADDRESS.search(rest)) and bool(re.search(r"\d", rest))


def _like_a_name(text: str) -> bool:
    words = plain(text)
    if sum(each.isalpha() for each in text) < 3 or len(text) > 70 or _TITLE.match(words) or SELLER.search(words):
        return False
    if _OWNED.search(words) or (_CONTACT.search(words) and not _STRONG.search(words)) or days(words, day_first=True):
        return False
    if re.match(r"\W*(?:lot|no\.?|nr\.?|n[º°])\W{0,2}\d|\d+\w?, ", words) and not _STRONG.search(words):
        return False
    if (
        any(each.sure for each in amounts(text))
        or re.search(r":\s*\S|%", text)
        or text.rstrip().endswith((":", ".com"))
    ):
        return False
    if (_ADDRESS.search(words) or _NUMBERED.search(words)) and not (_STRONG.search(words) or _TRADE.search(words)):
        return False
    return len(words.split()) <= 9


def _name(text: str) -> str:
    """A line without the numbers of registration and the address that follow a name in it."""
    text = re.sub(r"^[^\w&(]+", "", text)
    text = re.sub(r"(?<=\w) 5/[8B](?=\W|$)", " S/B", text)
    text = re.sub(
        r"\s*\(?(?:co\.? ?(?:reg|no)|reg|company no|gst|vat)\.?[^)]*\d[^)]*\)?\s*$", "", text, flags=re.IGNORECASE
    )
    text = re.sub(r"\s*[(\[<][^)\]]*\d{4,}[^)\]]*[)\]]?\s*$", "", text)
    text = re.split(
        r"\s+[-–·•|*]\s+(?=.*\d)|\s*[·•|]\s*|,\s*(?=\d)|\s+[-–]\s+(?=(?:cif|nif|vat)\b)",
        text,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    text = re.sub(r"\s+\S*\d{6,}\S*$", "", text)
    return text.strip(" _-–*·:;,'\"=~>")


def _wrapped(rows: Sequence[Sequence[Line]], place: int, spot: int, text: str) -> str:
    """The name with the lines that it is wrapped over, above and below."""
    line = rows[place][spot]
    parts = [text]
    at, near = place, line
    while at + 1 < len(rows) and len(parts) < 3 and (lower := _under(rows[at + 1], near)):
        more = _name(lower.text)
        whole = " ".join(parts)
        if not _belongs_below(whole, more) or lower.box.top - near.box.bottom > 1.1 * near.box.height:
            break
        parts.append(more)
        at, near = at + 1, lower
    at, near = place, line
    while at > 0 and len(parts) < 3 and (upper := _under(rows[at - 1], near)):
        more = _name(upper.text)
        if not _belongs_above(" ".join(parts), more) or near.box.top - upper.box.bottom > 1.1 * near.box.height:
            break
        parts.insert(0, more)
        at, near = at - 1, upper
    return " ".join(parts)


def _belongs_below(name: str, more: str) -> bool:
    """True if the line below goes on with the name."""
    words = plain(more)
    if not more or days(words, day_first=True) or _CONTACT.search(words):
        return False
    if amounts(more) and not _STRONG.search(words):
        return False
    if name.count("(") > name.count(")") or name.rstrip().endswith(
        ("&", "-", ",", " de", " of", " y", " e", " und", " et")
    ):
        return True
    if _STRONG.search(plain(name)):
        return False
    start = re.match(r"(?:&|co\.|and |und |y |e |et |\)|s[db]n|bhd)", words)
    alone = len(more.split()) <= 2 and re.match(r"(?:unipessoal|ltd|gmbh|s\.?l\.?u?$|s\.?a\.?$|lda|s\.?r\.?l)", words)
    return bool(start or alone) or (
        bool(_STRONG.search(words)) and len(more.split()) <= 3 and more.count(")") > more.count("(")
    )


def _belongs_above(name: str, more: str) -> bool:
    """True if the line above is where the name begins."""
    if not more or not _like_a_name(more) or _STRONG.search(plain(more)):
        return False
    words = plain(name)
    if name.count(")") > name.count("(") or more.count("(") > more.count(")"):
        return True
    if re.match(r"(?:&|co\.|and |und |et |s[db]n\.? ?b|bhd|enterprise)", words):
        return True
    return len(words.split()) <= 2 and bool(
        re.match(r"(?:unipessoal|ltd|limited$|gmbh|s\.l\.|s\.a\.|lda|s\.r\.l)", words)
    )


def _under(row: Sequence[Line], line: Line) -> Line | None:
    """The line of a row that stands below (or above) this one."""
    for each in row:
        across = min(each.box.right, line.box.right) - max(each.box.left, line.box.left)
        if across > 0.4 * min(each.box.width, line.box.width):
            return each
    return None


def _buyers(rows: Sequence[Sequence[Line]]) -> set[tuple[int, int]]:
    """Which lines name the buyer: those under and beside "Bill to", down to a gap."""
    out: set[tuple[int, int]] = set()
    for place, row in enumerate(rows):
        for spot, line in enumerate(row):
            label = BUYER.search(plain(line.text))
            if not label or (label.start() > 12 and not line.text.rstrip().endswith(":")):
                continue
            out.add((place, spot))
            rest = line.text[label.end() :].strip(" :.")
            if spot + 1 < len(row) and len(rest) < 3 and line.text.rstrip().endswith(":"):
                out.add((place, spot + 1))
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


def _over(a: Line, b: Line) -> bool:
    return min(a.box.right, b.box.right) - max(a.box.left, b.box.left) > 0.5 * min(a.box.width, b.box.width)


def _seller_label(rows: Sequence[Sequence[Line]], place: int, spot: int) -> bool:
    """True if the line above, or the one to the left, says that the seller follows."""
    line = rows[place][spot]
    if spot and SELLER.search(plain(rows[place][spot - 1].text)):
        return True
    for up in (1, 2):
        above = _under(rows[place - up], line) if place >= up else None
        if above and SELLER.search(plain(above.text)):
            return up == 1 or plain(above.text).startswith(("service provider", "sold by"))
        if above and _like_a_name(_name(above.text)):
            return False
        if above and up == 1 and not above.text.strip().startswith(("*", "(")):
            return False
    return False


def _told(text: str) -> str:
    """The name in "sold by NAME"."""
    found = _SOLD_BY.search(plain(text))
    return _name(text[found.start(1) : found.end(1)]) if found and len(text) < 120 else ""


def _foot(rows: Sequence[Sequence[Line]], place: int) -> bool:
    """True if the row stands at the foot among the seller's bank, register and tax numbers."""
    if place < 0.7 * len(rows):
        return False
    near = plain(" ".join(each.text for row in rows[max(0, place - 1) : place + 4] for each in row))
    return bool(
        re.search(
            r"iban|\bhrb?\b|ust-?id|vat (?:no|reg)|siret|capital|registro mercantil|p\.? ?iva|nipc"
            r"|registered (?:in|office|no)|company (?:no|reg)",
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

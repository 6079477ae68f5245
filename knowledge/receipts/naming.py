"""What a name of a shop or a company looks like in a line of print, and what does not belong to it."""

import re

from knowledge.receipts.amounts import amounts
from knowledge.receipts.days import days, plain

FORMS = re.compile(
    r"(?<![a-z])(?:s[db]n\.? ?b[hn]d|s/b|bhd|(?:co\.?,? )?ltd|limited|inc|l\.?l\.?c|llp|plc"
    r"|corp|corporation|gmbh|e\.? ?k|ohg|kg|ag|ug|e\.v|s\.? ?l\.? ?u?|s\.? ?a\.? ?u?"
    r"|s\.?r\.?l\.?s?|s\.?p\.?a|s\.?a\.?s\.?u?|sarl|s\.a\.r\.l|eurl"
    r"|s\.?n\.?c|lda|unipessoal|b\.? ?v|n\.? ?v|oy|ab|a/s|aps|pty|pte|sp\. z o\.o|s\.r\.o|ltda"
    r"|eireli|s\. ?coop|c\.b|& co)\.?(?![a-z])"
)
STRONG = re.compile(
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
    r"|(?:fattura|factura|fatura|facture)(?: (?:di |de )?(?:vendita|venta|venda|vente|solde|cortesia|acconto|acompte))?"
    r"|ricevuta(?: fiscale)?|scontrino.*|documento commerciale.*"
    r"|di vendita o prestazione.*|(?:official|cash|e-?|guest) ?(?:receipt|bill|folio)|folio|paragon fiskalny|faktura.*"
    r"|(?:salgs)?kvitt(?:o|ering)|nyugta|kuitti|uctenka|danovy doklad|boleta.*|cupom.*|tique.*"
    r"|res[it]{2} ?\w*|struk|nota"
    r"|bon fiscal|btw[- ]?kasticket|nabywca|odberatel|sprzedaz.*|factuur|kassabon|original\w*|duplica\w*"
    r"|copia|copy|welcome.*"
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
ADDRESS = re.compile(
    r"(?<![a-z])(?:street|st\.|road|rd\.?|avenue|ave\.?|blvd|lane|drive|suite|floor|flr|level"
    r"|lot|no\.? ?\d|jalan|jln|taman|tmn|lorong|plaza \w+,|calle|c/|avda|av\.|paseo|rua|av\.? "
    r"|avenida|praca|largo|rue|chemin|allee|boulevard|bd\.|cedex|strasse|str\.|\w+stra(?:ss"
    r"|ß)e|\w+str\.|platz|weg|gasse"
    r"|\w{3,}(?:weg|platz|gasse|allee|ring|damm|ufer|laan|straat) \d|via|viale|piazza|corso|p\.?o\.? box"
    r"|straat|laan|plein|highway|hwy|parkway|unit \d|building|block|poligono|kawasan|seksyen"
    r"|\w{3,}(?:gade|vej|torv|gatan|gata|vagen|veien|vegen|katu|tie|utca|steenweg) \d|ul\.|al\.|utca|cad\."
    r"|sok\.|mah\.|bulevard\w*"
    r"|estrada|rodovia|carretera|ctra\.?|travessa|alameda|camino|strada|cra\.?|carrera|namesti|ulice"
    r"|bandar|selangor|malaysia|johor|kuala lumpur|deutschland|espana|portugal|france|italia"
    r"|nederland|united kingdom|usa|germany|spain|italy)(?![a-z])|(?<!\d)\d{5}(?!\d)"
    r"|(?<!\d)\d{4}-\d{3}(?!\d)|\b[a-z]{1,2}\d{1,2}[a-z]? \d[a-z]{2}\b"
    r"|\w{3,} \d{1,4}\w?,? (?:[a-z]{1,2}[- ])?\d{4,6} [a-z]{3,}"
)
CONTACT = re.compile(
    r"(?<![a-z])(?:te[l1i](?:fax|no|hp)?|t[e3][l1]ef?(?:on\w*|phon\w*|oon|fax)|phone|fax|mobile|www|http"
    r"|https|e-?mail|mail|hotline"
    r"|whatsapp\w*|tlf|tfno|fon|iban|bic|swift|konto\w*|bank\w*|facebook\w*|instagram"
    r"|follow us|like)(?![a-z])|@\w+\.|\.(?:com|de|es|pt|fr|it|co\.uk|net|org|my|nl|eu)\b"
)
_OF_TELEPHONES = re.compile(r"tele(?:fon|phon|com)\w* [a-z]{3}")
"""How the name of a telephone company begins."""

NUMBERED = re.compile(
    r"(?<![a-z])(?:reg|gst|vat|nif|cif|nipc|ust|tva|siret|p\.? ?iva|c\.?f|btw|kvk|abn|ein"
    r"|company no|co\.? ?(?:no|reg)|cashier|kasse|caja|caixa|caisse|terminal|pos|server"
    r"|kellner|table|order|invoice no|receipt no|tel|matricula|capital|handelsreg\w*|hrb?"
    r"|geschaftsf\w*|gln|kundennum\w*|attn|cif/nif|contribuinte|c\.? ?s\.?|rcs)(?![a-z])"
)
SELLER = re.compile(
    r"(?<![a-z])(?:service provider|sold by|seller|vendor|supplier|from|issued by|issuer"
    r"|provider|vendedor|emisor|proveedor|datos del emisor|emitente|fornecedor|vendeur"
    r"|emetteur|fournisseur|verkaufer|lieferant|aussteller|rechnungssteller|leistungserbringer"
    r"|sprzedawca|dodavatel|elado|avsandare|saljare|selger|saelger|myyja|penjual|satici|vanzator|furnizor"
    r"|cedente|prestatore|venditore|fornitore|emittente|verkoper|leverancier|pay(?:able)? to"
    r"|remit to|merchant)(?:/\w+)?\s*:?\s*$"
)
_SOLD_BY = re.compile(
    r"(?:sold by|provided by|issued by|invoice from|verkauft (?:von|durch)|vendido por|vendu par"
    r"|venduto da|verkocht door|services? (?:are )?(?:sold|provided) by|©|\(c\)|copyright)\s*(?:\d{4}\s*)?(.{3,60})"
)
_OWNED = re.compile(
    r"(?<![a-z])(?:owned by|operated by|managed by|powered by|a company of|member of|part of|printed by)"
    r"|^\W*(?:inh|inhaber(?:in)?|prop|proprietor|owner|titolare|titular|gerant)\b[.: ]"
)
TRADE = re.compile(
    r"(?<![a-z])(?:restaurant\w*|restoran|ristorante|trattoria|pizzeria|cafe|caffe|coffee"
    r"|bakery|backerei|panaderia|pastelaria|boulangerie|bar|bistro|hotel|hostal|inn|market"
    r"|mart|supermer\w*|supermark\w*|store|shop|tienda|loja|farmacia|pharma\w*|apotheke"
    r"|pharmacie|stationery|books?|libreria|livraria|papeleria|papelaria|librairie|taxi|garage"
    r"|tankstelle"
    r"|gasolinera|estacion|trading|enterprise|perniagaan|syarikat|electronics|hardware|florist"
    r"|cash & carry|kitchen|gasthaus|gasthof|brasserie|taverna|taberna|cerveceria|station"
    r"|parking|parkhaus|parque|clinic|mercado|grill|burger|pizza|sushi|deli)(?![a-z])"
)


_BENT_FORM = re.compile(
    r"\b(?!sdn\.? ?bhd\b)[s5][dboi0uc][nm]\.? ?[b8][hnm][duob0](?=\W|$)|\bsdn\.? ?[b8][hnm][duob0](?<!bhd)(?=\W|$)",
    flags=re.IGNORECASE,
)
_COUNTER = re.compile(r"\W*(?:machine|counter|till|terminal|shift|operator|salesperson|staff|lane)\W*\d")


def like_a_name(text: str) -> bool:
    words = plain(text)
    if ("!" in text and not STRONG.search(words)) or _COUNTER.match(words):
        return False
    if sum(each.isalpha() for each in text) < 3 or len(text) > 70 or _TITLE.match(words) or SELLER.search(words):
        return False
    reached = CONTACT.search(words) and not (_OF_TELEPHONES.match(words) and not re.search(r"\d", words))
    if _OWNED.search(words) or (reached and not STRONG.search(words)) or days(words, day_first=True):
        return False
    if re.match(r"\W*(?:lot|no\.?|nr\.?|n[º°])\W{0,2}\d|\d+\w?, ", words) and not STRONG.search(words):
        return False
    if (
        any(each.sure for each in amounts(text))
        or re.search(r":\s*\S|%", text)
        or text.rstrip().endswith((":", ".com"))
    ):
        return False
    if (ADDRESS.search(words) or NUMBERED.search(words)) and not (STRONG.search(words) or TRADE.search(words)):
        return False
    return len(words.split()) <= 9


def bare(text: str) -> str:
    """A line without the numbers of registration and the address that follow a name in it."""
    text = re.sub(r"^[^\w&(]+", "", text)
    text = re.sub(r"(?<=\w) 5/[8B](?=\W|$)", " S/B", text)
    text = _BENT_FORM.sub("SDN BHD" if text.isupper() else "Sdn Bhd", text)
    text = re.sub(
        r"\s*\(?(?:co\.? ?(?:reg|no)|reg|company no|gst|vat)\.?[^)]*\d[^)]*\)?\s*$", "", text, flags=re.IGNORECASE
    )
    text = re.sub(r"\s*[(\[<][^)\]]*\d{4,}[^)\]]*[)\]]?\s*$", "", text)
    text = re.split(r"\s+[·•|]\s+", text, maxsplit=1)[0]
    text = re.split(
        r"\s+[-–·•|*]\s+(?=.*\d)|\s*[·•|]\s*|,\s*(?=\d)|\s+[-–]\s+(?=(?:cif|nif|vat)\b)",
        text,
        maxsplit=1,
        flags=re.IGNORECASE,
    )[0]
    text = re.sub(r"\s+\S*\d{6,}\S*$", "", text)
    return text.strip(" _-–*·:;,'\"=~>")


def told(text: str) -> str:
    """The name in "sold by NAME"."""
    found = _SOLD_BY.search(plain(text))
    return bare(text[found.start(1) : found.end(1)]) if found and len(text) < 120 else ""

"""What the words beside an amount say that it is: the total, a part of it, what was handed over, or the change."""

import re
from collections.abc import Sequence
from enum import StrEnum

from knowledge.receipts.days import plain


class Label(StrEnum):
    """What an amount is."""

    CHANGE = "change"
    COUNT = "count"
    TAX = "tax"
    BEFORE = "before"
    ROUNDING = "rounding"
    DISCOUNT = "discount"
    DUE = "due"
    FINAL = "final"
    GRAND = "grand"
    TOTAL = "total"
    PAID = "paid"
    BALANCE = "balance"
    BEFOREHAND = "beforehand"
    EXTRA = "extra"
    NONE = "none"


_TAX = (
    r"(?:g\.?s\.?t|vat|tax(?:es)?(?! (?:invoice|inv))|i\.?v\.?a|m\.?w\.?s\.?t|u\.?st"
    r"|umsatzsteuer|mehrwertsteuer|tva|t\.v\.a|btw|igic|imposta|imposto|cukai|steuer\w*|mva|moms)"
)
_TOTAL = r"(?<![a-z])(?:[tfi1]?[o0]t[a4][l1i](?:e|en|es)?|ttl|t0ta1|totaal|jumlah|totl|tota(?![a-z]))(?![bdfgjmpquvxz])"
_WITH = r"(?:incl\w*|inc\b|ttc|t\.t\.c|inkl\w*|brutto|con (?:iva|impuestos)|c/ ?iva|com iva|after|with (?:tax|vat))"
_WITHOUT = (
    r"(?:excl\w*|exkl\w*|exc\b|\bht\b|h\.t\.|hors|before|ohne|senza|sin (?:iva|imp)|s/ ?iva"
    r"|sem iva|iliquid\w+|netto\b(?! (?:a|to) pa)|neto)"
)

_RULES: Sequence[tuple[Label, str]] = (
    (
        Label.CHANGE,
        r"(?<![a-z])(?:change|cambio|troco|vuelta|devolucion|ruckgeld|r.ckgeld|zuruck|rendu"
        r"|monnaie|a rendre|resto|wisselgeld|restgeld|terug|reszta|rest(?= (?:lei|ron))|su vuelto|vuelto"
        r"|para ustu|visszajaro|vracilo|povrat|atlikums|graza|tagasi|resta|rendita"
        r"|vraceno|byttepenge|vaxel|takaisin|kembali|chge?|chg|cg|baki)(?![a-z])",
    ),
    (Label.TAX, rf"(?<![a-z]){_TAX}.*(?:incl\w*|inkl|enthalten|compris|included|darin).*{_TOTAL}"),
    (Label.TAX, rf"^\W*(?:dont|di cui|davon|darin|enth\w*|incl\w*|inkl\w*|including|of which|del cual)\W.*{_TAX}"),
    (
        Label.BEFORE,
        rf"sub\W{{0,2}}t[o0]t|zwischensumme|sous\W?total|^\W*(?:sub)?s?t+[l1i]\b|subtotaal"
        rf"|{_TOTAL}\W{{0,2}}\d+(?:[.,]\d+)? ?%",
    ),
    (
        Label.TAX,
        rf"{_TOTAL}\W{{0,3}}(?:de |des |di |do |of |the )?{_TAX}(?![a-z])(?!.*(?:incl|ttc|inkl))"
        rf"|(?<![a-z]){_TAX} ?{_TOTAL}",
    ),
    (
        Label.COUNT,
        rf"(?:{_TOTAL}|n[ouº°.]*|no of)\W{{0,3}}(?:of |de |des |di |der )?(?:qty|quant\w*|items?"
        rf"|articles?|artic\w*|artik\w*|articulos|artigos|pezzi|pieces|pcs|points?|punkte|puntos"
        rf"|stamps?"
        r"|units?|unid\w*|line)|(?<![a-z])(?:saving|savings|saved|you save|ahorr\w*|poup\w*"
        r"|ersparnis|gespart|economi\w*|risparmi\w*|points?|puntos|punkte|qty|quantity|item count"
        r"|items?|stamps?)(?![a-z])",
    ),
    (Label.PAID, r"(?:amount|amt|cash|money|sum) (?:received|tendered|recd)"),
    (
        Label.BEFOREHAND,
        r"(?:less|minus|abzgl\w*\.?|abzuglich|menos|moins|meno) (?:the )?(?:deposit|payments?)"
        r"|deposit (?:received|paid)|prepa(?:id|yment\w*)|already paid|payments? (?:received|to date)|paid to date"
        r"|(?<![a-z])(?:acomptes?|arrhes|anzahlung\w*|anticipos?|acconti|acconto|adiantament\w+|aanbetaling|voorschot)"
        r"(?![a-z])|(?:bereits|schon) (?:ge|be)zahlt|deja (?:regle|verse|paye)|ya (?:pagado|abonado)"
        r"|entregas? a cuenta|reeds (?:betaald|voldaan)|gia (?:pagato|versato)|ja pago",
    ),
    (
        Label.FINAL,
        rf"(?<![a-z])nett (?:{_TOTAL}|amt|amount)|^\W*nett\W*$|{_TOTAL} nett(?![a-z])|{_TOTAL}.*(?:after|amt) round"
        r"|jumlah (?:besar|keseluruhan|akhir)|(?<![a-z])a regler|zu (?:be)?zahlen",
    ),
    (Label.BEFORE, r"jumlah kecil"),
    (Label.PAID, rf"{_TOTAL} (?:tendered|received)|(?<![a-z])(?:tunai|bayaran|diterima)(?![a-z])"),
    (Label.BEFORE, rf"{_TOTAL}.*{_WITHOUT}|{_WITHOUT}.*{_TOTAL}"),
    (
        Label.BEFORE,
        r"base (?:imp|trib|iva)|imponibile|incidencia|taxable|(?:amt|amount|montant|importe|summe"
        r"|betrag|price|total)\W{0,3}(?:excl|ht\b|net\b|netto\b|before)|warenwert|nettobetrag"
        r"|nettosumme"
        r"|excl\w*\.? (?:gst|vat|btw|tax|iva)|amt\.? excl",
    ),
    (Label.FINAL, rf"{_TOTAL}\W{{0,3}}(?:round|arrond|redond)|round\w* ?\w? {_TOTAL}"),
    (
        Label.ROUNDING,
        r"round\w*|(?<![a-z])(?:rn?di?n?g?|pembundaran|penggenapan|pelarasan)(?![a-z])"
        r"|redondeo|arredond\w*|rundung\w*|arrondi\w*|arroton\w*|afronding",
    ),
    (
        Label.DISCOUNT,
        r"(?<![a-z])(?:disc|discount\w*|descuento\w*|dto|rabatt\w*|remise|sconto\w*|desconto\w*"
        r"|nachlass|korting|coupon|voucher|gutschein|promo\w*|diskaun|rebate|abschl\w*)(?![a-z])",
    ),
    (
        Label.EXTRA,
        r"(?<![a-z])(?:tip|gratuity|trinkgeld|propina|pourboire|mancia|gorjeta|service|serv\.?"
        r"|servicio|servizio|bedienung|coperto|deposit|pfand)(?![a-z])",
    ),
    (
        Label.DUE,
        r"balance (?:due|to pay)|^\W*due\W*$|(?<![a-z])net (?:amt|amount)"
        r"|(?:amount|amt) (?:due|outstanding)|(?<![a-z])solde|(?<![a-z])saldo"
        r"|zahlbetrag|restbetrag|outstanding|open amount|still to pay|rest(?:e|ant) a payer"
        r"|openstaand|te betalen|te voldoen|do zaplaty|k uhrade|att betala|a betale|at betale|maksettava",
    ),
    (
        Label.FINAL,
        rf"(?:grand|final|net+o?) {_TOTAL}|(?<![a-z])net[tn]?o? (?:a|to) pa[gy]"
        rf"|{_TOTAL}\W+(?:a pagar|to pay|due|payable|general|complessivo|charged|a payer)"
        rf"|amount (?:payable|charged)"
        r"|(?:importe|valor|importo) a pagar|^\W*a pagar|(?<![a-z])a payer|zu zahlen|zahlen sie"
        r"|endbetrag|eindtotaal|somme due|totaal te betalen",
    ),
    (
        Label.GRAND,
        rf"{_TOTAL}.*{_WITH}|{_WITH}.*{_TOTAL}|{_TOTAL}\W+(?:amount|factura|fattura|fatura"
        rf"|documento|compra|paid|sales|invoice|facture|betrag|liquido|bill)"
        rf"|(?:amount|montant|importe|valor|importo|order|invoice|bill|sales) {_TOTAL}"
        r"|gesamt\w*|rechnungs(?:betrag|summe)|bruttosumme|bruttobetrag|totaalbedrag"
        r"|amount (?:incl|inc)|an[ou]+nt incl|accept\w* total|montant ttc"
        r"|(?:bill|invoice|inv|purchase|transaction) (?:amount|amt)"
        r"|(?<![a-z])gross(?! (?:weight|profit|margin))(?![a-z])",
    ),
    (
        Label.TOTAL,
        rf"{_TOTAL}|(?<![a-z])(?:summe|importe|montant|betrag|celkem|razem|suma|sum|summa|osszesen"
        r"|fizetendo|toplam|yhteensa|i alt|bedrag|valor|skupaj|ukupno|sveukupno|za placilo|za platiti|kokku|kopa"
        r"|kopsumma|is viso|viso|spolu|synolo|samtals|ukupan iznos)(?![a-z])",
    ),
    (
        Label.PAID,
        r"(?<![a-z])(?:cash|ash|visa|master ?card|master|amex|american express|maestro|card|debit"
        r"|credit|tender\w*|paid|payment|efectivo|tarjeta|entregad\w|pagad[oa]|numerario|dinheiro"
        r"|multibanco|mb ?way|cartao|entregue|bar|gegeben"
        r"|karte\w*|girocard|ec|kartenzahlung|bezahlt|especes|carte|cb|cheque|reglement"
        r"|contant[ei]|pagato|pagamento|elettronico|bancomat|carta|importo pagato|pin|contactless"
        r"|kontaktlos|kort|korttimaksu|kontokort|kontant|dankort|bankaxept|gotowka|numerar|nakit"
        r"|kredi karti|bankkartya|keszpenz|hotove|hotovost|gotovina|sularaha|skaidra|grynais|reidufe|metrita"
        r"|eftpos|nets|interac|pinnen|bancontact|twint|paypal|apple pay|google pay"
        r"|erhalten|recu|ricevuto|ideal|virement)(?![a-z])",
    ),
    (Label.TAX, rf"(?<![a-z]){_TAX}(?![a-z])"),
    (Label.BALANCE, r"^\W*(?:balance|bal)(?![a-z])"),
    (Label.TOTAL, r"^\W*(?:amount|sale)(?![a-z])"),
)
_COMPILED = tuple((label, re.compile(pattern)) for label, pattern in _RULES)

SUMMARY = re.compile(
    rf"(?<![a-z]){_TAX}\W{{0,2}}(?:summary|analysis|rate|code|breakdown|satz|detail\w*"
    rf"|resum\w*)|(?<![a-z])(?:resum\w+|desglose|detalle|detail|riepilogo|aufschlusselung"
    rf"|steueraufschl\w*)\W.*{_TAX}"
    r"|(?<![a-z])tax (?:code|rate)|incidencia|base imponible.*cuota|steuersatz|netto.*(?:mwst"
    r"|ust|steuer).*brutto|(?:taux|tasa|taxa|tipo|aliquota|%).*(?:base|ht|imponibile|netto).*"
)
"""The head of a table of taxes: the totals in it are those of its columns."""


def label_of(text: str) -> Label:
    """What an amount beside this text is."""
    words = plain(text)
    return next((label for label, pattern in _COMPILED if pattern.search(words)), Label.NONE)

"""A field of the open form called by its name: "change the reason to moving house", "quantity should be 3"."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from backend.forms import Blank, Widget
from backend.kinds import Kind
from backend.words import LANGUAGES, say
from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.slots import first_and_last, values_in
from bot.brain.things import content_in

_CALLED = {
    "reason": "reason/why/motivo/razon/razao/raison/motif/grund/ragione/causa",
    "note": "note/comment/nota/comentario/remarque/commentaire/notiz/kommentar/commento",
    "total": "price/cost/total/amount/precio/coste/importe/preco/custo/valor/prix/montant/preis/betrag/prezzo/importo",
    "amount": "amount/price/cost/total/importe/precio/valor/montante/montant/prix/betrag/preis/importo/prezzo",
    "quantity": "quantity/qty/number/count/cantidad/quantidade/quantite/menge/anzahl/quantita/numero",
    "item": "item/thing/product/articulo/producto/artigo/produto/article/produit/artikel/ding/articolo/prodotto",
    "vendor": "vendor/supplier/shop/store/proveedor/tienda/fornecedor/loja/fournisseur/magasin/lieferant/fornitore",
    "merchant": "merchant/shop/restaurant/comercio/tienda/comerciante/commercant/handler/esercente",
    "category": "category/categoria/categorie/kategorie",
    "leave_type": "type/kind/tipo/type d'absence/art/typ",
    "date": "date/day/fecha/dia/data/jour/datum/tag/giorno",
    "needed_by": "deadline/fecha limite/prazo/echeance/frist/termin/scadenza",
    "start": "start/start date/first day/inicio/debut/beginn/inizio/primer dia/erster tag",
    "end": "end/end date/last day/fin/fim/ende/fine/ultimo dia/letzter tag",
}
"""What people call fields that many forms have, besides their titles."""
_SET = (
    LEAD_IN + r"(?:(?:no|wait)[\s,]+)*"
    r"(?:change|set|put|make|update|switch|correct|edit|fix|cambia|cambiar|cambie|pon|poner|actualiza|corrige|modifica"
    r"|muda|mudar|mude|altera|alterar|poe|coloca|changer?|changez|mets|mettre|mettez|modifier?|corriger?|andere?|ander"
    r"|andern|setze?|setz|mach|korrigiere?|cambiare|metti|mettere|modificare|correggi)\s+"
)
_THE = r"(?:(?:the|my|its|el|la|los|las|mi|o|a|os|as|meu|minha|le|les|mon|ma|l'|der|die|das|den|dem|il|lo|gli|i)\s*)?"
_TO = (
    r"\s*(?:[:=]|\b(?:(?:in)?to|as|should be|is|must be|would be|was|por|para|a|al|en|como|debe ser|deberia ser|es|era"
    r"|deve ser|sera|seria|pour|en|sur|par|est|doit etre|auf|zu|in|ist|soll|sollte|sein|con|deve essere|dovrebbe essere"
    r"|e)\b)+\s*"
)


@cache
def _names(name: str, title: str, also: str) -> str:
    """A pattern of what a field is called, longest first."""
    called = {fold(say(language, title)) for language in LANGUAGES} | {name.replace("_", " ")}
    called |= {word for each in (name, also) for word in _CALLED.get(each, "").split("/")} - {""}
    return "|".join(re.escape(each) for each in sorted(called, key=len, reverse=True))


def named_field(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """The field that is named, with the value that it is to have; none where a message names none."""
    first, last = first_and_last(kind.sayable())
    for blank in kind.sayable():
        why = blank.widget is Widget.LONG and not any(each.name == "reason" for each in kind.sayable())
        names = _names(blank.name, blank.title, "reason" if why else "")
        told = re.match(rf"{_SET}{_THE}(?:{names})\b{_TO}(?P<value>.+)$", heard.folded, re.DOTALL) or re.match(
            rf"{_THE}(?:{names})\b\s*(?:[:=]|\b(?:should|must|would|has to|have to|debe|deberia|deve|doit|devrait|soll"
            rf"|sollte|muss|dovrebbe)\b(?:\s+(?:be|ser|etre|essere))?)\s*(?P<value>.+)$",
            heard.folded,
            re.DOTALL,
        )
        if told is None:
            continue
        value = _value(heard.clause(*told.span("value")), blank, kind, pending)
        if value and blank is first and last is not None and pending.get(last.name) and len(value) > 1:
            return {blank.name: value[blank.name]}
        if value:
            return value
    return {}


_ANEW = re.compile(
    r"\b(?:change|edit|fix|correct|redo|re-?enter|go back to|update|other|another|different|wrong|cambi\w+|corregir"
    r"|corrige"
    r"|volver a|otra?s?|equivocad\w+|mud\w+|alter\w+|corrig\w+|voltar a|outr[oa]s?|errad\w+|chang\w+|corriger|modifi\w+"
    r"|revenir (?:a|sur)|autres?|ander\w*|korrigier\w*|zuruck zu|falsch\w*|modific\w+|correg\w+|tornare a|altr[aoei]"
    r"|sbagliat\w+)\b"
)
_DAYS = r"dates?|days?|fechas?|dias?|datas?|jours?|tage?|daten|termine?|giorn[oi]|date"


def reopened(heard: Heard, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are to be told anew, emptied: "can we go back to the dates, I want to change them"."""
    if not _ANEW.search(heard.folded) or heard.days(bare=True) or heard.amounts or heard.counts or heard.refs:
        return {}
    first, last = first_and_last(kind.sayable())
    if first and last and re.search(rf"\b(?:{_DAYS})\b", heard.folded):
        return {first.name: "", last.name: ""}
    for blank in kind.sayable():
        called = re.search(rf"{_THE}\b(?:{_names(blank.name, blank.title, '')})\b", heard.folded)
        rest = re.sub(_ANEW, " ", heard.folded[: called.start()] + heard.folded[called.end() :]) if called else ""
        words = content_in(heard.worded(rest), []) if called else []
        if called and pending.get(blank.name) not in (None, "") and not [word for word in words if len(word) > 3]:
            return {blank.name: ""}
    return {}


def _value(said: Heard, blank: Blank, kind: Kind[Any], pending: Mapping[str, Any]) -> dict[str, Any]:
    if blank.widget in (Widget.LINE, Widget.LONG) and blank.name != "currency":
        return {blank.name: said.text.strip(" .")} if said.text.strip(" .") else {}
    found = values_in(said, kind, awaiting=blank.name, pending=pending)
    return found if blank.name in found else {}

"""How people speak of the handbook itself: add, withdraw, what was not found, synonyms, what others would be told."""

import re

from bot.brain.clean import fold
from bot.brain.hearing import Heard
from bot.brain.lead_in import LEAD_IN
from bot.message import Intent

BOOK = (
    r"(?:hand ?book|wiki|knowledge ?base|manual(?: del empleado| de empleados)?|guia (?:do colaborador|del empleado)|"
    r"(?:mitarbeiter)?handbuch|manuel|livret(?: d.accueil)?|guide du salarie|manuale)"
)
_THE = (
    r"(?:the |our |this |that |el |la |los |las |nuestr[oa] |o |a |os |as |nosso |le |les |l'|notre |das |die "
    r"|der |den |il |lo |i |gli |del |dello )?"
)
_ADD = re.compile(
    LEAD_IN
    + r"(?:add|put|publish|upload|include|update|replace|anade\w*|agrega\w*|publica\w*|sube|actualiza\w*|adiciona\w*"
    r"|coloca\w*|atualiza\w*|ajoute\w*|publie\w*|mets|met|remplace\w*|fuge?|nimm|stelle?|veroffentlich\w*|aktualisier\w*"
    r"|ersetze?|aggiungi|pubblica|metti|aggiorna|sostituisci)\b.{0,80}\b" + BOOK + r"\b"
)
_ANOTHER = (
    r"\b(?:versions?|editions?|revisions?|versiones|edicion|versao|edicao|fassung|ausgabe|versione|edizione|replac\w+"
    r"|updat\w+|actualiza\w*|sustitu\w+|reemplaz\w+|atualiza\w*|substitu\w+|mise a jour|mets a jour|remplac\w+"
    r"|actualise\w*|aktualisier\w*|ersetz\w*|uberarbeitet\w*|aggiorna\w*|sostitu\w+)\b"
)
_WRITTEN = (
    r"\b(?:guide|guidelines?|polic(?:y|ies)|rules|documents?|articles?|page|guia|politica|reglas|normas|documento"
    r"|articulo|pagina|regras|artigo|politique|regles|reglement|leitfaden|richtlinien?|regelung|regeln|dokument|seite"
    r"|guida|regole|regolamento|articolo)\b"
)
_HERE = (
    r"(?:here(?: is|'s| are| comes)?|(?:please )?find attached|attached|enclosed|this is|aqui|adjunto|te (?:mando|envio"
    r"|paso)|ahi va|(?:em )?anexo|segue|envio|mando|voici|ci-joint\w*|je t'envoie|hier|anbei|im anhang|ecco\w*"
    r"|in allegato|allego|ti mando|i(?:'m| am)? send(?:ing)?)"
)
_HANDS_OVER = re.compile(
    rf"{LEAD_IN}(?:{_HERE}\b.{{0,60}}?(?:{_ANOTHER}|{_WRITTEN}|\b{BOOK}\b)"
    r"|(?:the |el |la |o |a |le |die |das |den |il |lo )?(?:new|latest|current|updated|revised|corrected|nuev[oa]"
    r"|ultim[oa]|nov[oa]|nouvelle|nouveau|derniere|neue[rsn]?|aktuelle[rsn]?|nuov[oa]|aggiornat[oa])\b.{0,40}?"
    rf"(?:{_ANOTHER}|{_WRITTEN}|\b{BOOK}\b)|{_ANOTHER}.{{0,80}})"
)
_WITHDRAW = re.compile(
    LEAD_IN + r"(?:withdraw|remove|take|delete|drop|retira\w*|quita\w*|elimina\w*|borra\w*|remov\w+|tira\w*|apaga\w*"
    r"|retire\w*|supprime\w*|enleve\w*|entfern\w*|losch\w*|nimm|zieh\w*|rimuovi|togli|ritira|cancella)\s+"
    + _THE
    + r"(?P<doc>.{2,100}?)\s+(?:down |out )?(?:from|out of|of|del|de la|de|do|da|du|aus|dal|dalla)\s+(?:dem )?"
    + _THE
    + BOOK
    + r"\b"
)
_GAPS = re.compile(
    rf"\b(?:gaps?|huecos|lagunas|lacunas|lacunes|lucken|lacune)\b.{{0,40}}\b{BOOK}\b"
    rf"|\b{BOOK}\b.{{0,15}}\b(?:gaps?|huecos|lagunas|lacunas|lacunes|lucken|lacune)\b"
    r"|\bwhat (?:did|do|have|are) (?:people|employees|colleagues|they) (?:ask|asked|asking|search\w*|look\w*)\b"
    r".{0,40}\b(?:not|n't|find|found|handbook)\b"
    rf"|\b(?:what (?:is|'s)|what's) missing (?:in|from) {_THE}{BOOK}|\bque falta en {_THE}{BOOK}"
    rf"|\bo que falta n[oa] {BOOK}"
    rf"|\bqu'est-ce qui manque dans {_THE}{BOOK}|\bque manque-t-il dans {_THE}{BOOK}"
    rf"|\bwas fehlt im {BOOK}|\bcosa manca nel {BOOK}"
)
_RATINGS = re.compile(
    r"\b(?:how (?:are|were) (?:the |your )?answers (?:rated|received)"
    r"|ratings? (?:of|for|on) (?:the |your )?answers"
    r"|answer ratings?|thumbs (?:up|down)|valoraciones de (?:las )?respuestas|avaliacoes das respostas"
    r"|avis sur les reponses|bewertungen der antworten|valutazioni delle risposte)\b"
)
_PAGES = (
    r"(?:documents?|pages?|articles?|policies|files|documentos?|paginas?|articulos?|artigos?|dokumente?n?|seiten|artikel"
    r"|documenti|pagine|articoli)"
)
_REVIEWED = (
    r"(?:review(?:ed|ing|s)?|overdue|out of date|outdated|expir\w+|revisar|revisad\w+|revision|caduc\w+|rever|revist\w+"
    r"|revisao|expirad\w+|relire|relus?|relues?|revoir|revus?|revues?|revision|perime\w*|expire\w*|(?:uber|ge)?pruf\w+"
    r"|durchseh\w+|veraltet\w*|abgelaufen\w*|rived\w+|rivist\w+|revision\w+|scadut\w+)"
)
_REVIEWS = re.compile(
    r"^(?:(?:please|can you|could you|por favor|bitte|per favore)[,:]?\s+)?"
    r"(?:show|list|give|tell|which|what|are|is|do|muestra\w*|lista|que|cuales|hay|mostra\w*|quais|ha|montre\w*|liste"
    r"|quels?|quelles|y a-t-il|zeig\w*|welche|gibt es|mostrami|elenca|quali|ci sono)\b"
    rf".{{0,30}}\b{_PAGES}\b(?:(?!\b(?:i|we|my|our)\b).){{0,40}}\b{_REVIEWED}\b"
    rf"|\b(?:document|handbook|page) reviews?\b|\b{_PAGES} (?:due|up|overdue|ready) for (?:a )?review\b"
)
_SYNONYMS = re.compile(
    r"^(?:add (?:a |the )?)?(?:synonyms?|sinonimos?|synonymes?|sinonimi)\s*[:=]\s*(?P<words>.{3,300})$"
)
_WOULD = re.compile(
    r"^(?:so )?what would (?P<whom>.{3,60}?) (?:be told|hear|get told|get as an answer)"
    r"(?: about| on| to| if (?:they|he|she) asks?(?:ed)?)?[\s:,\"“]*(?P<question>.*)$"
)
_AS = re.compile(
    r"^(?:ask |answer |pregunta |pergunta |demande |frag(?:e)? |chiedi )?(?:as|como|en tant que|comme|als|come)\s+"
    r"(?P<whom>(?:an?|one|some(?:body|one)|un[ao]?|alguien|alguem|quelqu'un|um[a]?|eine?r?n?|jemand|qualcuno)"
    r"\b[^:]{3,60}):\s*(?P<question>.{3,})$"
)


_OF = (
    r"(?:of|in|to|from|for|about|de la|de los|de las|del|de|en la|en el|en|do|da|dos|das|du|des|dans|von|vom|der|des|im"
    r"|in der|in|an der|an|am|bei|zum|zur|zu|della|dello|dei|delle|di|nella|nello|nel|no|na|em)"
)
_NAMED = r"(?!(?:my|mi|mis|mon|ma|mes|mein\w*|meu|minha|mio|mia|me|it|that)\b)(?P<doc>.{2,100}?)"
_THERE = (
    r"(?: (?:are|is) there| do we (?:have|keep)| have we(?: had)?| there are| hay| tenemos| existem| ha|y a-t-il"
    r"| existent| gibt es| haben wir| ci sono| esistono| recently| lately"
    r"| in (?:the )?(?:last|latest|newest|new) version)?"
)
_MANY = r"(?:versions|version history|change history|versiones|versoes|versionen|fassungen|versioni)"
_DIFFERENT = r"(?:difference|diff|diferencia|diferenca|unterschied|differenz)\w*"
_VERSIONS = re.compile(
    rf"^(?:.{{0,60}}?\b)?(?:{_DIFFERENT}.{{1,30}}?\b)?{_MANY}"
    rf"(?: (?:are|is) there| hay| existem| y a-t-il| gibt es| ci sono)?\s+{_OF}\s+{_THE}{_NAMED}{_THERE}\s*[?.!]*$"
)
_CHANGED = re.compile(
    r"^(?:.{0,30}?\b)?(?:what(?:'s| has| is| was)? (?:been )?(?:changed|different) in"
    r"|what (?:are|were) the (?:latest |last |newest )?changes (?:in|to|of)"
    r"|que (?:se )?(?:ha |han )?(?:cambio|cambiado|modificado|cambia) en|que cambios (?:hay|hubo) en"
    r"|o que (?:e que )?(?:mudou|mudaram|foi (?:alterado|mudado)|se alterou) (?:em|no|na)"
    r"|qu'?est[- ]ce qui (?:a change|a ete modifie|change) dans|qu'a-t-on change dans"
    r"|was (?:hat sich|wurde) (?:an der|an|in der|in|im|am|bei)"
    rf"|(?:che )?cosa (?:e|sia) (?:cambiato|stato modificato) (?:nella|nello|nel|in))\s+{_THE}{_NAMED}"
    rf"(?: geandert| verandert| anders)?{_THERE}\s*[?.!]*$"
)


def replaces(text: str) -> bool:
    """Whether a message speaks of another version of something: "the new version of the office guide"."""
    return bool(re.search(_ANOTHER, fold(text)))


def hands_over(text: str) -> bool:
    """Whether a message that a document comes with hands it over: "here is the new version of the office guide"."""
    return bool(_HANDS_OVER.match(fold(text)) or _ADD.match(fold(text)))


def about_the_handbook(heard: Heard) -> Intent | None:
    """What a message wants of the handbook itself; None where it asks what stands in it, or anything else."""
    folded, text = heard.folded, heard.text
    if found := _SYNONYMS.match(folded):
        return Intent("handbook.synonyms", {"words": text[found.start("words") : found.end("words")].strip(" .")})
    for pattern in (_WOULD, _AS):
        if found := pattern.match(folded):
            whom = text[found.start("whom") : found.end("whom")].strip()
            question = text[found.start("question") : found.end("question")].strip(' "”“')
            return Intent("handbook.as_somebody", {"whom": whom, "question": question})
    if len(folded.split()) > 30:
        return None
    if _GAPS.search(folded):
        return Intent("handbook.gaps")
    if _REVIEWS.search(folded):
        return Intent("handbook.reviews")
    if _RATINGS.search(folded):
        return Intent("handbook.ratings")
    if found := _WITHDRAW.match(folded):
        return Intent("handbook.withdraw", {"doc": text[found.start("doc") : found.end("doc")].strip(' "”“')})
    if _ADD.match(folded):
        return Intent("handbook.add")
    found = None if heard.refs else _VERSIONS.match(folded) or _CHANGED.match(folded)
    if found is not None:
        doc = text[found.start("doc") : found.end("doc")].strip(' "”“?')
        return Intent("handbook.versions", {"doc": doc, "question": text.strip()})
    return None

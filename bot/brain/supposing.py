"""What a message speaks of and does not ask for: what is only supposed, what shall not be done."""

import re

from bot.brain.asking import asked, leave_type
from bot.brain.commands import cancel_intent, forbidden, ordered_by, own_request
from bot.brain.hearing import QUESTION, Heard
from bot.brain.lead_in import LEAD_IN
from bot.brain.withdrawing import NO_LONGER
from bot.message import Intent

_SUPPOSED = re.compile(
    r"\b(?:if (?:i|we)|suppos(?:e|ing)|assuming|say (?:i|we)|were i|should i|si (?:me|nos|yo|je|j'|nous|on|tomo|tomara"
    r"|cojo|cogiera|pido|pidiera|uso|gasto)|se (?:eu|io|tirar|tirasse|pegar|pegasse|prend\w+|uso|usassi)"
    r"|(?:wenn|falls) (?:ich|wir)|angenommen)\b"
)
_HOW_MANY = re.compile(
    r"\b(?:how many|how much|what|was|cuant[oa]s?|quant[oa]s?|qnt[oa]?s?|combien|cb|wie ?viele?|quant[ie]"
    r"|reste-t-il)\b"
)
_ASKED = re.compile(rf"(?:^|[.:;!,-]\s+)(?={LEAD_IN.removeprefix('^')}(?:{_HOW_MANY.pattern}))")
"""The question how many, as a message or one of its parts begins: "before I book: how many days are left?"."""
_LEFT = re.compile(
    r"\b(?:left|faltan? por|por coger|(?:do i|i) still have|have i (?:still )?got|do i have(?! to)|ai-je encore"
    r"|remain\w*|balance|leave me with|have over|qued(?:an?|aria[ns]?|arian)|rest(?:am|ariam|aria|aran)"
    r"|sobra(?:m|riam|ria)?|ficaria|fico com|saldo|rester(?:ait|aient|a|ebbero|ebbe)|restent|reste|ubrig|noch|bleib\w*"
    r"|resturlaub|rest(?:ano|erebbe)|rimarrebb\w+|rimangono|avanz\w+)\b"
)
_NOT_BUT = re.compile(
    r"^(?:(?:please|pls|no|hi|hey|ok)[,.!]?\s+)*(?:don't|dont|do not|no need to|not asking (?:you )?to"
    r"|no (?:hace falta"
    r"|quiero|hagas|pidas)|nao (?:e preciso|quero|facas|marques|marque)|pas besoin de|ne \w+ (?:rien|pas)|nicht\w*"
    r"|non (?:serve|voglio|prenotare|fare))\b[^,.;!?]{0,40}[,.;!]\s*(?:(?:i|ich|je|yo|eu|io)(?:'m| am| only| just)*"
    r"\s+)?(?:just|only|simply|solo|solamente|so|apenas|juste|seulement|nur|bloss|soltanto)\b\s*"
)
_NOT_DONE = re.compile(
    r"^(?:(?:please|pls|no|hi|hey|ok|so|and)[,.!]?\s+)*(?:(?:don't|dont|do not)\s+(?:\w+\s+)?(?:cancel|withdraw|reject"
    r"|decline|refuse|book|order|buy|purchase|submit|file|send|request|claim|expense|log)"
    r"|no\s+(?:(?:me|le|lo|la)\s+)?(?:canceles|anules|rechaces|reserves|compres|pidas|envies)"
    r"|nao\s+(?:(?:me|o|a)\s+)?(?:canceles?|anules?|recuses?|rejeites?|marques?|compres?|pecas?|envies?)"
    r"|n[e'] ?(?:annule|refuse|rejette|commande|reserve|pose|envoie)[sz]?\s+pas"
    r"|non\s+(?:annullare|rifiutare|respingere|prenotare|comprare|ordinare|inviare))\b"
)


_DEAR = re.compile(
    r"^(?:dear|liebe[rs]?|sehr geehrte[rs]?|estimad[oa]s?|querid[oa]s?|prezad[oa]s?|car[oiae]|gentil[ei]|cher|chere"
    r"|madame|bonjour|buenos dias|buenas tardes|bom dia|boa tarde|guten (?:tag|morgen)|buongiorno|hello|hi)\b"
    r"[^,.!:;\n\d]{0,40}[,!:\n]\s*(?=\S)"
)
_SO_MANY = re.compile(
    r"^(?:(?:hi|hey|hello|hola|ola|bonjour|hallo|ciao)[,.! ]+)?(?:i have |i've got |tengo |tenho |j'ai "
    r"|ich habe |ho )?"
    r"(?:two|three|2|3|a couple of|a few|dos|tres|un par de|duas|deux|trois|zwei|drei|ein paar|due|tre)\s+"
    r"(?:quick )?(?:things|requests|points|questions|receipts|expenses|bills|tickets|cosas|coisas|choses|demandes"
    r"|sachen|dinge|anliegen|cose|richieste)"
    r"[^:.,\d]{0,20}[:.,-]\s*(?=\S)"
)
"""How much is going to be asked: "two things: ..."."""
_FORWARDED = re.compile(
    r"^(?:(?:fwd?|re|tr|rv|wg|aw|enc|i|r)\s*:\s*|(?:please )?see (?:below|attached)[\s,.:]+"
    r"|as below[\s,.:]+)+(?=\W*\w)"
)
"""What a mail that is handed on begins with."""
_PRAISE = re.compile(r"^(?:[a-z']+\s){0,2}[a-z']+!+\s+(?:(?:and|y|e|et|und)\b[\s,]*)?(?=\w)")
"""What is only called out in front: "Lovely! And the same again"."""
_REGARDS = re.compile(
    r"[\s,.;!-]+(?:(?:kind|best|warm|many) (?:regards|wishes|thanks)|regards|cheers|sincerely"
    r"|thanks(?: in advance| a lot)?|(?:mit )?(?:freundlichen|besten|lieben|viele|liebe|beste) grus+en?|mfg|vg|lg"
    r"|(?:un |cordiales )?saludos?|atentamente|gracias(?: de antemano)?|cordialement"
    r"|bien a vous|merci(?: d'avance| beaucoup)?|cumprimentos|atenciosamente"
    r"|obrigad[oa]|abracos?|(?:cordiali |distinti )?saluti|grazie(?: mille| in anticipo)?|danke(?: im voraus)?)"
    r"(?:[\s,.!-]+(?:[a-z]+\s?){0,2})?[\s.!]*$"
)
LEAVE = re.compile(
    r"\b(?:off|leave|holidays?|vacations?|pto|libres?|vacaciones|permiso|folga|ferias|conges?|freie?[nmrs]?|urlaub\w*"
    r"|ferie|permesso)\b"
)
_OF_ME = re.compile(
    r"^(?:(?:so|and|but|hi|hey|ok|well|y|e|et|und|also)[,.!]?\s+)*(?:(?:should|do|did|must|have|had|am|was) i"
    r"|(?:debo|deberia|tengo|he|hice|pedi)|(?:devo|deveria|tenho|fiz|pedi)|(?:dois|devrais|ai)-je"
    r"|est-ce que (?:je dois"
    r"|j'ai)|(?:soll|sollte|muss|habe|hab|hatte|bin) ich|(?:devo|dovrei|ho))\b"
)
"""Questions about oneself: can, may and could are left out, for by these people request."""


_OF_MY_OWN = re.compile(
    r"\b(?:i|me|my|mi|mis|tengo|me|eu|tenho|meus?|minhas?|j'ai|ai-je|il me|mir|ich|mein\w*|ho|io|mie|miei)\b"
)


def supposed(heard: Heard) -> Intent | None:
    """What would be left if days were taken is a question about the balance: nothing is asked for."""
    folded = heard.folded
    asked_for = _ASKED.search(folded) and _LEFT.search(folded) and _OF_MY_OWN.search(folded) and leave_type(heard)
    if asked_for and not (heard.amounts or heard.days() or heard.names):
        return _balance(heard)
    if not _SUPPOSED.search(folded) or not (_HOW_MANY.search(folded) and _LEFT.search(folded)):
        return None
    return None if heard.amounts or re.search(r"\b(?:budget|presupuesto|orcamento)\b", folded) else _balance(heard)


def _balance(heard: Heard) -> Intent:
    return Intent("time_off.balance", leave_type(heard))


def without_refusal(heard: Heard) -> Heard:
    """The message without what it says not to do in front: "don't book anything, just tell me who is out"."""
    found = _NOT_BUT.match(heard.folded)
    rest = heard.clause(found.end(), len(heard.text)) if found else heard
    return rest if rest.folded else heard


def without_courtesies(heard: Heard) -> Heard:
    """The message without the forms of a letter around it: "Dear team", "Kind regards, Ana"."""
    if (forwarded := _FORWARDED.match(heard.folded)) and len(heard.folded) > forwarded.end() + 3:
        return without_courtesies(heard.clause(forwarded.end(), len(heard.text)))
    if (praise := _PRAISE.match(heard.folded)) and len(heard.folded) > praise.end() + 3:
        return without_courtesies(heard.clause(praise.end(), len(heard.text)))
    begin = found.end() if (found := _SO_MANY.match(heard.folded) or _DEAR.match(heard.folded)) else 0
    close = _REGARDS.search(heard.folded, begin + 1)
    if not begin and not close:
        return heard
    rest = heard.clause(begin, close.start() if close else len(heard.text))
    return rest if len(rest.folded.split()) > 2 else heard


_NUMBER_FIRST = re.compile(
    rf"{LEAD_IN}(?:(?:the|my|la|el|a|o|le|die|der|den|il) )*(?:request |number )?#?(?P<number>\d{{3,7}})\b"
)


def no_longer(heard: Heard) -> Intent | None:
    """Days off that are not needed any more are given back: "I won't need that Monday off any longer"."""
    if not NO_LONGER.search(heard.folded) or heard.amounts:
        return None
    numbered = _NUMBER_FIRST.match(heard.folded)
    if numbered and not QUESTION.match(heard.folded) and "?" not in heard.folded:
        number = int(numbered["number"])
        return Intent(cancel_intent(heard, number), {"request_id": number})
    if not heard.days():
        return None
    return asked("time_off.cancel", heard) if LEAVE.search(heard.folded) else None


_FOR_NOW = re.compile(
    r"\b(?:yet|for now|just now|until|before|anything|nothing|todavia|aun|nada|de momento|ainda|por agora|encore|rien"
    r"|pour l'instant|noch|nichts|vorerst|erstmal|ancora|niente|nulla|per ora)\b"
)


def not_approved(heard: Heard) -> Intent | None:
    """An approval that is forbidden is a rejection, where it is said of what."""
    if not forbidden(heard):
        return None
    if _FOR_NOW.search(heard.folded):  # not yet is no rejection: what it is about is shown
        number = re.search(r"\b\d{2,7}\b", heard.folded)
        return Intent("request.status", {"request_id": int(number[0])}) if number else Intent("approvals.list")
    said = asked("approval.reject", heard)
    if "request_ids" not in said.args and not said.args.keys() & {"person", "kind", "item"}:
        return None if heard.last_shown is None else Intent("approval.reject", {"request_ids": [heard.last_shown]})
    return said


def approves_own(heard: Heard) -> Intent | None:
    """An approval of a request of one's own: it is no new request, and is told to be others' to decide."""
    name = ordered_by(heard)
    if name is None or not name.startswith("approval.") or not own_request(heard):
        return None
    return asked(name, heard)


_QUESTION_WORD = (
    r"(?:(?:by|until|since|from|to) )?(?:who|whom|what|when|where|which|how|why|que|quien|cuando|donde|cual"
    r"|como|cuant[oa]s?"
    r"|por que|quem|quando|onde|qual|quant[oa]s?|qui|quand|ou|quel\w*|comment|combien|pourquoi|ce que|wer|wen"
    r"|wem|wann|wo"
    r"|was|welche\w*|wie|wie ?viele?|warum|chi|dove|quale|quant[ie]|perche|cosa)"
)
_WISHES_TO_KNOW = (
    rf"{LEAD_IN}(?:(?:(?:i|we) )?(?:(?:want|need|would like|'d like|like|keep|am trying|was)? ?(?:to )?(?:know"
    rf"|understand"
    r"|find out|hear|learn|wonder(?:ing)?)|explain(?: to me)?|tell me|let me know|remind me|(?:i'd"
    r"|we'd) (?:like|love) to"
    r" (?:know|understand|hear|learn|find out)|(?:quiero|quisiera|necesito|queria|me gustaria) (?:saber|entender)"
    r"|(?:explica|explicame|dime)|(?:quero|queria|preciso de|gostava de|gostaria de) (?:saber|entender|perceber)"
    r"|(?:explica-me|diz-me)|(?:je (?:veux|voudrais|dois|cherche a)|j'aimerais) (?:savoir|comprendre)"
    r"|(?:explique-moi|dis-moi)|(?:ich (?:will|mochte|muss|wurde gern|wusste gern)) (?:wissen)?|(?:erklar mir|sag mir)"
    r"|(?:vorrei|voglio|devo) (?:sapere|capire)|(?:spiegami|dimmi))[,:]?\s+)"
)
_INDIRECT = re.compile(rf"{_WISHES_TO_KNOW}(?P<asked>{_QUESTION_WORD}\b)")


WHETHER = re.compile(r"(?:whether|if|si|se|ob)\b")
_WHETHER = re.compile(rf"{_WISHES_TO_KNOW}(?P<asked>{WHETHER.pattern})")


def without_asking(heard: Heard) -> Heard:
    """The question itself, where it stands in a sentence that asks it: "I want to know who approves that"."""
    found = _INDIRECT.match(heard.folded)
    if found:
        return heard.clause(found.start("asked"), len(heard.text))
    found = _WHETHER.match(heard.folded)
    told = (
        heard.days()
        or heard.amounts
        or heard.names
        or re.search(r"\b(?:my|mi|meu|minha|mon|ma|mein\w*|mi[oa])\b", heard.folded)
    )
    return heard.clause(found.start("asked"), len(heard.text)) if found and not told else heard


_NOT_YET = re.compile(
    r"\b(?:not|never|n't|nobody|no one|none|still (?:not|no|waiting)|nadie|todavia no|aun no|ainda nao|ninguem"
    r"|toujours pas"
    r"|pas encore|personne|noch nicht|noch kein\w*|immer noch|niemand|ancora non|non\b.*\bancora|nessuno)\b"
)
_DONE_TO_IT = re.compile(
    r"\b(?:paid|reimbursed|refunded|approved|decided|answered|heard (?:back|anything)|looked at|replied"
    r"|come (?:in|through)"
    r"|processed"
    r"|pagado|reembolsado|aprobado|contestado|mirado|pago|pagaram|reembolsad\w+|reembolsaram|aprovad\w+|respondeu"
    r"|rembourse\w*|paye\w*|approuve\w*|valide\w*|repondu|regarde\w*|erstattet|bezahlt|uberwiesen|genehmigt"
    r"|beantwortet|angesehen|gekummert|rimborsat\w+|pagat\w+|approvat\w+|risposto|guardat\w+)\b"
)
_SO_LONG = re.compile(
    r"\b(?:yet|so far|still|for (?:ages|weeks|days|months)|since|todavia|aun|ainda|toujours|encore|noch|immer"
    r"|ancora|hace"
    r"|ha (?:dias|semanas)|depuis|seit|da (?:giorni|settimane))\b"
)


def not_yet_done(heard: Heard) -> Intent | None:
    """A complaint that a request is not done yet asks how it stands: "I haven't been paid back for the taxi yet"."""
    folded = re.sub(r"(?<=[a-z])n't\b", " n't", heard.folded)
    done = _DONE_TO_IT.search(folded) if _NOT_YET.search(folded) else None
    told = done and (_SO_LONG.search(folded) or done[0].startswith("heard"))
    if not told or QUESTION.match(heard.folded) or ordered_by(heard) is not None:
        return None
    said = asked("request.status", heard)
    return said if said.args else None


_MINDS = re.compile(
    rf"{LEAD_IN}(?:(?:is|would) (?:it|that) (?:be )?(?:ok|okay|alright|all right|fine|possible|a problem|a bother)"
    r"(?: (?:with|for) (?:you|everyone|the team))? if (?:i|we)|(?:(?:would|do|does) (?:any(?:one|body)|you"
    r"|the team) )?mind"
    r" if (?:i|we)|any objections? if (?:i|we)|(?:te|os|le) (?:importa|importaria|molesta) (?:si|que)"
    r"|(?:hay|habria) (?:algun )?problema si|(?:ha|havia) (?:algum )?problema se|importas-te (?:que|se)|(?:ca"
    r"|cela) (?:vous |te )?"
    r"(?:derange|gene)(?:rait)? si|(?:ware|ist) es (?:ok|okay|in ordnung|moglich|ein problem),? wenn ich"
    r"|(?:stort|macht) es (?:jemanden|etwas|was)?,? wenn ich|(?:e|sarebbe) un problema se|(?:ti|vi) dispiace se)\b"
)
_AWAY = re.compile(
    r"\b(?:disappear\w*|vanish\w*|away|off|out|(?:come|came|start|get) in (?:only )?(?:after|late|at)|late"
    r"|(?:leave|left|go|went)"
    r" (?:early|at|after|before)|skip\w*|not (?:come|be)|(?:take|took) \S+|falt\w+|libre|fuera|ausent\w+"
    r"|fehl\w*|frei|weg"
    r"|spater|fruher|assent\w+|manc\w+|absent\w*|partir|partais|plus tot|plus tard)\b"
)
_AT_HOME = re.compile(r"\b(?:work\w*|wfh|remote\w*|home ?office|teletrab\w+|teletravail\w*|smart ?working)\b")


def minds_absence(heard: Heard) -> bool:
    """Whether somebody asks if it matters that they are away on a day: that is how leave is asked for, too."""
    folded = heard.folded
    asks = _MINDS.match(folded) and _AWAY.search(folded) and not _AT_HOME.search(folded)
    return bool(asks and heard.days() and not heard.amounts and not heard.names)


_PONDERS = re.compile(
    rf"{LEAD_IN}(?:(?:i'm|i am|we're|we are|estoy|estou|je suis|ich bin|sto) )?(?:(?:still )?(?:trying to (?:work out"
    r"|figure out|decide|find out|see)|thinking (?:of|about)|considering|wondering|unsure|not sure|deciding)"
    r"|pensando|dudando|valorando|a pensar|em duvida|(?:en train de|je) reflech\w+|(?:am )?uberleg\w*|unsicher"
    r"|valutando|indeciso)\b|^(?:before|until) (?:i|we) (?:book|ask|request|order|buy|apply)\b"
)


_UNDECIDED = re.compile(
    r"\b(?:(?:not sure|no idea|unsure|undecided)(?: yet| if| whether)?|haven't decided(?: yet)?|ya vere|logo vejo"
    r"|on verra"
    r"|mal sehen|vedremo)\W*$|^(?:(?:so|well|ok|and|but)[,\s]+)*(?:i|we) (?:might|may) (?:perhaps |maybe |not )?"
    r"(?:take|need|order|buy|be|go|ask)\b"
)


def ponders(heard: Heard) -> bool:
    """Whether somebody only thinks about something: "I'm trying to work out whether I can afford two weeks"."""
    undecided = _UNDECIDED.search(heard.folded) and not heard.folded.rstrip().endswith("?")
    return bool(_PONDERS.match(heard.folded) or undecided)


_SUPPOSES = re.compile(rf"{LEAD_IN}(?:{_SUPPOSED.pattern})")


def supposes(heard: Heard) -> bool:
    """Whether a part of a message only says under which condition something is asked: "if I took the 11th off"."""
    return bool(_SUPPOSES.match(heard.folded))


def about_oneself(heard: Heard) -> bool:
    """Whether a question asks what one has, did or ought to do, and requests nothing: "do I have enough leave?"."""
    found = _OF_ME.match(heard.folded)
    return bool(found) and (heard.folded.rstrip().endswith("?") or found[0].endswith((" i", "-je", " ich")))


_OF_MINE = re.compile(
    r"^(?:(?:so|and|but|hi|hey|ok|well|y|e|et|und)[,.!]?\s+)*(?:is|are|have|has|did|does|was|were) "
    r"(?:my|our|the|any(?:body|one)|some(?:body|one)|finance|accounting|hr|payroll|it|that|they|he|she)\b"
    r"|^(?:esta|estan|han?|fue) (?:ya )?(?:mi|mis)\b|^(?:esta|estao|foi|foram) (?:ja )?(?:o meu|a minha)\b"
    r"|^(?:est-ce que )?(?:mon|ma|mes) \w+ (?:est|sont|a|ont)\b[^,.;]*\?|^(?:ist|sind|wurde|wurden) mein\w*\b"
    r"|^(?:e|sono|e stat[oa]|sono stati) (?:il mio|la mia|le mie|i miei)\b"
)


def asks_of_own(heard: Heard) -> bool:
    """Whether it is asked how something is or what was done, however sure it looks: "is my day off ok'd yet"."""
    return bool(_OF_MINE.match(heard.folded))


_TELLS = re.compile(
    r"^(?:(?:so|and|but|because|since)\s+)?(?:my|our|the|i|i'm|i've|i'd|we|we're|he|she|they|it|it's)\b"
    r"|^(?:mi|mis|me|estoy|he|tengo|tenemos|meu|minha|os meus|estou|tenho|temos|mon|ma|mes|je|j'ai|nous|on|mein\w*"
    r"|ich|wir"
    r"|il mio|la mia|sono|ho|abbiamo)\b"
)


def tells(heard: Heard) -> bool:
    """Whether a part of a message tells something, and neither asks nor orders."""
    asks = heard.folded.rstrip().endswith("?") or re.search(
        r"\b(?:want|need|like|wonder|know|see|check|quiero|quero|veux|voudrais|mochte|will|vorrei|waiting)\b",
        heard.folded,
    )
    return bool(_TELLS.match(heard.folded)) and not asks


def not_to_be_done(heard: Heard) -> bool:
    """Whether a message begins by saying that something shall not be done: none of it is proposed then."""
    return bool(_NOT_DONE.match(heard.folded))

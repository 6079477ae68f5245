"""By which words something is withdrawn, in six languages: the verbs, what is needed no longer, other signs."""

import re

from bot.brain.acts import Act, opening
from bot.brain.negations import DO_NOT, NOT, WITHOUT

CANCEL = (
    r"cancel|withdraw|take out|scrap|scratch|ditch|get rid of|kill|bin(?= (?:my|the|that|it)\b)|revoke|retract"
    r"|delete|drop|remove|take back|call off|undo|void|pull|cancela|cancelar"
    r"|anula|anular|quita|quitar|cancelame|retira|retirar|borra|elimina|cancele|annule[rz]?|retire[rz]?|supprime[rz]?"
    r"|storniere?n?|zieh|ziehe|zuruckziehen|losche?n?|streiche?n?|entferne?n?|enleve[rz]?|annulla|annullare|ritira"
    r"|ritirare|cancella|cancellare|togli|togliere"
)
"""The verbs that order it, as they begin a message or a part of one."""
_NOT_ANY_MORE = (
    r"no need (?:to|for|of)\b.*\b(?:any ?more|any longer)"
    r"|(?:isn't|is not|aren't|are not|not|no longer) (?:needed|wanted|necessary)"
    r"|(?:don't|dont|do not|won't|wont|will not|didn't) (?:need|want|be needing)\b.*\b(?:any ?more|any longer"
    r"|after all)|(?:no longer|not) (?:need|want|taking)|ya no (?:necesito|quiero|me hace(?:n)? falta|cojo)"
    r"|ja nao (?:preciso|quero|vou)|nao (?:preciso|quero|vou precisar) mais|(?:n'ai|n'aurai) plus besoin|ne veux plus"
    r"|(?:brauche|will|nehme)\b.*\b(?:nicht mehr|doch nicht|doch keinen)"
    r"|non (?:mi serv\w+|voglio|ho) piu"
)
NO_LONGER = re.compile(rf"\b(?:{_NOT_ANY_MORE})\b")
"""What was asked for is needed no longer: that alone withdraws it."""
SIGNS = (
    rf"\b(?:{CANCEL}|{_NOT_ANY_MORE}|not? (?:longer )?need|(?:don't|dont|do not|won't|wont|will not) need|ya no|ja nao"
    r"|plus besoin|nicht mehr|doch nicht|non ho piu bisogno|non mi serv\w+)\b"
)
"""For the classifier, which learns what it weighs."""
_ANY_SIGN = re.compile(
    rf"{SIGNS}|\b(?:{NOT}|{DO_NOT}|{WITHOUT}|didn't|doesn't|isn't|wasn't|free up|skip|back|after all|instead|plans?"
    r"|change\w*|undo\w*|longer|doch|zuruck\w*|ya|ja|plus|piu|devolv\w+|libero|desist\w+|renonc\w+|rinunci\w+"
    r"|verzicht\w+|abgesagt|absag\w+|stornier\w+|annul\w+|quit\w+|al final|togl\w+|cancel\w*|anul\w+|retir\w+|ritir\w+"
    r"|withdr\w+|remov\w+|delet\w+|forget|off the|laiss\w+|oubli\w+|olvid\w+|dej\w+|esquec\w+|deix\w+|vergiss"
    r"|lass\w*|lasci\w+"
    r"|dimentic\w+)\b|n't\b"
)


def takes_back(folded: str) -> bool:
    """Whether a folded text has any word by which something is withdrawn."""
    return bool(_ANY_SIGN.search(folded)) or opening(folded)[0] is Act.CANCEL

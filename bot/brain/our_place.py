"""Whether somebody asks what there is at work, or what one may do there: a question for the handbook, whatever of."""

import re

from bot.brain.clean import clean
from bot.brain.unrelated import sounds_elsewhere

_HELLO = r"^(?:(?:hi|hello|hey|hola|ola|salut|bonjour|hallo|ciao|so|and|y|e|et|und|sorry|excuse me)\b[\s,!]*)*"
_WE = r"(?:we|you|the (?:company|office|building|firm))"
_THERE_IS = re.compile(
    _HELLO + rf"(?:(?:is|are) there\b(?! (?:going to|\w+one\b|\w+body\b))|(?:do|does) {_WE} (?:have|offer|provide)\b"
    rf"|have {_WE} got\b|hay\b|tenemos\b|tiene la (?:empresa|oficina)\b|ha (?!\d)|temos\b|a empresa tem\b"
    r"|(?:est-ce qu'il y a|il y a|y a-t-il|y a t il|avons-nous|est-ce qu'on a|on a)\b"
    r"|gibt(?:'s| es)\b|haben wir\b|hat die firma\b|c'e\b|ci sono\b|abbiamo\b)"
)
_MAY_I = re.compile(
    _HELLO
    + r"(?:(?:can|may|could) (?:i|we|one|my|our)\b|(?:am i|are we|is it) (?:allowed|ok|okay|permitted|possible)\b"
    r"|where (?:is|are|do|does|can|could|should|must) (?:the|our|i|we|one)\b|(?:se )?pued[eo]\b|podemos\b|donde\b"
    r"|posso\b|pode-se\b|onde\b|puis-je\b|peut-on\b|est-ce (?:que je|qu'on) peu\w+|ou (?:est|sont|puis|peut|dois)\b"
    r"|(?:kann|darf) (?:ich|man)\b|(?:konnen|durfen) wir\b|wo\b|si puo\b|possiamo\b|dove\b)"
)
_IN_TOWN = re.compile(r"\b(?:near(?:by)?|around here|in town|cerca|perto|pres d\w*|in der nahe|vicino)\b")


def asks_what_there_is(text: str) -> bool:
    """True for a question of what there is at work ("are there lockers?"), but for what no office has to do with."""
    folded = clean(text).folded
    return _THERE_IS.match(folded) is not None and not sounds_elsewhere(folded) and not _IN_TOWN.search(folded)


def asks_what_one_may(text: str) -> bool:
    """True for a question of what one may do, or where something is."""
    folded = clean(text).folded
    return _MAY_I.match(folded) is not None and not sounds_elsewhere(folded)

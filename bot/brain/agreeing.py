"""A yes that says again what it is a yes to: "yes, reject it", "sim, pode pedir", "go on and order them"."""

import re
from collections.abc import Sequence

from bot.brain.acts import Act, act_of
from bot.brain.commands import APPROVE, REJECT
from bot.brain.lexicon import listed
from bot.brain.withdrawing import CANCEL

_SAYS_NOTHING = listed("agreeing")
_SEND = (
    r"(?:send|submit|order|buy|book|request|ask|file|claim|place|log|register|put|do|go|proceed|confirm|pide|pedir"
    r"|pedi(?:r|lo)"
    r"|envi\w*|mand\w*|compr\w*|reserv\w*|solicit\w*|encarg\w*|hazl\w*|hacer\w*|adelante|pede|encomend\w*|marc\w*"
    r"|faz\w*"
    r"|regist\w*|avanc\w*|command\w*|achet\w*|envo\w*|demand\w*|pos\w*|fais|faire|bestell\w*|schick\w*|send\w*"
    r"|beantrag\w*"
    r"|buch\w*|mach\w*|einreich\w*|abschick\w*|ordin\w*|prenot\w*|invi\w*|chied\w*|proced\w*|fai|fare)"
)
_VERBS = {
    "approve": re.compile(rf"(?:{APPROVE}|{_SEND})"),
    "reject": re.compile(rf"(?:{REJECT}|rechaz\w*|rejeit\w*|refus\w*|rejet\w*|ablehn\w*|rifiut\w*|{_SEND})"),
    "withdraw": re.compile(rf"(?:{CANCEL}|cancel\w*|anul\w*|retir\w*|stornier\w*|annul\w*|{_SEND})"),
}
_OTHERWISE = re.compile(_SEND)


_CLOSING = re.compile(
    r"(?:[,.;:]|\s(?=(?:and|y|e|et|und)\b))\s*(?:(?:and|then|y|luego|e|depois|et|puis|ensuite|und|dann|poi|please|pls"
    r"|yes|por favor|bitte|per favore|do|you can|go ahead and)\b[,\s]*)*"
    r"(?:send|submit|envi(?:a|alo|ala|e|ez)|manda(?:lo|la)?|envoie(?:-la|-le)?|schick|sende|reiche?|invia(?:lo|la)?)"
    r"(?:\s+(?:it|that|this|now|off|in|isso|o pedido|la|le|es|das|ab|ein|ora|ahora|agora|maintenant|jetzt|please"
    r"|bitte|como"
    r"|esta))*\W*$"
)


def closes_with_sending(folded: str) -> int:
    """Where the end of a message begins that says to send it: "make it 54, then send it"; 0: it says no such thing."""
    found = _CLOSING.search(folded)
    return found.start() if found else 0


def begins_with_yes(words: Sequence[str]) -> int:
    """How many of the first words are a yes; 0: they are none."""
    return next((n for n in (3, 2, 1) if act_of(" ".join(words[:n])) in (Act.YES, Act.GOOD)), 0)


def agrees(folded: str, *, to: str) -> bool:
    """Whether a whole message is a yes to what was asked, with its verb or words that add nothing.

    to  what was asked: "approve", "reject", "withdraw", or anything else that is sent
    """
    words = re.findall(r"[\w'-]+", folded)
    yes = begins_with_yes(words)
    if not yes or "?" in folded:
        return False
    words = words[yes:]
    verb = _VERBS.get(to, _OTHERWISE)
    return 0 < len(words) <= 7 and all(word in _SAYS_NOTHING or verb.fullmatch(word) for word in words)

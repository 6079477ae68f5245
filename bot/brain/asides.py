"""What is said between the words that matter: dictated signs, fillers, courtesies between commas, shorthand."""

import re
from collections.abc import Mapping

_DICTATED = (
    (re.compile(r"\s*\b(?:full stop|punto final|ponto final|point final)(?=\W*$|\s)", re.IGNORECASE), "."),
    (
        re.compile(
            r"\s*\b(?:question mark|fragezeichen|point d'interrogation|ponto de interroga[cç][aã]o"
            r"|punto interrogativo|signo de interrogaci[oó]n)\b",
            re.IGNORECASE,
        ),
        "?",
    ),
    (re.compile(r"\s*\b(?:new (?:line|paragraph)|neue zeile|nueva l[ií]nea|nova linha)\b", re.IGNORECASE), "\n"),
    (re.compile(r"(?<=\w)\s+comma\b(?=\s+\w)", re.IGNORECASE), ","),
)
_FILLERS: Mapping[str, str] = {
    "en": r"u+m+|u+h+m*|er+m+|hm+|let me (?:see|think)|let's see|how do (?:i|you) say|you know(?=,)",
    "es": r"e+h+|em+|hm+|a ver|d[eé]jame ver|c[oó]mo se dice",
    "pt": r"e+h+|hm+|deixa(?:-me)? ver|como se diz",
    "fr": r"euh+|hm+|voyons(?: voir)?|comment dire",
    "de": r"[aä]+h+m*|hm+|mal sehen|lass mich sehen|wie sagt man",
    "it": r"e+h+m*|hm+|vediamo|fammi vedere|come si dice",
}
_ASIDES = {
    language: re.compile(rf"(?:(?<=^)|(?<=[\s,]))(?:{said})(?![\w'])\s*[,.…]*\s+(?=\S)", re.IGNORECASE)
    for language, said in _FILLERS.items()
}
_COURTESY = re.compile(
    r",\s*(?:if (?:that(?:'s| is) |it(?:'s| is) |at all )?(?:possible|ok|okay|all ?right)(?: with you)?"
    r"|si (?:es|fuera) posible|se (?:for |fosse )?poss[ií]vel|si (?:c'est )?possible|wenn (?:es )?(?:geht|m[oö]glich)"
    r"|falls m[oö]glich|se (?:[eè] )?possibile|when you (?:can|get a chance|have a (?:moment|minute))"
    r"|cuando puedas|quando (?:puderes|puoi)|quand tu peux)\s*,\s*",
    re.IGNORECASE,
)
_SHORTHAND = {
    "cxl": "cancel", "canx": "cancel", "cncl": "cancel", "y'day": "yesterday", "yday": "yesterday",
    "tmrw": "tomorrow", "tmw": "tomorrow", "tmr": "tomorrow", "rcpt": "receipt", "appt": "appointment",
    "hols": "holidays", "tdy": "today", "nxt": "next", "wk": "week", "wks": "weeks",
    "mgr": "manager", "reimb": "reimburse",
}  # fmt: skip
"""Words shortened in a way that stands for nothing else."""
_SHORT = re.compile(rf"(?<![\w'-])(?:{'|'.join(map(re.escape, _SHORTHAND))})(?![\w'-])", re.IGNORECASE)


def without_asides(text: str, *, language: str) -> str:
    """The text with its shorthand written out and its dictated signs as signs, and without what only fills a pause."""
    said = _SHORT.sub(lambda found: _SHORTHAND[found[0].lower()], text)
    for pattern, sign in _DICTATED:
        said = pattern.sub(sign, said)
    said = _COURTESY.sub(" ", said)
    if (fillers := _ASIDES.get(language)) is not None:
        said = fillers.sub("", said)
    return said if re.search(r"\w", said) else text

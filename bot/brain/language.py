"""Which of six languages a short message is in."""

import re

from bot.brain.lexicon import common_words

_SETS = common_words()
_SIGNS = {
    "ñ": ("es",),
    "¿": ("es",),
    "¡": ("es",),
    "ã": ("pt",),
    "õ": ("pt",),
    "ß": ("de",),
    "ä": ("de",),
    "ö": ("de",),
    "ü": ("de",),
    "œ": ("fr",),
    "ù": ("fr", "it"),
    "ì": ("it",),
    "ò": ("it",),
    "ç": ("pt", "fr"),
    "ê": ("pt", "fr"),
    "è": ("it", "fr"),
    "â": ("pt", "fr"),
    "î": ("fr",),
    "û": ("fr",),
    "á": ("es", "pt"),
    "í": ("es", "pt"),
    "ó": ("es", "pt"),
    "ú": ("es", "pt"),
}
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?")


def language_of(text: str, folded: str, *, otherwise: str = "en") -> str:
    """The language of a message; where nothing tells, or two are as likely, the one that was spoken so far."""
    score = _score(text, folded)
    if otherwise in score:
        score[otherwise] += 0.3
    best = max(score, key=lambda language: score[language])
    return best if score[best] > 0.4 else otherwise


def beside(text: str, folded: str, *, main: str) -> str | None:
    """The language of words that stand in a message in another one: "who's off hoy?"; None where there are none."""
    score = _score(text, folded)
    score.pop(main, None)
    best = max(score, key=lambda language: score[language])
    return best if score[best] >= 1.0 else None


def surely(language: str, text: str, folded: str, *, rather_than: str) -> bool:
    """Whether a message is so clearly in a language that it may be answered in it, rather than in the usual one."""
    score = _score(text, folded)
    own = score.get(language, 0.0)
    rest = max(points for other, points in score.items() if other != language)
    usual = own - 1.0 if language == rather_than else score.get(rather_than, 0.0)
    return len(_TOKEN.findall(folded)) >= 3 and own >= 1.5 and own - rest >= 0.5 and own - usual >= 1.0


def _score(text: str, folded: str) -> dict[str, float]:
    """How much speaks for each language: words that only it has count most."""
    score = dict.fromkeys(_SETS, 0.0)
    for word in _TOKEN.findall(folded[:1000]):
        parts = [word, *word.split("'")] if "'" in word else [word]
        in_languages = [language for language, words in _SETS.items() if any(part in words for part in parts)]
        for language in in_languages:
            score[language] += 1.0 / len(in_languages)
    lower = text[:1000].lower()
    for sign, languages in _SIGNS.items():
        if sign in lower:
            for language in languages:
                score[language] += 1.0 / len(languages)
    return score

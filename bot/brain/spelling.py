"""Slips of the pen: a word that nobody knows, one letter away from one that is known here."""

import json
import re
from collections.abc import Iterable
from functools import cache

from bot.brain import calendar_words, choices
from bot.brain.clean import fold
from bot.brain.lexicon import common_words
from knowledge.embedding import TOKENIZER

_WORD = re.compile(r"[a-z]{5,}")


@cache
def _english() -> frozenset[str]:
    """The whole words that the English encoder knows."""
    vocabulary: dict[str, int] = json.loads(TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 3)


@cache
def _ours() -> dict[str, int]:
    from bot.brain.classify import seeds

    words: dict[str, int] = {}
    for each in seeds():
        for word in _WORD.findall(fold(each.text)):
            words[word] = words.get(word, 0) + 1
    for word in {*_days(), *(part for said in choices.every_word() for part in _WORD.findall(said))}:
        words.setdefault(word, 1)
    return words


@cache
def _days() -> frozenset[str]:
    """Words for weekdays, months, days nearby and parts of a day."""
    out: set[str] = set()
    for language in calendar_words.LANGUAGES:
        for entries in calendar_words.phrases(language).values():
            for words, readings in entries:
                if (
                    len(words) == 1
                    and len(words[0]) >= 5
                    and any(tag in ("WD", "MON", "REL", "AM", "PM") for tag, _ in readings)
                ):
                    out.add(words[0])
    return frozenset(out)


@cache
def _near(only_days: bool) -> dict[str, tuple[str, ...]]:
    """Each word with one letter left out -> the words it comes from."""
    index: dict[str, list[str]] = {}
    for word in _days() if only_days else _ours():
        for key in {word, *_shorter(word)}:
            index.setdefault(key, []).append(word)
    return {key: tuple(words) for key, words in index.items()}


def _shorter(word: str) -> Iterable[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def written(word: str) -> bool:
    """Whether a folded word, of whatever length, is one that people use."""
    return word in _ours() or word in _english() or any(word in said for said in common_words().values())


def known(word: str) -> bool:
    """Whether a folded word is one that people use."""
    return (
        len(word) < 5
        or word in _ours()
        or word in _english()
        or (word.endswith("s") and (word[:-1] in _ours() or word[:-1] in _english()))
    )


@cache
def _corrected(word: str, only_days: bool) -> str:
    if known(word) or len(word) > 20:
        return word
    near = _near(only_days)
    found = {
        each
        for key in (word, *_shorter(word))
        for each in near.get(key, ())
        if each[0] == word[0] and choices.one_slip(word, each)
    }
    return max(sorted(found), key=lambda each: _ours().get(each, 0)) if found else word


def day_word(word: str) -> str:
    """The folded word, or the weekday, month or "tomorrow" that it was meant to be."""
    return _corrected(word, True) if len(word) >= 5 else word


_CHAT = {
    "u": "you", "ur": "your", "r": "are", "cn": "can", "chk": "check", "pls": "please", "plz": "please", "w/": "with",
    "wnat": "want", "teh": "the", "hte": "the", "adn": "and", "taht": "that", "jsut": "just", "b4": "before",
    "whos": "who's", "wheres": "where's", "hows": "how's", "dont": "don't", "gimme": "give me", "wanna": "want to",
    "gonna": "going to", "gotta": "got to", "lemme": "let me", "q": "que", "xq": "porque", "tb": "tambien",
    "vc": "você", "qnts": "quantos", "svp": "s'il vous plait", "stp": "s'il te plait", "cb": "combien",
}  # fmt: skip
"""How words are shortened or mistyped in a chat."""
_SHORTENED = re.compile(rf"(?<![\w'])(?:{'|'.join(re.escape(each) for each in _CHAT)})(?![\w'/])", re.IGNORECASE)


def spelled(text: str) -> str:
    """The text with words that nobody knows put right where one of ours is a slip away."""
    text = _SHORTENED.sub(lambda found: _CHAT[found[0].lower()], text)
    return re.sub(
        r"[^\W\d_]{5,}",
        lambda found: right if (right := _corrected(fold(found[0]), False)) != fold(found[0]) else found[0],
        text,
    )

"""A message made readable: markup, emoji, links and invisible characters gone, and a folded twin of equal length."""

import html
import re
import unicodedata
from dataclasses import dataclass

LONGEST = 2000
"""Characters that are read; what follows is dropped."""

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_LINK = re.compile(r"<(?:https?|mailto|tel):[^<>|\s]*(?:\|([^<>]*))?>|(?<![\w@])(?:https?://|www\.)\S+", re.IGNORECASE)
_CHANNEL = re.compile(r"<[#!][^<>|]*(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SHORTCODE = re.compile(r"(?<![\w:]):([a-z0-9_+-]+):(?!\w)")
_STYLE = re.compile(r"(?<!\w)[*_~`]+(?=\w)|(?<=\w)[*_~`]+(?!\w)|`+|^\s*>+\s?", re.MULTILINE)
_TO = re.compile(r"\b2(?=(?:day|nite|night|mor+ow|moro|morow|mrw)\b)", re.IGNORECASE)
"""As in "sick 2moro"."""
_THUMBS = {"+1", "thumbsup", "white_check_mark", "heavy_check_mark", "ok_hand", "100"}
_THUMBS_DOWN = {"-1", "thumbsdown", "x", "no_entry", "no_entry_sign"}
_QUOTES = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "…": "...",
        "¿": "",
        "¡": "",
    }
)
_PLAIN = {"ß": "s", "æ": "a", "ø": "o", "ł": "l", "ı": "i", "œ": "o"}


@dataclass(frozen=True)
class Clean:
    """A message as it is read: `text` for people's eyes, `folded` lower-case without accents, as long as `text`.

    thumbs  +1 or -1 where the message holds a thumb up or down; 0 where it holds none, or both
    """

    text: str
    folded: str
    thumbs: int = 0


def clean(text: str) -> Clean:
    """Takes out what is not language. Mentions such as <@U04> stay as @U04; at most LONGEST characters are read."""
    text = text[: LONGEST * 2]
    text = _INVISIBLE.sub("", text)
    text = html.unescape(text) if "&" in text else text
    text = _MENTION.sub(r" @\1 ", text)
    text = _LINK.sub(lambda found: f" {found.group(1) or ''} ", text)
    text = _CHANNEL.sub(lambda found: f" {found.group(1) or ''} ", text)
    text = _TAG.sub(" ", text)
    codes = {found.group(1) for found in _SHORTCODE.finditer(text)}
    up = bool(codes & _THUMBS or re.search("[👍✅👌💯]", text))
    down = bool(codes & _THUMBS_DOWN or re.search("[👎❌🚫]", text))
    text = _SHORTCODE.sub(" ", text)
    text = text.replace("½", " 1/2").translate(_QUOTES)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(
        each
        if each == "\n" or unicodedata.category(each)[0] in "LMNPZ" or unicodedata.category(each) in ("Sc", "Sm", "Sk")
        else " "
        for each in text
    )
    text = _STYLE.sub("", text)
    text = _TO.sub("to", text)
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"\s*\n\s*", "\n", text).strip()[:LONGEST]
    return Clean(text, fold(text), up - down)


def fold(text: str) -> str:
    """Lower-case without accents, character for character: as long as the text."""
    return "".join(_folded(each) for each in text)


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    lower = character.lower()
    plain = _PLAIN.get(lower) or unicodedata.normalize("NFKD", lower)[:1]
    return plain if len(plain) == 1 else character

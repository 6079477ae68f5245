"""Countries and large cities that a text names, and whether it speaks of places in general."""

import re
from collections.abc import Mapping
from functools import cache
from typing import cast
from zoneinfo import available_timezones

from babel import Locale

_ELSEWHERE = re.compile(
    r"\b(?:abroad|anywhere|elsewhere|everywhere|worldwide|international\w*|overseas|(?:other|another|any|all|each|every|"
    r"which|foreign|home) (?:countr\w+|places?|locations?|cit(?:y|ies)|offices?)|outside the|EU|Europe\w*)\b"
)


LANGUAGES = ("en", "es", "pt", "fr", "de", "it")

_CITIES = """
antwerp austin barcelona birmingham bilbao bologna bordeaux boston bristol cardiff chicago cologne dallas denver
edinburgh florence frankfurt geneva glasgow gothenburg hamburg houston krakow leeds lille liverpool lyon manchester
marseille miami milan milano montreal mumbai munich münchen nantes naples philadelphia porto rotterdam sevilla seville
seattle stuttgart toronto toulouse turin valencia zaragoza
"""
"""Cities that no time zone is called after."""


def places_in(text: str) -> frozenset[str]:
    """The countries and large cities that a text names, in lower case, as their first five letters (so "canad")."""
    low = text.lower()
    return frozenset(
        word[:5] for word in re.findall(r"[^\W\d_]{4,}", low) if word in _places() or word[:5] in _peoples()
    )


def elsewhere(text: str) -> bool:
    """True for a text that speaks of other countries or places in general."""
    return bool(_ELSEWHERE.search(text))


@cache
def country_names(code: str) -> frozenset[str]:
    """What a country of two letters is called in six languages."""
    known = (cast(Mapping[str, str], Locale(each).territories) for each in LANGUAGES)
    return frozenset(names[code] for names in known if code in names)


@cache
def _places() -> frozenset[str]:
    names = {name for language in LANGUAGES for name in _countries(language)}
    zones = (each.split("/") for each in available_timezones())
    cities = {
        zone[1].lower() for zone in zones if len(zone) == 2 and zone[0] in ("Europe", "Asia", "Africa", "Australia")
    }
    return frozenset(names | cities | set(_CITIES.split()))


@cache
def _peoples() -> frozenset[str]:
    """The first five letters of the countries whose people are called after them."""
    return frozenset(name[:5] for name in _countries("en") if len(name) >= 6)


def _countries(language: str) -> set[str]:
    """The countries whose name is one word, in lower case."""
    territories = cast(Mapping[str, str], Locale(language).territories)
    return {name.lower() for code, name in territories.items() if code.isalpha() and " " not in name}

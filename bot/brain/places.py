"""Countries and large cities by their names in six languages, as CLDR has them, and further cities."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.brain.clean import fold
from bot.brain.hearing import Heard

_CITIES = Path(__file__).parent / "cities.toml"
LANGUAGES = ("en", "es", "pt", "fr", "de", "it")
_SHORT = {"uk": "GB", "usa": "US", "u.s.": "US", "eeuu": "US", "holland": "NL", "holanda": "NL", "hollande": "NL"}
_UNKNOWN = re.compile(
    r"\b(?:[Ff]or|[Tt]o|[Ii]n|[Aa]t|[Aa]|[Ee]n|[Pp]ara|[Pp]or|[Ee]m|[Nn]o|[Nn]a|À|à|[Pp]our|[Nn]ach|[Pp]er|[Dd]e|[Dd]i)\s+"
    r"(?P<name>[A-ZÀ-Ý][\w'’-]+(?:\s+[A-ZÀ-Ý][\w'’-]+)*)"
)


@dataclass(frozen=True)
class Place:
    """A place that was named: its country ("" where that is not known), and the city where one was."""

    country: str
    city: str = ""


def place_in(heard: Heard) -> Place | None:
    """The country or city that a message names; None where it names none."""
    days = [each.span for each in heard.days() if len(heard.folded[slice(*each.span)].split()) < 4]
    taken = [*(each.span for each in heard.names), *days]  # "3 days in Milan last week, from monday" names a city
    best: tuple[int, Place] | None = None
    for found in re.finditer(r"[a-z][a-z.'-]*", heard.folded):
        for length in (4, 3, 2, 1):
            said = re.match(rf"[a-z.'-]+(?:\s+[a-z.'-]+){{{length - 1}}}(?!\w)", heard.folded[found.start() :])
            code = _known().get(said[0].rstrip(".'-")) if said else None
            if said is None or code is None or any(start <= found.start() < end for start, end in taken):
                continue
            if best is None or len(said[0]) > best[0]:
                text = heard.text[found.start() : found.start() + len(said[0])].rstrip(".'-")
                best = len(said[0]), Place(code[0], text if code[1] else "")
            break
    return best[1] if best else None


def unknown_place_in(heard: Heard) -> Place | None:
    """A city that nobody here knows, by how it is written: "for Braga"; None where none is named."""
    taken = [each.span for each in [*heard.names, *heard.days()]]
    for found in _UNKNOWN.finditer(heard.text):
        if not any(start < found.end("name") and found.start("name") < end for start, end in taken):
            return Place("", found["name"])
    return None


@cache
def _known() -> dict[str, tuple[str, bool]]:
    """By folded name: the country's code, and whether it is a city."""
    from babel import Locale
    from babel.core import get_global

    zones = cast(Mapping[str, str], get_global("zone_territories"))
    countries = {zone: code for zone, code in zones.items() if len(code) == 2 and code != "ZZ"}
    out = {fold(zone.rpartition("/")[2].replace("_", " ")): (code, True) for zone, code in countries.items()}
    for language in LANGUAGES:
        told = cast(Mapping[str, Any], Locale(language).time_zones)
        out |= {
            fold(told[zone]["city"]): (code, True)
            for zone, code in countries.items()
            if zone in told and "city" in told[zone]
        }
    for code, cities in tomllib.loads(_CITIES.read_text(encoding="utf-8")).items():
        out |= dict.fromkeys(str(cities).split("/"), (code, True))
    for language in LANGUAGES:
        names = cast(Mapping[str, str], Locale(language).territories)
        out |= {fold(name): (code, False) for code, name in names.items() if re.fullmatch("[A-Z]{2}", code)}
    return {**out, **{name: (code, False) for name, code in _SHORT.items()}}

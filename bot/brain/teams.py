"""The team that a message names, by its name or by the same department's name in another language."""

import re

from bot.brain.choices import departments
from bot.brain.clean import fold
from bot.brain.hearing import Heard

_SOME = re.compile(r"\b(?:how many|many|any|other|more|which|what)\s+$")


def team_in(heard: Heard) -> tuple[str, tuple[int, int]] | None:
    """The team that is named, the longest name first, and where; None where none is."""
    for team in sorted({each.team for each in heard.turn.colleagues if each.team}, key=lambda each: (-len(each), each)):
        own = fold(team)
        for name in {own, *(word for words in departments() if own in words for word in words)}:
            for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", heard.folded):
                if name != "people" or not _SOME.search(heard.folded[: found.start()]):
                    return team, found.span()  # "how many people" is everybody, also where a team is called People
    return None

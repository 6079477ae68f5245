"""What something is for, told once the draft is there: "they're for the meeting room", "es para el equipo nuevo"."""

import re
from typing import Any

from backend.forms import Widget
from backend.kinds import Kind
from bot.brain.acts import act_of
from bot.brain.hearing import QUESTION, Heard
from bot.brain.numbers import word as number_of

_PURPOSE = re.compile(
    r"^(?:(?:and|oh|also|btw|y|e|et|und)[\s,]+)*"
    r"(?:(?:it|this|that|they|these|those)(?:'s|'re| is| are| was| were)? (?:all )?(?:for|because|since)"
    r"|for|because|(?:(?:es|son|esto es|estos son) )?(?:para|porque)|(?:sao|isto e|isso e) (?:para|porque)"
    r"|(?:c'est |ils sont |elles sont )?(?:pour|parce qu[e'])|(?:(?:das|es|die|sie) (?:ist|sind) )?(?:fur|furs|weil)"
    r"|(?:(?:e|sono) )?(?:per|perche))\s+(?P<why>\w.*)$"
)


def purpose(heard: Heard, kind: Kind[Any]) -> dict[str, Any]:
    """The form's field for the reason, with what is told; nothing where the message is about anything else."""
    blank = next((each for each in kind.blanks() if each.free_text and each.widget is Widget.LONG), None)
    found = _PURPOSE.match(heard.folded)
    if blank is None or found is None or QUESTION.match(heard.folded) or heard.folded.rstrip().endswith("?"):
        return {}
    if act_of(heard.folded) is not None or number_of(found["why"].split()[0]) or found["why"] in ("favore", "favor"):
        return {}
    if heard.names or heard.amounts or heard.counts or heard.refs or heard.days(bare=True) or len(found["why"]) < 4:
        return {}
    return {blank.name: heard.text[found.start("why") :].rstrip(" .!")}

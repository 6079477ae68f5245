"""Looks up what people asked and the handbook did not say, in groups. Who asked is not kept."""

from backend.forms import Form
from backend.words import say
from knowledge import gaps
from knowledge.proposals import must_keep
from knowledge.search import Reader, reader_of
from tools.look import Around, Found, Look

MOST = 10
"""Groups that are shown."""


class WhichGaps(Form):
    """All of them."""


def find(around: Around, asked: WhichGaps) -> Found:
    """The groups, the largest first, for HR and admins; a Refusal for others."""
    person, language = around.person, around.person.language
    must_keep(person)
    found = gaps.grouped(around.session)
    if not found:
        return Found(say(language, "Nobody has asked anything that the handbook does not say."))
    everybody = reader_of(around.session, person, aloud=True)
    since = {each.question for each in found[:MOST] if _answered(around, each, everybody)}
    found = sorted(found, key=lambda each: each.question in since)
    lines = [f"• {each.question} ({_often(each, language, since=each.question in since)})" for each in found[:MOST]]
    if len(found) > MOST:
        lines.append(say(language, "and {count} more", count=len(found) - MOST))
    text = say(language, "Asked and not found, with how often. Send me a document, or write one, and it is answered:")
    rows = tuple(
        {"question": each.question, "count": each.count, "near": each.near, "last": each.last.isoformat()}
        for each in found
    )
    return Found("\n".join([text, *lines]), rows=rows)


def _answered(around: Around, group: gaps.Group, everybody: Reader) -> bool:
    """Whether the handbook says it by now to everybody."""
    return around.ask_as is not None and around.ask_as(group.question, everybody).outcome == "answered"


def _often(group: gaps.Group, language: str, *, since: bool) -> str:
    """How often it was asked, whether it is answered by now, and how often something that comes near was shown."""
    if since:
        return say(language, "{count}, answered since", count=group.count)
    if not group.near:
        return str(group.count)
    return say(language, "{count}, shown what comes nearest: {near}", count=group.count, near=group.near)


LOOK = Look("look_gaps", ("handbook.gaps",), WhichGaps, find, "Lists what people asked and the handbook did not say.")

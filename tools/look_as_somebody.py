"""Looks up what somebody else would be told: a part-timer in Berlin, a manager, a team."""

from dataclasses import replace

from backend.forms import Form, blank
from backend.people import today
from backend.refusals import Refusal
from backend.words import say
from knowledge.proposals import must_keep
from knowledge.search import reader_like
from tools.look import Around, Found, Look


class AsSomebody(Form):
    """A question, and in words as whom it is asked."""

    whom: str = blank("As whom")
    question: str = blank("Question", default="")


def find(around: Around, asked: AsSomebody) -> Found:
    """What the handbook would say to them, for HR and admins; a Refusal for others."""
    must_keep(around.person)
    language = around.person.language
    if not asked.question.strip():
        raise Refusal("What shall I ask as them? Write it after a colon: as a part-timer in Berlin: how much leave?")
    assert around.ask_as is not None
    day = today(around.session, around.person)
    reader = reader_like(around.session, asked.whom, day=day, language=language)
    finding = around.ask_as(asked.question, reader)
    who = "; ".join(sorted({*(reader.audiences or ()), *(reader.places or ())}))
    head = say(language, "This is what they would be told ({who}):", who=who)
    if finding.citations:
        finding = replace(finding, words=f"{head}\n{finding.words}".rstrip())
    return Found(f"{head}\n{finding.text}", finding=finding)


LOOK = Look(
    "look_as_somebody",
    ("handbook.as_somebody",),
    AsSomebody,
    find,
    "Tells what the handbook would say to somebody else, by place, working time, team or role.",
)

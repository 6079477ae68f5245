"""Looks something up in the handbook."""

from backend.forms import Form, blank
from tools.look import Around, Found, Look


class PolicyQuestion(Form):
    """A question to the handbook, as it was asked."""

    question: str = blank("Question")


def find(around: Around, asked: PolicyQuestion) -> Found:
    """The passages that answer the question, or the word that the handbook does not say."""
    finding = around.ask_handbook(asked.question, around.person)
    return Found(finding.text, finding=finding)


LOOK = Look(
    "look_policy", ("policy.ask",), PolicyQuestion, find, "Answers a question from the handbook, with citations."
)

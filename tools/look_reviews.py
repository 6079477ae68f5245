"""Looks up which documents of the handbook are to be reviewed, or have expired."""

from datetime import timedelta

from backend.forms import Form
from backend.people import today
from backend.words import say
from knowledge import proposals, reviews
from tools.look import Around, Found, Look

SOON = timedelta(days=30)
MOST = 10
"""How far ahead a review is told of, and how many documents are shown."""


class WhichReviews(Form):
    """All that are due, or will be within a month."""


def find(around: Around, asked: WhichReviews) -> Found:
    """The documents that this person keeps, the most overdue first; for HR and admins all.

    With the card of the first whose review is overdue. A Refusal for who keeps none.
    """
    session, person, language = around.session, around.person, around.person.language
    proposals.must_keep_something(session, person)
    day = today(session, person)
    found = [each for each in reviews.due(session, by=day + SOON) if proposals.may_keep(person, each.document)]
    if not found:
        return Found(say(language, "No document is to be reviewed within a month."))
    lines = [f"• {_line(each, language)}" for each in found[:MOST]]
    if len(found) > MOST:
        lines.append(say(language, "and {count} more", count=len(found) - MOST))
    rows = tuple({"doc": each.document.path, "title": each.document.title, "day": each.day} for each in found)
    late = [each for each in found if each.day <= day and not each.expired]
    card = f"document:{late[0].document.id}" if late else None
    return Found("\n".join([say(language, "To be reviewed:"), *lines]), rows=rows, card=card)


def _line(each: reviews.Due, language: str) -> str:
    """A document, until when, and who looks after it."""
    words = {"title": each.document.title, "day": each.day}
    if each.expired:
        text = say(language, "{title}, expired on {day}", **words)
    else:
        text = say(language, "{title}, by {day}", **words)
    return f"{text} ({each.document.owner.name})" if each.document.owner else text


LOOK = Look(
    "look_reviews",
    ("handbook.reviews",),
    WhichReviews,
    find,
    "Lists the documents of the handbook that are to be reviewed, or have expired.",
)

"""Looks up how answers from the handbook were rated, document by document."""

from datetime import timedelta

from backend.forms import Form
from backend.people import today
from backend.words import say
from knowledge import ratings
from knowledge.proposals import must_keep
from tools.look import Around, Found, Look

LATELY = timedelta(days=90)
MOST = 10
"""Since when thumbs count, and how many documents are shown."""


class WhichRatings(Form):
    """All of the last three months."""


def find(around: Around, asked: WhichRatings) -> Found:
    """The thumbs up and down of each document, the most thumbs down first, for HR and admins; a Refusal for others."""
    language = around.person.language
    must_keep(around.person)
    found = ratings.figures(around.session, since=today(around.session, around.person) - LATELY)
    if not found:
        return Found(say(language, "Nobody has rated an answer lately."))
    lines = [f"• {title}: 👍 {up} 👎 {down}" for _, title, up, down in found[:MOST]]
    rows = tuple({"doc": doc, "title": title, "up": up, "down": down} for doc, title, up, down in found)
    return Found("\n".join([say(language, "Answers rated in the last three months:"), *lines]), rows=rows)


LOOK = Look(
    "look_ratings", ("handbook.ratings",), WhichRatings, find, "Tells how answers from the handbook were rated."
)

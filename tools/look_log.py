"""Tells an admin how the log is read, and how it is proved to stand as it was written."""

from backend import people
from backend.forms import Form
from backend.refusals import Refusal
from backend.words import say
from tools.look import Around, Found, Look


class WhichLog(Form):
    """There is one."""


def find(around: Around, asked: WhichLog) -> Found:
    """The commands that read and check the log, for admins; a Refusal for others."""
    if not people.has_role(around.person, "admin"):
        raise Refusal("The log is for admins.")
    return Found(
        say(
            around.person.language,
            "The log is read where Backdesk runs: `{read}` shows what was done and by whom, `{check}` proves that it "
            "stands as it was written.",
            read="backdesk audit list",
            check="backdesk audit verify",
        )
    )


LOOK = Look("look_log", ("log.read",), WhichLog, find, "Tells how the log of what was done is read and checked.")

"""Whether others on this machine can read what is in the home."""

from backend import private
from backend.words import say
from bot.doctor import Check, State
from bot.settings import Settings


def check(settings: Settings) -> Check:
    """Missing where they can, with what to type; the home is there."""
    home = settings.home.absolute()
    found = private.open_to_others(home)
    if not found:
        return Check("home is private", State.OK, "only the user who runs Backdesk can read it")
    text = say("en", "others on this machine can read {count} files and folders in it", count=len(found))
    return Check("home is private", State.MISSING, text, f"chmod -R go-rwx {home}")

"""The post of next year's public holidays, for HR to confirm; its card lists them place by place."""

from backend.schedules import What
from backend.words import say
from tools.bulletin import Bulletin, Occasion
from tools.look import Found


def find(occasion: Occasion) -> Found | None:
    """The holidays of next year; their card says what was said to them so far."""
    year = occasion.today.year + 1
    text = say(occasion.language, "The public holidays of {year}, place by place.", year=year)
    return Found(text, card=f"holidays:{year}")


POST = Bulletin(What.HOLIDAYS, "Next year's public holidays", find, roles=("hr", "admin"))

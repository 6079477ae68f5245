"""The post of what waits: to each person what they have to decide or to do."""

from dataclasses import replace

from backend import steps
from backend.schedules import What
from tools import look_approvals
from tools.bulletin import Bulletin, Occasion
from tools.look import Around, Found


def find(occasion: Occasion) -> Found | None:
    """What waits for the reader; nothing where nothing does."""
    session, reader = occasion.session, occasion.reader
    if reader is None or not steps.waiting_for(session, reader):
        return None
    found = look_approvals.find(Around(session, reader, _nobody, occasion.ceiling), look_approvals.Nothing())
    return replace(found, card=f"waiting:{reader.id}") if len(found.requests) > 1 else found


def _nobody(question: str, person: object) -> None:
    """The handbook is not asked."""


POST = Bulletin(What.WAITING, "What waits for you", find)

"""What a scheduled post is made of: computed at one moment for one reader, or for a channel that a team reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend import people
from backend.forms import Data
from backend.people import Person
from backend.refusals import Refusal
from backend.schedules import What
from backend.store import now
from backend.words import Title
from tools.look import Found


@dataclass(frozen=True)
class Occasion:
    """One time that a post is made.

    reader    who reads it; nobody in particular in a team's channel
    since     the moment from which a report tells
    team      only about people of this team; empty: about everybody
    amounts   money may be told
    ceiling   the most sensitive data that may be told there
    """

    session: Session
    reader: Person | None
    since: datetime
    team: str = ""
    amounts: bool = True
    ceiling: Data = Data.BANK

    @property
    def language(self) -> str:
        return self.reader.language if self.reader else people.company(self.session).language

    @property
    def zone(self) -> ZoneInfo:
        """Where the reader's clock hangs, or the company's."""
        name = self.reader.place.timezone if self.reader else people.company(self.session).timezone
        return ZoneInfo(name)

    @property
    def today(self) -> date:
        return now(self.session).astimezone(self.zone).date()


@dataclass(frozen=True)
class Bulletin:
    """One post that can be scheduled, or asked for as a preview.

    title  "Who is out": what it is called
    find   computes it; None where there is nothing to tell, and then nothing is posted
    roles  who may have it as a preview; empty: everybody
    """

    what: What
    title: str
    find: Callable[[Occasion], Found | None]
    roles: tuple[str, ...] = ()

    def must_be_for(self, reader: Person) -> None:
        """A Refusal unless this person may read it."""
        if self.roles and not any(people.has_role(reader, each) for each in self.roles):
            raise Refusal("“{what}” is only for {roles}.", what=Title(self.title), roles=Title(ROLES[self.roles]))


ROLES: dict[tuple[str, ...], str] = {
    ("hr",): "HR",
    ("hr", "admin"): "HR and admins",
    ("finance", "admin"): "finance and admins",
    ("hr", "finance", "admin"): "HR, finance and admins",
}
"""How those who may read something are called."""

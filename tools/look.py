"""What a look is: something that can be looked up for a person, in a session that cannot write."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from backend.forms import Data, Form
from backend.people import Person
from backend.sheets import Chart, Sheet


@dataclass(frozen=True)
class Found:
    """What a look found.

    text      what the person is told
    finding   for the handbook: the answer with its citations (knowledge.citing.Finding)
    requests  numbers of the requests whose cards are shown with it
    rows      the same facts for a program or a model
    card      what its card is about, where that is no request
    sheets, charts  tables and pictures that come with it
    """

    text: str
    finding: Any = None
    requests: tuple[int, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    card: str | None = None
    sheets: tuple[Sheet, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Around:
    """What a look may use: a session that the database refuses to write in, who asks, and the handbook's index.

    ceiling  the most sensitive data that the channel it was asked on may show
    ask_as   the handbook as a certain reader would ask it (knowledge.search.Reader)
    """

    session: Session
    person: Person
    ask_handbook: Callable[[str, Person], Any]
    ceiling: Data = Data.BANK
    ask_as: Callable[[str, Any], Any] | None = None


@dataclass(frozen=True)
class Look:
    """One thing that can be looked up.

    name      the tool's name: look_balance
    intents   the intents that it answers
    form      what may be said with it
    find      does it
    examples  how people ask
    """

    name: str
    intents: tuple[str, ...]
    form: type[Form]
    find: Callable[[Around, Any], Found]
    about: str
    examples: tuple[str, ...] = field(default=())

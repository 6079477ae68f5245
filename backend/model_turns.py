"""What hosted language models took: one row for each turn that one was asked in, and what a month has cost.

No text and no person: a row names the heard event while that is kept, the model, the prompt and figures.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.store import Amount, Base, Moment, now


class ModelTurn(Base):
    """One turn.

    event    the heard event that it answered
    prompt   which instructions, with their version
    mode     "native" or "structured"
    asked    how often the model was asked
    cached   how many of tokens_in the server had kept
    cost     in the currency of the prices; None where no price is set
    outcome  "answered", or why the local brain answered instead
    """

    __tablename__ = "model_turns"
    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    model: Mapped[str]
    prompt: Mapped[str]
    mode: Mapped[str]
    asked: Mapped[int]
    tokens_in: Mapped[int]
    cached: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[Decimal | None] = mapped_column(Amount)
    milliseconds: Mapped[int]
    outcome: Mapped[str]


@dataclass(frozen=True)
class Month:
    """What a calendar month has taken so far."""

    turns: int
    by_local: int
    tokens_in: int
    tokens_out: int
    cost: Decimal


ANSWERED = "answered"
MILLION = Decimal(1_000_000)


def note(session: Session, **figures: object) -> ModelTurn:
    """Writes down what a turn took."""
    row = ModelTurn(at=now(session), **figures)
    session.add(row)
    session.flush()
    return row


def cost_of(tokens_in: int, tokens_out: int, *, prices: tuple[Decimal, Decimal]) -> Decimal:
    """What so many tokens cost, by the prices of a million in and a million out."""
    return (tokens_in * prices[0] + tokens_out * prices[1]) / MILLION


def month(session: Session) -> Month:
    """The month so far, in UTC."""
    begun = now(session).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    figures = select(
        func.count(),
        func.coalesce(func.sum(ModelTurn.tokens_in), 0),
        func.coalesce(func.sum(ModelTurn.tokens_out), 0),
    ).where(ModelTurn.at >= begun)
    turns, tokens_in, tokens_out = session.execute(figures).one()
    local = select(func.count()).where(ModelTurn.at >= begun, ModelTurn.outcome != ANSWERED)
    costs = session.scalars(select(ModelTurn.cost).where(ModelTurn.at >= begun, ModelTurn.cost.is_not(None)))
    spent = sum((each for each in costs if each is not None), Decimal(0))
    return Month(turns, session.scalar(local) or 0, tokens_in, tokens_out, spent)

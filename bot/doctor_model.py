"""The part of `backdesk doctor` that looks after the hosted language model: whether it is reached, what it took."""

from typing import TYPE_CHECKING

from bot.doctor import Check, State

if TYPE_CHECKING:
    from backend.store import Store
    from bot.settings import Settings

NAME = "language model"


def check(store: "Store | None", settings: "Settings") -> Check:
    """Asks an OpenAI-compatible server for its models; another provider's is named and not tried."""
    from bot.brain import models

    if not settings.model:
        return Check(NAME, State.MISSING, "none is configured; all works without")
    took = f"; {_took(store, settings)}" if store is not None else ""
    if models.provider_of(settings) != models.OPENAI:
        return Check(NAME, State.OK, f"{settings.model}; its server was not tried{took}")
    if not (settings.openai_api_key.get_secret_value() or settings.openai_base_url):
        todo = "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
        return Check(NAME, State.BROKEN, f"{settings.model} has no key", todo)
    trouble = models.trouble_with(settings)
    if trouble:
        todo = "Correct BACKDESK_MODEL, OPENAI_API_KEY or OPENAI_BASE_URL; until then the local brain answers."
        return Check(NAME, State.BROKEN, f"{settings.model}: {trouble}", todo)
    if settings.model_budget and not settings.model_prices:
        todo = "Set BACKDESK_MODEL_PRICES."
        return Check(NAME, State.BROKEN, f"{settings.model}: a budget without prices limits nothing", todo)
    return Check(NAME, State.OK, f"{settings.model}, the server answers{took}")


def _took(store: "Store", settings: "Settings") -> str:
    from backend import model_turns

    with store.looking() as session:
        month = model_turns.month(session)
    budget = f" of {settings.model_budget:f}" if settings.model_budget else ""
    cost = f", cost {month.cost:.2f}{budget}" if settings.model_prices else ""
    return f"{month.turns} turns this month, {month.by_local} of them answered by the local brain{cost}"

"""Opens the language model that the settings name: OpenAI, anything compatible, or any provider langchain knows."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.settings import Settings

OPENAI = "openai"


def provider_of(settings: "Settings") -> str | None:
    """Whose model it is: "openai" for a server of one's own too; None where its name says it ("anthropic:...")."""
    if settings.openai_base_url or ":" not in settings.model:
        return OPENAI
    return None


def open_model(settings: "Settings", *, seconds: float) -> "BaseChatModel":
    """The model; nothing is sent yet. An ImportError where its provider's package is not installed.

    seconds  how long a silence of the server is waited for
    """
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        os.environ[name] = "false"  # nothing leaves the house by a side door
    from langchain.chat_models import init_chat_model

    words: dict[str, Any] = {"max_retries": 0, "timeout": seconds}
    if provider_of(settings) == OPENAI:
        words |= {
            "model_provider": OPENAI,
            "api_key": settings.openai_api_key.get_secret_value() or "none",
            "stream_usage": True,
        }
        if settings.openai_base_url:
            words["base_url"] = settings.openai_base_url
    opened: Any = init_chat_model
    return opened(settings.model.removeprefix("openai:"), **words)


def trouble_with(settings: "Settings", *, seconds: float = 5.0) -> str:
    """Asks an OpenAI-compatible server for its models: what is wrong with ours, in a line; "" if nothing is."""
    import openai

    client = openai.OpenAI(
        api_key=settings.openai_api_key.get_secret_value() or "none",
        base_url=settings.openai_base_url or None,
        timeout=seconds,
        max_retries=0,
    )
    try:
        with client:
            names = [each.id for each in client.models.list()]
    except openai.OpenAIError as error:
        return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
    return "" if settings.model.removeprefix("openai:") in names or not names else "it does not list that model"

"""A language model that says what is written down for it: for tests and demonstrations, without any server."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Call = tuple[str, dict[str, Any]]
Saying = str | Sequence[Call]
"""Words, or calls of tools."""


def scripted_model(
    sayings: Iterable[Saying] | Callable[[list[Any]], Saying], *, tokens: tuple[int, int] = (100, 10)
) -> "BaseChatModel":
    """A BaseChatModel that gives the listed sayings one after another, then nothing more, or asks a function.

    tokens  what each answer is said to have taken: in, out
    """
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    listed = None if callable(sayings) else iter(sayings)

    class ScriptedModel(BaseChatModel):
        """Gives sayings; takes any tools."""

        def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
            saying = sayings(messages) if callable(sayings) else next(listed or iter(()), "")
            calls: Sequence[Call] = () if isinstance(saying, str) else saying
            message = AIMessage(
                content=saying if isinstance(saying, str) else "",
                tool_calls=[
                    {"name": name, "args": args, "id": f"call_{nth}", "type": "tool_call"}
                    for nth, (name, args) in enumerate(calls)
                ],
                usage_metadata={"input_tokens": tokens[0], "output_tokens": tokens[1], "total_tokens": sum(tokens)},
                response_metadata={"finish_reason": "tool_calls" if calls else "stop"},
            )
            return ChatResult(generations=[ChatGeneration(message=message)])

        def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
            return self

        @property
        def _llm_type(self) -> str:
            return "scripted"

    return ScriptedModel()

"""The brain that asks a hosted language model: a loop over tool calls with limits, and a word where it came to nothing.

It never raises: where the server is down, slow, out of quota or talks nonsense, the local brain answers the same turn.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from bot.brain.breaker import Breaker
from bot.brain.calling import Asked, Limits, Spent, Thought, Told, Tool, Tools
from bot.brain.deadline import Deadline, TooSlow, within
from bot.brain.prompts import prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

log = structlog.get_logger()

AUTO, NATIVE, STRUCTURED = "auto", "native", "structured"
ENDED = ("finish_reason", "stop_reason", "done_reason")
"""How servers say that an answer is whole."""
CUT = ("length", "max_tokens", "content_filter")
NO_QUOTA, NO_ENTRY = 600.0, 600.0
BUSY = 30.0
"""Seconds for which a server is left alone that has no quota left, knows us not, or is too busy and does not say."""

_ABOUT_TOOLS = re.compile(r"\btools?\b|\bfunctions?\b|tool_choice", re.IGNORECASE)
_FENCE = re.compile(r"^```(?:json)?\s*|\s*```$")
Heard = Callable[[str], None]


class NoAnswer(Exception):
    """The model gave nothing that can be used. `seconds`: it is to be left alone for so long."""

    def __init__(self, why: str, *, seconds: float | None = None, faulty: bool = True) -> None:
        super().__init__(why)
        self.why, self.seconds, self.faulty = why, seconds, faulty


@dataclass(frozen=True)
class Call:
    """A call as the model wrote it; `args` is None where they cannot be read."""

    id: str
    name: str
    args: Mapping[str, Any] | None


@dataclass(frozen=True)
class Said:
    """One answer of the model: words, or calls. `message` is what the next question repeats of it."""

    text: str
    calls: tuple[Call, ...] = ()
    message: Any = None


@dataclass
class Talk:
    """One turn with a model: what it may call, how long it may take, and what was said in it so far."""

    asked: Asked
    tools: Tools
    deadline: Deadline
    heard: Heard
    offered: Sequence[Tool]
    mode: str
    messages: list[Any] = field(default_factory=list[Any])
    called: set[str] = field(default_factory=set[str])
    spent: Spent = field(default_factory=Spent)


class HostedBrain:
    """Answers one turn with a model. Threads share it.

    open   makes the model: a langchain BaseChatModel, of any provider; its library is loaded at the first turn
    name   what it is called in the log and in the figures
    mode   "auto": native tool calls, and structured answers where a server has none; or one of the two
    """

    def __init__(
        self,
        open: Callable[[], "BaseChatModel"],
        *,
        name: str,
        mode: str = AUTO,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._open = open
        self._model: BaseChatModel | None = None
        self.name = name
        self._mode = mode
        self._has_tools = mode == NATIVE
        self._structured = mode == STRUCTURED
        self.limits = limits or Limits()
        self.breaker = breaker or Breaker()

    @property
    def prompt(self) -> str:
        """The name of its instructions, with their version."""
        return prompt("turn").version

    def load(self) -> "BaseChatModel":
        """The model; brings its library into memory."""
        if self._model is None:
            self._model = self._open()
        return self._model

    def doubt(self) -> None:
        """The local brain had to answer after words alone: a server that never called a tool may know none."""
        if self._mode == AUTO and not self._has_tools:
            self._structured = True

    def think(self, asked: Asked, tools: Tools, *, heard: Heard = lambda _: None) -> Thought:
        """One turn, within the time limit.

        heard  is given the words of an answer as they arrive: all so far, each time
        """
        name = self.prompt
        if not self.breaker.let_through():
            return Thought(why="left alone for a while", prompt=name)
        deadline = Deadline(self.limits.seconds)
        talk = Talk(asked, tools, deadline, heard, tools.offered(), STRUCTURED if self._structured else NATIVE)
        try:
            words = self._talk(talk)
        except NoAnswer as error:
            if error.faulty:
                self.breaker.failed(seconds=error.seconds)
            else:
                self.breaker.went_well()
            if talk.mode == STRUCTURED and self._mode == AUTO:
                self._structured = False
            log.warning("the model gave no answer", model=self.name, why=error.why)
            return Thought(why=error.why, mode=talk.mode, prompt=name, spent=talk.spent)
        except BaseException:
            self.breaker.went_well()  # the fault is ours, and whoever waits for this trial must not wait for ever
            raise
        self.breaker.went_well()
        return Thought(words=words, mode=talk.mode, prompt=name, spent=talk.spent)

    def _talk(self, talk: Talk) -> str:
        """The loop: asks, calls what it wants called, tells it what came of that; returns its closing words."""
        try:
            within(talk.deadline.left, lambda: self._begin(talk))
        except TooSlow as error:
            raise NoAnswer("slow") from error
        except Exception as error:
            raise NoAnswer(f"no model: {type(error).__name__}") from error
        for _ in range(self.limits.steps):
            said = self._ask(talk)
            if not said.calls:
                if self._ignores_tools(talk, said.text):
                    talk.mode = STRUCTURED
                    self._begin(talk)
                    continue
                if talk.mode == STRUCTURED and self._mode == AUTO:
                    self._structured = True
                return said.text
            told = [self._call(talk, call) for call in said.calls[: self.limits.calls]]
            told += [Told("Too many calls at once: call it again.", ok=False) for _ in said.calls[self.limits.calls :]]
            self._has_tools = self._has_tools or talk.mode == NATIVE
            keys = {f"{call.name} {json.dumps(call.args, sort_keys=True, default=str)}" for call in said.calls}
            if keys <= talk.called or (talk.mode == NATIVE and _all_drafted(said.calls, told)):
                return ""  # it goes round in circles; or the cards say it all
            talk.called |= keys
            talk.messages += _results(talk, said, told)
        return ""

    def _ignores_tools(self, talk: Talk, words: str) -> bool:
        """True where a server that was never seen to call a tool answers in words that nobody can be sent."""
        untold = self._mode == AUTO and talk.mode == NATIVE and not self._has_tools
        return untold and not talk.called and not talk.tools.sendable(words)

    def _begin(self, talk: Talk) -> None:
        from langchain_core import messages
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
        from langchain_core.messages.utils import count_tokens_approximately

        self.load()
        past: list[Any] = [
            (AIMessage if line.by_us else HumanMessage)(line.text[: self.limits.characters]) for line in talk.asked.past
        ]
        if past:
            langchain: Any = messages
            most = self.limits.past_tokens
            past = langchain.trim_messages(
                past, max_tokens=most, token_counter=count_tokens_approximately, start_on="human"
            )
        rules = prompt("turn").text
        if talk.mode == STRUCTURED:
            tools = "\n".join(
                json.dumps({"tool": each.name, "about": each.about, "args": each.schema}, ensure_ascii=False)
                for each in talk.offered
            )
            rules = f"{rules}\n\n{prompt('structured').text}\n{tools}"
        talk.messages = [
            SystemMessage(f"{rules}\n\n{talk.asked.facts}".strip()),
            *past,
            HumanMessage(talk.asked.text[: self.limits.characters]),
        ]

    def _ask(self, talk: Talk) -> Said:
        """One answer of the model; a NoAnswer where there is none."""
        if talk.deadline.left <= 0:
            raise NoAnswer("slow")
        talk.spent.asked += 1
        try:
            return self._structured_answer(talk) if talk.mode == STRUCTURED else self._native_answer(talk)
        except NoAnswer:
            raise
        except TooSlow as error:
            raise NoAnswer("slow") from error
        except Exception as error:
            if "stream_options" in str(error) and getattr(self._model, "stream_usage", False):
                self._model = self.load().model_copy(update={"stream_usage": False})
                return self._ask(talk)
            if self._mode == AUTO and talk.mode == NATIVE and _refuses_tools(error):
                self._structured, talk.mode = True, STRUCTURED
                self._begin(talk)
                return self._ask(talk)
            raise _trouble(error) from error

    def _native_answer(self, talk: Talk) -> Said:
        bound = self.load().bind_tools([_as_function(each) for each in talk.offered])
        whole: Any = None
        for piece in talk.deadline.pieces(lambda: bound.stream(talk.messages)):
            whole = piece if whole is None else whole + piece
            if whole.text and not whole.tool_calls and not getattr(whole, "tool_call_chunks", ()):
                talk.heard(str(whole.text))
        _must_be_whole(whole)
        _count(talk, whole)
        return Said(str(whole.text).strip(), _calls_in(whole), whole)

    def _structured_answer(self, talk: Talk) -> Said:
        bound = self.load().bind(response_format=_as_format(talk.offered))
        whole: Any = next(talk.deadline.pieces(lambda: [bound.invoke(talk.messages)]))
        _must_be_whole(whole)
        _count(talk, whole)
        text = str(whole.text).strip()
        try:
            found: Any = json.loads(_FENCE.sub("", text))
        except ValueError:
            raise NoAnswer("not the JSON that was asked for") from None
        match found:
            case {"tool": str(name), **rest} if name != "answer":
                args: Any = rest.get("args", {})
                return Said("", (Call("call", name, args if isinstance(args, dict) else None),), whole)  # pyright: ignore[reportUnknownArgumentType]
            case {"answer": str(words), **_rest}:
                return Said(words.strip(), (), whole)
            case _:
                raise NoAnswer("not the JSON that was asked for")

    def _call(self, talk: Talk, call: Call) -> Told:
        """What comes of a call: whatever is wrong with it is told, and never raised."""
        if call.args is None:
            return Told("The arguments are not a JSON object that can be read: write them again.", ok=False)
        if call.name not in {each.name for each in talk.offered}:
            names = ", ".join(each.name for each in talk.offered)
            return Told(f"There is no tool {call.name[:60]}. There are: {names}.", ok=False)
        args = call.args
        try:
            told = within(min(self.limits.tool_seconds, talk.deadline.left), lambda: talk.tools.call(call.name, args))
        except TooSlow:
            return Told("That took too long: leave it out.", ok=False)
        return Told(told.text[: self.limits.characters], ok=told.ok)


def _all_drafted(calls: Sequence[Call], told: Sequence[Told]) -> bool:
    return all(each.ok for each in told) and all(call.name.startswith("draft_") for call in calls)


def _results(talk: Talk, said: Said, told: Sequence[Told]) -> list[Any]:
    """What the model is told next. What tools say is data, and stands there as such."""
    from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

    def shown(each: Told) -> str:
        return json.dumps({"result" if each.ok else "error": each.text}, ensure_ascii=False)

    if talk.mode == STRUCTURED:
        return [AIMessage(str(said.message.text)), *(HumanMessage(f"Tool result: {shown(each)}") for each in told)]
    again = AIMessage(
        content=said.text,
        tool_calls=[
            {"name": call.name, "args": dict(call.args or {}), "id": call.id, "type": "tool_call"}
            for call in said.calls
        ],
    )
    return [
        again,
        *(ToolMessage(shown(each), tool_call_id=call.id) for call, each in zip(said.calls, told, strict=True)),
    ]


def _as_function(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.about, "parameters": dict(tool.schema)},
    }


def _as_format(offered: Sequence[Tool]) -> dict[str, Any]:
    """The one schema that a structured answer follows: a call of one of the tools, or words."""
    calls = [
        {
            "type": "object",
            "properties": {"tool": {"const": each.name}, "args": dict(each.schema)},
            "required": ["tool", "args"],
            "additionalProperties": False,
        }
        for each in offered
    ]
    words = {
        "type": "object",
        "properties": {"answer": {"type": "string"}},
        "required": ["answer"],
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "turn", "schema": {"anyOf": [*calls, words]}}}


def _calls_in(whole: Any) -> tuple[Call, ...]:
    """The calls of a native answer, their arguments read strictly: what was cut off is not completed by guessing."""
    pieces: Any = getattr(whole, "tool_call_chunks", None)
    if pieces:
        written = [(each["id"], each["name"], each["args"]) for each in pieces]
        return tuple(
            Call(id or f"call_{nth}", str(name or ""), _object(args)) for nth, (id, name, args) in enumerate(written)
        )
    good = [(each["id"], each["name"], each["args"]) for each in whole.tool_calls]
    bad = [(each["id"], each["name"], None) for each in whole.invalid_tool_calls]
    return tuple(Call(id or f"call_{nth}", str(name or ""), args) for nth, (id, name, args) in enumerate([*good, *bad]))


def _object(text: str | None) -> Mapping[str, Any] | None:
    try:
        found: Any = json.loads(text or "{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None  # pyright: ignore[reportUnknownVariableType]


def _must_be_whole(whole: Any) -> None:
    """A NoAnswer unless the server said that its answer is complete."""
    if whole is None:
        raise NoAnswer("nothing came")
    ended = next((str(whole.response_metadata[key]) for key in ENDED if whole.response_metadata.get(key)), None)
    if ended is None:
        raise NoAnswer("cut off")
    if ended.lower() in CUT:
        raise NoAnswer(f"cut off: {ended}", faulty=False)


def _count(talk: Talk, whole: Any) -> None:
    """Adds what an answer took, as the server tells it; where it does not, reckoned from the length."""
    from langchain_core.messages.utils import count_tokens_approximately

    spent = talk.spent
    usage: Any = whole.usage_metadata
    if usage:
        spent.tokens_in += usage["input_tokens"]
        spent.tokens_out += usage["output_tokens"]
        spent.cached += (usage.get("input_token_details") or {}).get("cache_read", 0) or 0
    else:
        tools: list[Any] | None = [_as_function(each) for each in talk.offered] if talk.mode == NATIVE else None
        spent.tokens_in += count_tokens_approximately(talk.messages, tools=tools)
        spent.tokens_out += count_tokens_approximately([whole])


def _refuses_tools(error: Exception) -> bool:
    return isinstance(getattr(error, "status_code", None), int) and bool(_ABOUT_TOOLS.search(str(error)))


def _trouble(error: Exception) -> NoAnswer:
    """What an error of a provider's library means: for how long its server is left alone, and if it is at fault."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return NoAnswer(type(error).__name__)
    if status == 429:
        if "insufficient_quota" in str(error):
            return NoAnswer("out of quota", seconds=NO_QUOTA)
        return NoAnswer("too many requests", seconds=_retry_after(error))
    if status in (401, 403):
        return NoAnswer(f"no entry ({status})", seconds=NO_ENTRY)
    return NoAnswer(f"status {status}", faulty=status >= 500 or status == 404)


def _retry_after(error: Exception) -> float:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return float(headers.get("retry-after", BUSY))
    except ValueError:
        return BUSY

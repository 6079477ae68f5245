"""An OpenAI-compatible server for tests that speaks as raw HTTP as it must, so that it can also misbehave.

What it answers is a list of plays, one for each question; a play writes to the connection as it likes.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Call = tuple[str, Any]
Play = Callable[["Line", Mapping[str, Any]], None]
USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 40,
    "total_tokens": 1240,
    "prompt_tokens_details": {"cached_tokens": 1000},
}


class Line:
    """One connection, on which an answer is written."""

    def __init__(self, connection: socket.socket, stop: threading.Event) -> None:
        self._connection = connection
        self.stop = stop

    def send(self, text: str | bytes) -> None:
        """Writes bytes as they are."""
        self._connection.sendall(text if isinstance(text, bytes) else text.encode())

    def head(self, status: int, kind: str = "application/json", **headers: str) -> None:
        """The head of an answer that ends with the connection."""
        rest = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.send(f"HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\nconnection: close\r\n{rest}\r\n")

    def event(self, delta: Mapping[str, Any] | None, *, ended: str | None = None, **more: Any) -> None:
        """One server-sent event of a stream."""
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": ended}]
        self.send(f"data: {json.dumps({**CHUNK, 'choices': choices, **more})}\n\n")


CHUNK = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}


class Server:
    """Listens on loopback for as long as a block lasts. `heard` are the questions it was asked, as they came."""

    def __init__(self, plays: Iterable[Play] = ()) -> None:
        self.plays = list(plays)
        self.heard: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.stop = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._last: Play = status(500, "no more plays")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def __enter__(self) -> "Server":
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        socket.create_connection(self._socket.getsockname()).close()  # wakes up whoever waits for the next one
        for each in self._threads:
            each.join(10)
        self._socket.close()

    def always(self, play: Play) -> None:
        """What is answered when the list is at its end."""
        self._last = play

    def asked(self) -> list[dict[str, Any]]:
        """The questions about a turn; what the model's list was asked for is left out."""
        return [each for each in self.heard if "messages" in each]

    def _begin(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stop.is_set():
            connection, _ = self._socket.accept()
            self._begin(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            line = Line(connection, self.stop)
            try:
                request = _request(connection)
                if request is None:
                    return
                path, body = request
                self.raw.append(body)
                asked = json.loads(body) if body else {"path": path}
                self.heard.append(asked)
                if path.endswith("/models"):
                    line.head(200)
                    line.send(json.dumps({"object": "list", "data": [{"id": "tiny", "object": "model"}]}))
                    return
                (self.plays.pop(0) if self.plays else self._last)(line, asked)
            except OSError:
                return  # whoever asked has gone


def _request(connection: socket.socket) -> tuple[str, bytes] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    lengths = [int(each.partition(":")[2]) for each in lines if each.lower().startswith("content-length")]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return lines[0].split()[1], body


# plays


def says(text: str, *, pieces: int = 3) -> Play:
    """Words, streamed in so many pieces where a stream was asked for."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        if not asked.get("stream"):
            line.head(200)
            line.send(json.dumps(_whole({"role": "assistant", "content": text}, "stop")))
            return
        line.head(200, "text/event-stream")
        line.event({"role": "assistant", "content": ""})
        size = max(1, -(-len(text) // pieces))
        for at in range(0, len(text), size):
            line.event({"content": text[at : at + size]})
        _end(line, asked, "stop")

    return play


def pauses(*texts: str, meanwhile: Callable[[], None]) -> Play:
    """Words, streamed text by text; between two of them something else is done."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        line.head(200, "text/event-stream")
        line.event({"role": "assistant", "content": ""})
        for nth, text in enumerate(texts):
            if nth:
                meanwhile()
            line.event({"content": text})
        _end(line, asked, "stop")

    return play


def structured(text: str | Mapping[str, Any]) -> Play:
    """An answer as the schema wants it (or, as a text, not)."""
    return says(text if isinstance(text, str) else json.dumps(text), pieces=1)


def calls(*wanted: Call, pieces: int = 1) -> Play:
    """Calls of tools, at the same time, their arguments in so many pieces; arguments that are a text go as they are."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        line.head(200, "text/event-stream")
        line.event({"role": "assistant", "content": None})
        for nth, (name, args) in enumerate(wanted):
            text = args if isinstance(args, str) else json.dumps(args)
            line.event({"tool_calls": [{"index": nth, "id": f"call_{nth}", "type": "function",
                                        "function": {"name": name, "arguments": ""}}]})  # fmt: skip
            size = max(1, -(-len(text) // pieces))
            for at in range(0, len(text), size):
                line.event({"tool_calls": [{"index": nth, "function": {"arguments": text[at : at + size]}}]})
        _end(line, asked, "tool_calls")

    return play


def status(code: int, message: str, *, error: str = "server_error", **headers: str) -> Play:
    """A refusal, as OpenAI writes it."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        line.head(code, **headers)
        line.send(json.dumps({"error": {"message": message, "type": error, "code": error}}))

    return play


def hangs(line: Line, asked: Mapping[str, Any]) -> None:
    """Says nothing at all until the test is over."""
    line.stop.wait(30)


def drips(line: Line, asked: Mapping[str, Any]) -> None:
    """Says a little all the time, and never comes to an end."""
    line.head(200, "text/event-stream")
    while not line.stop.wait(0.02):
        line.event({"content": "and "})


def cut(text: str = "You have ") -> Play:
    """Begins to speak, and hangs up."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        line.head(200, "text/event-stream")
        line.event({"role": "assistant", "content": text})

    return play


def cut_call(name: str, begun: str) -> Play:
    """Begins to write a call, and hangs up."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        line.head(200, "text/event-stream")
        line.event({"tool_calls": [{"index": 0, "id": "c", "function": {"name": name, "arguments": begun}}]})

    return play


def writes(raw: str, *, kind: str = "application/json") -> Play:
    """Anything at all."""

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        line.head(200, kind)
        line.send(raw)

    return play


def in_turn(plays: Sequence[Play]) -> Play:
    """These plays over and over."""
    count = iter(range(1_000_000))

    def play(line: Line, asked: Mapping[str, Any]) -> None:
        plays[next(count) % len(plays)](line, asked)

    return play


def _end(line: Line, asked: Mapping[str, Any], ended: str) -> None:
    line.event({}, ended=ended)
    if (asked.get("stream_options") or {}).get("include_usage"):
        line.event(None, usage=USAGE)
    line.send("data: [DONE]\n\n")


def _whole(message: Mapping[str, Any], ended: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "message": message, "finish_reason": ended}],
        "usage": USAGE,
    }

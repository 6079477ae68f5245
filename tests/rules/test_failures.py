"""Two kinds of failure: a refusal, and a bug; only the loops that must go on catch every exception."""

import ast

from tests.rules.sources import PRODUCT, sources

LOOPS = (
    "backend/outbox.py",
    "backend/jobs.py",
    "backend/sending.py",
    "backend/timers.py",
    "bot/brain/deadline.py",
    "bot/brain/hosted.py",
    "bot/conversation.py",
    "bot/receiving.py",
    "bot/channels/",
    "bot/web/stream.py",
    "bot/cli",
    "bot/doctor",
)


def test_only_the_loops_catch_every_exception() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources(*PRODUCT)
        if not source.path.startswith(LOOPS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and ast.unparse(node.body[-1]) != "raise"  # tidying up and letting it pass on is no catching
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert found == []

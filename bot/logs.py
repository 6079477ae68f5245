"""Logs: structured, on stderr, never with what people wrote or with a secret."""

import logging
import sys
from collections.abc import Iterator
from traceback import format_tb

import structlog
from structlog.typing import EventDict

from bot.settings import Settings


def quiet(settings: Settings) -> None:
    """For commands whose output people read: warnings and worse alone."""
    start(settings, level="WARNING")


def _where(logger: object, method: str, entry: EventDict) -> EventDict:
    """What went wrong as its sort and the places in the code: its text may hold what somebody wrote."""
    found = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found  # pyright: ignore[reportUnknownVariableType]
    if isinstance(error, BaseException):
        entry["exception"] = "".join(_lines(error))
    return entry


def _lines(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before)
    yield from format_tb(error.__traceback__)
    said = f": {error}" if isinstance(error, OSError | ImportError) else ""
    yield f"{type(error).__qualname__}{said}\n"


def start(settings: Settings, *, level: str | None = None) -> None:
    """Sets logging up for this process."""
    number = logging.getLevelNamesMapping().get((level or settings.log_level).upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)

"""Logs: structured, on stderr, never with what people wrote or with a secret."""

import logging
import sys

import structlog

from bot.settings import Settings


def quiet(settings: Settings) -> None:
    """For commands whose output people read: warnings and worse alone."""
    start(settings, level="WARNING")


def start(settings: Settings, *, level: str | None = None) -> None:
    """Sets logging up for this process."""
    number = logging.getLevelNamesMapping().get((level or settings.log_level).upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)

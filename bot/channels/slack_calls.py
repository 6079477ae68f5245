"""Calls to Slack's Web API: one client with a time limit, and what each failure means for what was to be sent."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPException
from socket import gaierror
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from backend.outbox import CannotDeliver, TryLater
from bot.settings import Settings

SECONDS = 10
"""How long a call may take."""
PAUSE = 60.0
"""How long to wait before the next try where only an admin can mend it."""

REVOKED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "no_permission",
        "missing_scope",
    }
    | {
        "not_allowed_token_type",
        "org_login_required",
        "ekm_access_denied",
        "access_denied",
        "two_factor_setup_required",
    }
)
"""Errors of the whole installation: nothing is lost, and all of it waits until an admin has mended it."""

PASSING = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited"}
    | {"team_added_to_org", "accesslimited", "message_limit_exceeded"}
)
"""Errors that go away by themselves."""

ABSENT = frozenset({"unknown_method", "method_not_supported_for_channel_type", "method_deprecated", "not_implemented"})
NOT_THERE = frozenset({404, 405, 501})
"""What stands in for Slack may not have each of its methods: these say so."""


class Refused(CannotDeliver):
    """Slack said no: `code` is its own word for why ("channel_not_found")."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack says {code}")
        self.code = code


class NotThere(TryLater):
    """There is nothing at a method's address: a proxy's mistake, or a server that does not have it."""


class Revoked(TryLater):
    """Slack no longer lets us in: `code` is its own word for why ("token_revoked")."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack says {code}: an admin has to install the app again", seconds=PAUSE, everywhere=True)
        self.code = code


def client(settings: Settings) -> WebClient:
    """The one client for everything that is sent. It tries nothing again by itself: the outbox does, in order."""
    return WebClient(
        settings.slack_bot_token.get_secret_value(), base_url=address(settings), timeout=SECONDS, retry_handlers=[]
    )


def address(settings: Settings) -> str:
    """Where the Web API is."""
    return (settings.slack_api_url.rstrip("/") or "https://slack.com/api") + "/"


@contextmanager
def calling() -> Generator[None]:
    """Turns what goes wrong in a call into Refused, Revoked, or TryLater with the seconds that Slack asks for."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from error
    except (URLError, OSError, HTTPException, SlackClientError) as error:
        refused = isinstance(getattr(error, "reason", error), ConnectionRefusedError | gaierror)
        why = f"Slack could not be reached: {type(error).__name__}"
        raise TryLater(why, everywhere=refused, unsure=not refused) from error


def lacks(no: Exception) -> bool:
    """True where a call failed because its method does not exist there."""
    return isinstance(no, NotThere) or (isinstance(no, Refused) and no.code in ABSENT)


def _meaning(error: SlackApiError) -> Exception:
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or 0)
    code = str(_said(response).get("error") or "")
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return TryLater("Slack asks to wait", seconds=_seconds(getattr(response, "headers", None) or {}))
    if code in REVOKED:
        return Revoked(code)
    if status in NOT_THERE and code not in ABSENT:
        return NotThere(f"Slack has nothing there: {status}")
    if status >= 500 or code in PASSING or not re.fullmatch("[a-z_]+", code):  # else a page of some proxy
        return TryLater(f"Slack is out of order: {status} {code[:100]}", unsure=True)
    return Refused(code)


def _said(response: Any) -> dict[str, Any]:
    data = getattr(response, "data", response)
    return data if isinstance(data, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _seconds(headers: Any) -> float:
    said = next((value for name, value in dict(headers).items() if str(name).lower() == "retry-after"), "1")
    said = said[0] if isinstance(said, list) else said  # pyright: ignore[reportUnknownVariableType]
    return float(said) if str(said).replace(".", "", 1).isdigit() else 1.0  # pyright: ignore[reportUnknownArgumentType]

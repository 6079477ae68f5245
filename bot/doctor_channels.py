"""What `backdesk doctor` says of the platforms: whether each is configured, listens, and takes what is sent."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.doctor import Check, State

if TYPE_CHECKING:
    from backend.store import Store
    from bot.settings import Settings


def checks(store: "Store | None", settings: "Settings") -> Iterator[Check]:
    """One line for each platform; `store` is None where there is no database to ask."""
    slack = bool(settings.slack_bot_token.get_secret_value())
    hears = bool(settings.slack_app_token.get_secret_value() or settings.slack_signing_secret.get_secret_value())
    if slack != hears:
        todo = "Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."
        yield Check("channel Slack", State.BROKEN, "only half of its keys are there", todo)
    else:
        yield _platform(store, "Slack", keys=slack, todo="docs/slack.md says how to connect it.")
    webhook = bool(settings.telegram_webhook_secret.get_secret_value())
    telegram = bool(settings.telegram_bot_token.get_secret_value())
    if webhook and not (telegram and settings.public_url):
        todo = "Set TELEGRAM_BOT_TOKEN and BACKDESK_PUBLIC_URL too, or leave TELEGRAM_WEBHOOK_SECRET out."
        yield Check("channel Telegram", State.BROKEN, "only half of what a webhook needs is there", todo)
    else:
        yield _platform(store, "Telegram", keys=telegram, todo="docs/telegram.md says how to connect it.")


def _platform(store: "Store | None", title: str, *, keys: bool, todo: str) -> Check:
    from backend import connections

    name = f"channel {title}"
    if not keys:
        return Check(name, State.MISSING, "not configured", todo)
    if store is None:
        return Check(name, State.MISSING, "configured", "`backdesk start` connects it.")
    with store.looking() as session:
        found = connections.of(session, title.lower())
    if found is not None and found.trouble:
        return Check(name, State.BROKEN, found.trouble, "Mend what this says; `backdesk start` tries again by itself.")
    if found is None or found.since is None:
        return Check(name, State.MISSING, "configured, but nothing listens now", "`backdesk start` connects it.")
    heard = f", last heard {_at(found.heard_at)}" if found.heard_at else ", nothing heard yet"
    return Check(name, State.OK, f"connected since {_at(found.since)}{heard}")


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

"""Every setting, typed and described; all of them come from the environment."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.store import embedded_url

SHARES = frozenset({"names", "records", "history"})
"""What a hosted model may be told besides the message and the handbook."""


def shares_in(said: str) -> set[str]:
    """The words of a list with `;` between them."""
    return {each.strip() for each in said.split(";") if each.strip()}


def prices_in(said: str) -> tuple[Decimal, Decimal] | None:
    """The two prices, of a million tokens in and out; None where none are set. A ValueError if they cannot be read."""
    if not said:
        return None
    try:
        first, second = (Decimal(each.strip()) for each in said.split(";"))
    except (ValueError, ArithmeticError) as error:
        raise ValueError("two prices with a semicolon between them: 0.40;1.60") from error
    return first, second


class Settings(BaseSettings):
    """What an installation is told by its environment; a key that is missing only takes something away."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = Field(
        Path("backdesk-home"),
        validation_alias="BACKDESK_HOME",
        description="The company folder: database, index, files.",
    )
    database_url: str = Field(
        "", validation_alias="BACKDESK_DATABASE_URL", description="The database; default: SQLite in the home."
    )
    chroma_url: str = Field(
        "", validation_alias="BACKDESK_CHROMA_URL", description="A Chroma server; default: embedded in the home."
    )
    web_host: str = Field("127.0.0.1", validation_alias="BACKDESK_WEB_HOST", description="Where the web chat listens.")
    web_port: int = Field(8700, validation_alias="BACKDESK_WEB_PORT", description="The web chat's port.")
    public_url: str = Field(
        "", validation_alias="BACKDESK_PUBLIC_URL", description="How people reach the web chat, for links in messages."
    )
    audit_to: str = Field(
        "",
        validation_alias="BACKDESK_AUDIT_TO",
        description="Whom to tell the log's head every day, to keep elsewhere: handles, by `;`. Default: nobody.",
    )
    quiet: bool = Field(
        True,
        validation_alias="BACKDESK_QUIET",
        description="Whether notices wait for the reader's working hours; 0: all are told at once, as in the demo.",
    )
    pilot: str = Field(
        "",
        validation_alias="BACKDESK_PILOT",
        description="Who tries it out first: teams and handles, by `;`; others are told kindly. Default: everybody.",
    )
    log_level: str = Field("INFO", validation_alias="BACKDESK_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR.")
    metrics_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="BACKDESK_METRICS_TOKEN",
        description="Who may read /metrics: whoever sends it as a bearer token. Default: this machine alone.",
    )
    model: str = Field(
        "",
        validation_alias="BACKDESK_MODEL",
        description="The language model: `gpt-...`, or `provider:name`; default: none, the local brain answers.",
    )
    openai_api_key: SecretStr = Field(
        SecretStr(""), validation_alias="OPENAI_API_KEY", description="The key of the language model's server."
    )
    openai_base_url: str = Field(
        "", validation_alias="OPENAI_BASE_URL", description="The address of an OpenAI-compatible server."
    )
    model_mode: Literal["auto", "native", "structured"] = Field(
        "auto",
        validation_alias="BACKDESK_MODEL_MODE",
        description="How the model calls tools: `native`, `structured` (one JSON schema), or `auto`: whichever works.",
    )
    model_seconds: float = Field(
        20.0,
        gt=0,
        validation_alias="BACKDESK_MODEL_SECONDS",
        description="How long a turn of the model may take; the local brain answers when the time is up.",
    )
    model_shares: str = Field(
        "names;records;history",
        validation_alias="BACKDESK_MODEL_SHARES",
        description="What the model is told besides the message and the handbook: `names`, `records`, `history`, by "
        "`;`; `none`: nothing else.",
    )
    model_prices: str = Field(
        "",
        validation_alias="BACKDESK_MODEL_PRICES",
        description="What a million tokens in and out cost: `0.40;1.60`. Default: costs are not counted.",
    )
    model_budget: Decimal = Field(
        Decimal(0),
        ge=0,
        validation_alias="BACKDESK_MODEL_BUDGET",
        description="What the model may cost in a calendar month; then the local brain answers. 0: no limit.",
    )
    slack_bot_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_BOT_TOKEN", description="Slack: xoxb-...")
    slack_app_token: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_APP_TOKEN", description="Slack, Socket Mode: xapp-..."
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_SIGNING_SECRET", description="Slack, over HTTP: checks signatures."
    )
    slack_api_url: str = Field(
        "", validation_alias="BACKDESK_SLACK_API_URL", description="Slack through a proxy or a test server."
    )
    telegram_bot_token: SecretStr = Field(
        SecretStr(""), validation_alias="TELEGRAM_BOT_TOKEN", description="Telegram: from @BotFather."
    )
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""),
        validation_alias="TELEGRAM_WEBHOOK_SECRET",
        description="Telegram, by webhook: checks the sender.",
    )
    telegram_api_url: str = Field(
        "", validation_alias="BACKDESK_TELEGRAM_API_URL", description="Telegram through a proxy or a test server."
    )

    @field_validator("model_prices")
    @classmethod
    def _two_prices(cls, said: str) -> str:
        if said:
            prices_in(said)
        return said

    @field_validator("model_shares")
    @classmethod
    def _known_shares(cls, said: str) -> str:
        unknown = shares_in(said) - SHARES - {"none"}
        if unknown:
            raise ValueError(f"there is no {', '.join(sorted(unknown))}: names, records, history or none")
        return said

    @property
    def database(self) -> str:
        """The database's address, whichever it is."""
        return self.database_url or embedded_url(self.home)

    @classmethod
    def at(cls, home: Path | None = None) -> "Settings":
        """The settings of the environment, with another home if one is named."""
        settings = cls()  # pyright: ignore[reportCallIssue]
        return settings if home is None else settings.model_copy(update={"home": home})

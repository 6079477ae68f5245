"""Every setting, typed and described; all of them come from the environment."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.store import embedded_url


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
    model: str = Field("", validation_alias="BACKDESK_MODEL", description="The language model; default: none.")
    openai_api_key: SecretStr = Field(
        SecretStr(""), validation_alias="OPENAI_API_KEY", description="The key of the language model's server."
    )
    openai_base_url: str = Field(
        "", validation_alias="OPENAI_BASE_URL", description="The address of an OpenAI-compatible server."
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

    @property
    def database(self) -> str:
        """The database's address, whichever it is."""
        return self.database_url or embedded_url(self.home)

    @classmethod
    def at(cls, home: Path | None = None) -> "Settings":
        """The settings of the environment, with another home if one is named."""
        settings = cls()  # pyright: ignore[reportCallIssue]
        return settings if home is None else settings.model_copy(update={"home": home})

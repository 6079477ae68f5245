"""A scheduled post reaches a team's channel in Slack as it would Slack's own, with its picture and its table."""

from pathlib import Path

from pydantic import SecretStr

from backend import schedules, tables
from backend.budgets import Budget
from backend.schedules import PostRow
from bot.channels.slack import Slack as SlackChannel
from tests.office import Office
from tests.wire import slack as wire
from tests.wire.slack import Slack

ROWS = (
    {"what": "who_is_out", "to": "#general", "at": "0 9 * * *"},
    {"what": "budgets", "to": "slack:C0MONEY", "at": "5 9 * * *", "show_amounts": True},
)


def test_a_post_reaches_a_channel_in_slack_with_its_files(office: Office, tmp_path: Path) -> None:
    with Slack() as server:
        settings = office.app.settings.model_copy(
            update={"slack_bot_token": SecretStr(wire.TOKEN), "slack_api_url": server.api}
        )
        office.app.channels["slack"] = SlackChannel(settings)
        with office.store.writing() as session:
            row = {"since": "2026-01-01", "cost_centre": "works", "amount": "1000", "year": 2026}
            tables.load(session, "budgets", Budget, [row], by=None)
            schedules.set_all(session, [PostRow.model_validate(each) for each in ROWS], by=None)
        office.advance(days=1)
        told = server.called("chat.postMessage")
        assert [each["channel"] for each in told] == ["#general", "C0MONEY"]
        assert [each["text"] for each in told] == ["Who is out", "Budgets"]
        assert "Nobody is out today." in str(told[0]["blocks"])
        assert "works, 2026: 0 % spent" in str(told[1]["blocks"])
        files = server.called("files.completeUploadExternal")
        assert [each["channel_id"] for each in files] == ["C0MONEY", "C0MONEY"]
        asked = server.called("files.getUploadURLExternal")
        assert [each["filename"] for each in asked] == ["budgets.png", "budgets.csv"]
        assert server.wrong == []

"""What goes wrong is logged with its place in the code, and without what people wrote."""

from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.settings import Settings


def test_what_people_wrote_stays_out_of_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said, before = "my diagnosis", structlog.get_config()
    try:
        logs.start(Settings.at(tmp_path))
        try:
            int(said)
        except ValueError:
            structlog.get_logger().exception("a message could not be handled", number=7)
    finally:
        structlog.configure(**before)
    told = capfd.readouterr().err
    assert "a message could not be handled" in told
    assert "test_logs.py" in told
    assert "ValueError" in told
    assert "diagnosis" not in told

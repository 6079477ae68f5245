"""The compose file: every service of the plan, secrets only from the environment, settings that exist."""

import re
from typing import Any

import yaml

from bot.settings import Settings
from tests.rules.sources import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_services_of_the_plan_are_there() -> None:
    assert {"postgres", "chroma", "start", "worker"} <= set(COMPOSE["services"])
    assert COMPOSE["services"]["worker"]["deploy"]["replicas"] == 2


def test_no_secret_has_a_value_in_the_file() -> None:
    asked = re.findall(r"\$\{(\w*(?:PASSWORD|TOKEN|SECRET|KEY))(:?[-?+])([^}]*)\}", TEXT)
    assert {name for name, _, _ in asked} >= {"POSTGRES_PASSWORD", "SLACK_BOT_TOKEN", "OPENAI_API_KEY"}
    assert [name for name, sign, value in asked if sign != ":?" and value] == []


def test_what_is_asked_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", TEXT))
    given = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert asked == given


def test_every_variable_is_a_setting() -> None:
    known = {str(info.validation_alias) for info in Settings.model_fields.values()}
    passed = set(COMPOSE["services"]["start"]["environment"])
    baked = set(re.findall(r"\b(BACKDESK_\w+)=", IMAGE))
    assert (passed | baked) - known == set()


def test_the_image_runs_as_a_user_of_its_own() -> None:
    last = IMAGE.split("FROM ")[-1]
    assert re.search(r"^USER backdesk$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in IMAGE

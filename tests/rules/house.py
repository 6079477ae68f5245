"""How every test runs: steady examples for hypothesis, and no browser test skipped where one is required."""

import gc
import os

import pytest
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "backdesk",
    deadline=None,
    derandomize=True,
    print_blob=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "thorough", settings.get_profile("backdesk"), derandomize=False, max_examples=1000, phases=tuple(Phase)
)

_skipped = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Loads the profile: "backdesk" finds the same examples in every run, "thorough" looks for new ones and shrinks.

    Garbage is looked for more rarely than Python does by itself: that took a fifth of the time.
    """
    gc.set_threshold(50_000, 20, 100)
    settings.load_profile(os.environ.get("BACKDESK_HYPOTHESIS", "backdesk"))
    config.stash[_skipped] = []
    config.pluginmanager.register(_Skips(config), "backdesk-skips")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: it is not looked through for garbage again."""
    gc.collect()
    gc.freeze()


class _Skips:
    """Counts and names the browser tests that were skipped; a failure where BACKDESK_REQUIRE_BROWSER is 1."""

    def __init__(self, config: pytest.Config) -> None:
        self.names = config.stash[_skipped]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and "browser" in report.keywords:
            self.names.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped and "browser" in report.nodeid:
            self.names.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.names and os.environ.get("BACKDESK_REQUIRE_BROWSER") == "1":
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.names:
            return
        required = os.environ.get("BACKDESK_REQUIRE_BROWSER") == "1"
        how = "and BACKDESK_REQUIRE_BROWSER=1 asks for every one of them" if required else "for want of Chromium"
        terminalreporter.section("browser tests")
        terminalreporter.line(
            f"{len(self.names)} browser tests were skipped, {how}:", red=required, yellow=not required
        )
        for name in self.names:
            terminalreporter.line(f"  {name}")

"""Time off keeps to the contract of all kinds."""

from typing import ClassVar

import pytest

from backend.refusals import Refusal
from tests.kind_contract import KindContract
from tools.time_off import KIND


class TestTimeOff(KindContract):
    """Time off, through the contract."""

    kind = KIND
    sample: ClassVar = {"leave_type": "vacation", "start": "2026-11-26", "end": "2026-11-27"}
    changed: ClassVar = {"end": "2026-11-30"}
    wrong: ClassVar = {"start": "soon", "part": "evening", "from_midday": "perhaps"}


@pytest.mark.parametrize(
    "values",
    [
        {"start": "2026-11-27", "end": "2026-11-26"},
        {"start": "2026-11-26", "end": "2029-11-26"},
        {"start": "2026-11-26", "end": "2026-11-27", "part": "am"},
        {"start": "2026-11-26", "end": "2026-11-26", "from_midday": True, "until_midday": True},
    ],
)
def test_days_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        KIND.whole({"leave_type": "vacation", **values})

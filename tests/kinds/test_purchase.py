"""Purchases keep to the contract of all kinds."""

from typing import ClassVar

from tests.kind_contract import KindContract
from tools.purchase import KIND


class TestPurchase(KindContract):
    """Purchases, through the contract."""

    kind = KIND
    sample: ClassVar = {"item": "headset", "quantity": 2, "total": "80.00"}
    changed: ClassVar = {"total": "95.50", "vendor": "Logitech"}
    wrong: ClassVar = {"quantity": 0, "total": "cheap", "needed_by": "soon", "item": "x"}

"""Expenses keep to the contract of all kinds."""

from typing import ClassVar

from tests.kind_contract import KindContract
from tools.expense import KIND


class TestExpense(KindContract):
    """Expenses, through the contract."""

    kind = KIND
    sample: ClassVar = {"amount": "23.40", "category": "transport", "date": "2026-11-23"}
    changed: ClassVar = {"amount": "24.40"}
    wrong: ClassVar = {"amount": "-5", "category": "fun", "date": "yesterday", "currency": "euro"}

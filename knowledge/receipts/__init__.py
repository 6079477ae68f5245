"""Receipts and invoices: from a file to its merchant, day, total and the rest, each with how sure it is."""

from knowledge.receipts.comparing import ASK, DIFFERENT, DUPLICATE, compare
from knowledge.receipts.joining import ONE, OWN, PERHAPS, compare_pages, groups, joined, ordered, together, whole
from knowledge.receipts.reading import read, read_in_order
from knowledge.receipts.receipt import FIELDS, INVOICE, RECEIPT, Receipt, Tax

__all__ = [
    "ASK",
    "DIFFERENT",
    "DUPLICATE",
    "FIELDS",
    "INVOICE",
    "ONE",
    "OWN",
    "PERHAPS",
    "RECEIPT",
    "Receipt",
    "Tax",
    "compare",
    "compare_pages",
    "groups",
    "joined",
    "ordered",
    "read",
    "read_in_order",
    "together",
    "whole",
]

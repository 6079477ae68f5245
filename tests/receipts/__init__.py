"""Receipts: from the bytes of a file to what stands on it."""

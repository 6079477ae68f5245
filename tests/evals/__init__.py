"""Runners that put evaluation sets through the product."""

"""Hostile and absurd messages, through the whole application."""

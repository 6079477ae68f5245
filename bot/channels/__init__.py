"""Channels: where people are. One file each, and none of them knows a kind of request."""

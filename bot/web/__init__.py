"""The web chat's parts: who is at the door, what the pages look like, and what the browser is told as it happens."""

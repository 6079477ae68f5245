"""A small picture for each state, so that a card says at a glance how it stands."""

STATES = {
    "draft": "📝",
    "waiting": "⏳",
    "pending": "⏳",
    "sent back": "❓",
    "approved": "✅",
    "done": "✅",
    "recorded": "✅",
    "rejected": "❌",
    "withdrawn": "↩️",
    "discarded": "🗑",
}


def of(state: str) -> str:
    """The mark of a state; a plain one for a state that has none."""
    return STATES.get(state, "•")

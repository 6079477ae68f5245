"""Documents, passages, search and cited answers."""

"""What was meant: brains that turn a message into intents and their arguments."""

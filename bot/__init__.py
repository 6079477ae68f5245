"""What is said: channels, the conversation, brains, presses, cards and notices."""

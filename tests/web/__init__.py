"""The web chat, by requests as a browser sends them."""

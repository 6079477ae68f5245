"""In the web chat the address that opens the bot on Telegram can be pressed, and nothing else becomes a link."""

from bot.web.drawing import joining


def test_the_address_of_the_bot_is_a_link() -> None:
    shown = joining("Open this:\nhttps://t.me/our_bot?start=a-B_9")
    assert '<a href="https://t.me/our_bot?start=a-B_9" target="_blank" rel="noopener">' in shown


def test_nothing_else_is() -> None:
    assert joining("<b>https://evil.example/?a=1&b</b>") == "&lt;b&gt;https://evil.example/?a=1&amp;b&lt;/b&gt;"
    assert "<a" not in joining('https://t.me/our_bot?start="><script>')

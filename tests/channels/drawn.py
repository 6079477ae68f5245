"""A post as one text: what it says, and what stands on its card."""

from bot.message import Post


def written(post: Post) -> str:
    """The text of a post and of its card."""
    fields = [f"{each.title}: {each.shown}" for each in post.card.fields] if post.card else []
    return "\n".join([post.text, *([post.card.state] if post.card else []), *fields])

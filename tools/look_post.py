"""Looks up a preview of a post that is told by itself: what it would say now, to who asks."""

from datetime import timedelta

from backend.forms import Form, blank
from backend.schedules import What
from backend.store import now
from backend.words import say
from tools import post_budgets, post_holidays, post_lapsing, post_report, post_waiting, post_who_is_out
from tools.bulletin import Bulletin, Occasion
from tools.look import Around, Found, Look

POSTS: dict[What, Bulletin] = {
    each.what: each
    for each in (
        post_who_is_out.POST,
        post_waiting.POST,
        post_lapsing.POST,
        post_budgets.POST,
        post_holidays.POST,
        post_report.POST,
    )
}
"""Every post that can be scheduled."""

A_WEEK = timedelta(days=7)


class WhichPost(Form):
    """Which post is wanted: who_is_out, waiting, lapsing, budgets, holidays or report."""

    what: str | None = blank("Post", default=None)


def find(around: Around, asked: WhichPost) -> Found:
    """The post as it would be now; a Refusal unless whoever asks may read it."""
    session, reader = around.session, around.person
    if asked.what not in POSTS:
        titles = "\n".join(f"• {say(reader.language, each.title)}" for each in POSTS.values())
        return Found(say(reader.language, "Which post would you like to see?\n{titles}", titles=titles))
    post = POSTS[What(asked.what)]
    post.must_be_for(reader)
    occasion = Occasion(session, reader, since=now(session) - A_WEEK, ceiling=around.ceiling)
    found = post.find(occasion)
    if found is None:
        return Found(say(reader.language, "There is nothing to tell now, so this would not be posted."))
    return found


LOOK = Look("look_post", ("posts.preview",), WhichPost, find, "A preview of a post that is told by itself.")

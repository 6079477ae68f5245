"""Looks up what is left of the budgets, for those whose business they are."""

from backend import budget_watch, people
from backend.clock import day_in
from backend.forms import Form, blank
from backend.refusals import Refusal
from backend.store import now
from backend.words import say
from tools.look import Around, Found, Look
from tools.post_budgets import line


class WhichBudget(Form):
    """The team or cost centre that a budget is for; none: all that are the person's business."""

    team: str | None = blank("Team", default=None)


def find(around: Around, asked: WhichBudget) -> Found:
    """How the budgets of today stand: all of them for finance and admins, their own team's for managers and keepers.

    A Refusal for anybody else.
    """
    session, me = around.session, around.person
    employer = me.employer
    found = budget_watch.standing(session, employer=employer, on=day_in(employer.timezone, now(session)))
    everything = any(people.has_role(me, each) for each in ("finance", "admin"))
    reports = [each for each in people.everybody(session) if each.manager_id == me.id]
    led = {each.team.casefold() for each in (me, *reports) if reports}
    mine = [
        each
        for each in found
        if everything
        or each.budget.cost_centre.casefold() in led
        or each.budget.owner.casefold() == me.handle.casefold()
    ]
    if not mine and not everything:
        raise Refusal("Budgets are shown to those who manage a team, and to finance. Your manager can tell you.")
    if asked.team:
        mine = [each for each in mine if each.budget.cost_centre.casefold() == asked.team.casefold()]
    if not mine:
        return Found(say(me.language, "I find no budget like that for today."))
    return Found("\n".join(line(each, me.language) for each in mine))


LOOK = Look(
    "look_budget", ("budget.left",), WhichBudget, find, "What is spent of the budgets, what waits and what is left."
)

"""The weekly operations report that writes itself: figures of groups of five people or more, and nobody's name."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from backend import figures, people
from backend.budget_watch import THRESHOLDS
from backend.figures import LEAST, OTHERS, Counts, Pace
from backend.kinds import kinds_of
from backend.schedules import What
from backend.sheets import Chart, Sheet
from backend.words import Span, Title, say
from tools import post_budgets
from tools.bulletin import Bulletin, Occasion
from tools.look import Found

STATES = ("pending", "approved", "recorded", "done", "rejected", "withdrawn", OTHERS)
"""In this order they are told."""

Row = tuple[str, str, str, str]
"""A part of the report, what of it, its figure, and the figure's unit."""


def find(occasion: Occasion) -> Found | None:
    """Requests by kind and state, time to decision, spend against budget, and what was asked without an answer."""
    language, session = occasion.language, occasion.session
    first = occasion.since.astimezone(occasion.zone).date()
    last = max(occasion.today - timedelta(days=1), first)
    since, until = (datetime.combine(day, time(), occasion.zone) for day in (first, last + timedelta(days=1)))
    counts, left_out = figures.counts(session, since=since, until=until)
    paces = figures.paces(session, since=since, until=until)
    spent, merged = _spent(occasion) if occasion.amounts else ({}, False)
    asked, topics = _unanswered(occasion, first, last)
    lines = [say(language, "Operations from {start} to {end}", start=first, end=last)]
    lines += _of_requests(occasion, counts)
    lines += _of_paces(occasion, paces)
    lines += _of_budgets(language, spent)
    lines += _of_questions(language, asked, topics)
    if left_out or merged:
        note = "What fewer than {count} people had to do with is counted with others, or left out."
        lines.append(say(language, note, count=LEAST))
    charts = (_chart(occasion, counts, first, last),) if counts else ()
    charts += (_budget_chart(language, spent),) if spent else ()
    rows = _rows(occasion, counts, paces, spent, asked, topics)
    return Found("\n".join(lines), sheets=(_sheet(language, rows),), charts=charts)


def _of_requests(occasion: Occasion, counts: Counts) -> list[str]:
    language = occasion.language
    if not counts:
        return [say(language, "No kind of request was sent by {count} people or more.", count=LEAST)]
    lines = [say(language, "Requests that were sent, and how they stand now:")]
    for kind, states in _ordered(occasion, counts).items():
        said = ", ".join(f"{number} {_state(language, state)}" for state, number in states.items())
        if states.keys() == {OTHERS}:
            said = say(language, "{count} in all", count=states[OTHERS])
        lines.append(f"• {_kind(occasion, kind)}: {said}")
    return lines


def _of_paces(occasion: Occasion, paces: dict[str, Pace]) -> list[str]:
    language = occasion.language
    if not paces:
        return []
    lines = [say(language, "Working hours until a decision:")]
    for kind, pace in paces.items():
        words = {"kind": _kind(occasion, kind), "median": _hours(pace.median), "most": _hours(pace.most)}
        lines.append("• " + say(language, "{kind}: half within {median}, nine of ten within {most}", **words))
    return lines


def _of_budgets(language: str, spent: dict[str, int]) -> list[str]:
    if not spent:
        return []
    lines = [f"• {say(language, '{name}: {percent} %', name=name, percent=each)}" for name, each in spent.items()]
    return [say(language, "Spent of each budget:"), *lines]


def _of_questions(language: str, asked: int, topics: dict[str, int]) -> list[str]:
    if not asked:
        return [say(language, "Every question found an answer in the handbook.")]
    lines = [say(language, "Questions that the handbook did not answer: {count}", count=asked)]
    return lines + [f"• {say(language, '{topic}: {count}', topic=topic, count=each)}" for topic, each in topics.items()]


def _spent(occasion: Occasion) -> tuple[dict[str, int], bool]:
    """Percent spent by budget, of those that at least five people spent of; and whether others were left out."""
    out: dict[str, int] = {}
    rest: dict[int, tuple[Decimal, Decimal, frozenset[int]]] = {}
    for each in post_budgets.standings(occasion):
        if len(each.people) >= LEAST:
            out[post_budgets.name_of(each, occasion.language)] = post_budgets.percent(each)
        elif each.people:
            amount, spent, whose = rest.get(each.employer.id, (Decimal(0), Decimal(0), frozenset[int]()))
            rest[each.employer.id] = amount + each.budget.amount, spent + each.spent, whose | each.people
    for amount, spent, whose in rest.values():
        if len(whose) >= LEAST and amount:
            out[say(occasion.language, "other cost centres")] = int(spent / amount * 100)
    return out, bool(rest)


def _unanswered(occasion: Occasion, first: date, last: date) -> tuple[int, dict[str, int]]:
    from knowledge import topics

    names = [f"{each.name} {each.handle}" for each in people.everybody(occasion.session)]
    words = {word for each in names for word in each.casefold().replace(".", " ").replace("-", " ").split()}
    return topics.unanswered(occasion.session, start=first, end=last, besides=words)


def _ordered(occasion: Occasion, counts: Counts) -> Counts:
    """Kinds by their names, others last; their states in the usual order."""
    kinds = sorted(counts, key=lambda kind: (kind == OTHERS, _kind(occasion, kind)))
    return {kind: {state: counts[kind][state] for state in STATES if state in counts[kind]} for kind in kinds}


def _kind(occasion: Occasion, name: str) -> str:
    language = occasion.language
    if name in ("", OTHERS):
        return say(language, "All kinds") if not name else say(language, "Others")
    kind = kinds_of(occasion.session).get(name)
    return say(language, kind.title) if kind else name


def _state(language: str, state: str) -> str:
    return say(language, "others") if state == OTHERS else Title(state).said_in(language)


def _hours(hours: float) -> Decimal:
    return Decimal(str(round(hours, 1))).normalize() + Decimal(0)


def _chart(occasion: Occasion, counts: Counts, first: date, last: date) -> Chart:
    language, ordered = occasion.language, _ordered(occasion, counts)
    used = [state for state in STATES if any(state in states for states in ordered.values())]
    return Chart(
        name="requests.png",
        title=say(language, "Requests, {days}", days=Span(first, last)),
        rows=tuple(_kind(occasion, kind) for kind in ordered),
        series=tuple(
            (_state(language, state), tuple(float(each.get(state, 0)) for each in ordered.values())) for state in used
        ),
    )


def _budget_chart(language: str, spent: dict[str, int]) -> Chart:
    return Chart(
        name="budgets.png",
        title=say(language, "Spent of each budget"),
        rows=tuple(spent),
        series=((say(language, "spent"), tuple(map(float, spent.values()))),),
        unit=" %",
        marks=tuple(map(float, THRESHOLDS)),
    )


def _rows(
    occasion: Occasion,
    counts: Counts,
    paces: dict[str, Pace],
    spent: dict[str, int],
    asked: int,
    topics: dict[str, int],
) -> list[Row]:
    language = occasion.language
    requests, decision = say(language, "Requests"), say(language, "Time to decision")
    budgets, questions = say(language, "Budgets"), say(language, "Unanswered questions")
    hours, number = say(language, "working hours"), say(language, "number")
    out: list[Row] = []
    for kind, states in _ordered(occasion, counts).items():
        name = _kind(occasion, kind)
        out += [(requests, f"{name}: {_state(language, state)}", str(each), number) for state, each in states.items()]
    for kind, pace in paces.items():
        name = _kind(occasion, kind)
        out.append((decision, say(language, "{kind}: median", kind=name), f"{_hours(pace.median):f}", hours))
        out.append((decision, say(language, "{kind}: nine of ten within", kind=name), f"{_hours(pace.most):f}", hours))
    out += [(budgets, name, str(each), "%") for name, each in spent.items()]
    out.append((questions, say(language, "All"), str(asked), number))
    return out + [(questions, topic, str(each), number) for topic, each in topics.items()]


def _sheet(language: str, rows: list[Row]) -> Sheet:
    head = (say(language, "Part"), say(language, "What"), say(language, "Figure"), say(language, "Unit"))
    return Sheet("report.csv", say(language, "The figures as a table"), head, tuple(rows))


POST = Bulletin(What.REPORT, "The operations report", find, roles=("hr", "finance", "admin"))

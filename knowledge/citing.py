"""Answers a question with sentences of the handbook, quoted as they stand, or says that it does not say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import Place
from backend.store import Store
from backend.words import say, write
from knowledge import choosing, coming, differing, illustrations, links, own_words, places, reviews
from knowledge.asking import many, past_day, without_day, without_rule
from knowledge.certainty import confidence, measured, to_the_point
from knowledge.hard_subjects import subject_of
from knowledge.index import Index
from knowledge.language import OURS, language_of
from knowledge.library import Document, Passage, Version, note_gap
from knowledge.question import read
from knowledge.search import FULL_TIME, PART_TIME, Hit, Reader, search, visible
from knowledge.weighing import SECTIONS, Weighed, judge, telling, weigh

SURE, CERTAIN = 0.5, 0.6
"""From which confidence on an answer is given, and from which on also to what did not look like a question for the
handbook."""

NEAR = -1.4
"""From which log-odds of the measures on what comes near is shown where there is no answer."""

NEARLY = 300
"""Characters of what comes near that are quoted at most."""

ANSWERED = "answered"
CLOSEST = "closest"
NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Citation:
    """Where a part of an answer stands written: the quote is found in the passage, word by word.

    laid_out  the same sentences as channels draw them, a line for each item and row; where it is empty, the quote
    pictures  those beside it
    """

    doc: str
    title: str
    heading: str
    quote: str
    version: int
    effective: date
    passage: int
    laid_out: str = ""
    pictures: tuple[illustrations.Shown, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What the handbook says to a question.

    outcome     "answered", "closest" (something comes near) or "not_found"
    text        what is shown: the quotes in order; or that the handbook does not say, and whom to ask
    citations   what is quoted, best section first; for "closest" what comes near
    retrieved   (doc, heading) of what was found, best first
    confidence  0 to 1: how sure it is that the quotes answer the question
    certain     true for an answer so sure that it is given also where nobody was thought to ask the handbook
    words       what of the text is no quote, for those who draw the quotes themselves: shown above them
    """

    outcome: str
    text: str
    citations: tuple[Citation, ...]
    retrieved: tuple[tuple[str, str], ...]
    confidence: float = 0.0
    certain: bool = False
    words: str = ""


def answer(store: Store, index: Index, question: str, reader: Reader, *, keep_gap: bool = True) -> Finding:
    """What the handbook says to a question, for this reader on this day. A question without an answer is kept.

    Everything quoted was read from the records once more, with the reader's rights, and is found there.
    """
    with store.looking() as session:
        finding = look_up(session, index, question, reader)
    if finding.outcome != ANSWERED and keep_gap and question.strip() and subject_of(question) is None:
        with store.writing() as session:
            note_gap(session, question, day=reader.day, near=finding.outcome == CLOSEST)
    return finding


def look_up(session: Session, index: Index, question: str, reader: Reader) -> Finding:
    """The same in a session that is open already, and without keeping the question.

    Where it does not say, the bare thing is looked up that a rule is asked for, in the company's place of a country.
    What has expired answers only where nothing else does, and says so.
    """
    finding = _look_up(session, index, question, reader)
    if finding.outcome != ANSWERED and (thing := places.by_office(session, without_rule(question))) != question:
        said = _look_up(session, index, thing, reader)
        finding = said if said.outcome == ANSWERED and said.confidence >= CERTAIN else finding
    if finding.outcome != ANSWERED and reviews.any_expired(session, day=reader.day):
        older = _look_up(session, index, question, replace(reader, lapsed=True))
        return older if older.outcome == ANSWERED else finding
    return finding


def _look_up(session: Session, index: Index, question: str, reader: Reader) -> Finding:
    then = past_day(question, today=reader.day)
    if then is not None:
        reader = replace(reader, day=then, today=reader.day, lapsed=False)
        question = without_day(question)
    spoken = language_of(question)
    language = spoken if spoken in OURS and spoken != "en" else reader.language
    reader = replace(reader, language=language)
    own, question = own_words.held(session, question), own_words.beside(session, question)
    found = differing.newest(_sections(search(session, index, question, reader, k=30)))
    retrieved = tuple((each.doc, each.heading) for each in found[:10])
    tells = telling(session, read(question), own=own)
    apart, theirs = _groups(session, reader, question)
    weighed = weigh(session, tells, found[:SECTIONS], others=apart, theirs=theirs)
    if not weighed:
        return Finding(NOT_FOUND, _not_found(language), (), retrieved)
    judge(tells, weighed)
    by_measures = measured(tells, weighed)
    sure = confidence(tells, weighed, by_measures=by_measures)
    pictures = illustrations.beside(session, list({each.passage for each in weighed}))
    runs = _runs(question, weighed, pictures, day=reader.day)
    citations = _verified(session, reader, [_citation(run, pictures) for run in runs])
    doubt = reviews.doubt(session, {each.doc: each.title for each in citations}, day=reader.day, language=language)
    sure *= reviews.DOUBT if doubt else 1
    if not citations or (sure < SURE and by_measures < NEAR):
        return Finding(NOT_FOUND, _not_found(language), (), retrieved, sure)
    if sure < SURE:
        near = say(language, "I did not find just that in the handbook.")
        near = f"{near} {_ask(session, citations[0], language)} {say(language, 'This comes nearest:')}"
        told = {each.passage: each.heading.replace(" > ", " › ") for each in citations[:3]}
        quotes = [f"{told[run[0].passage]}:\n{_short(choosing.shown(run))}" for run in runs if run[0].passage in told]
        return Finding(CLOSEST, "\n".join([near, *quotes]), citations[:3], retrieved, sure, words=near)
    kept = {each.passage for each in citations}
    quotes = [choosing.shown(run) for run in runs if run[0].passage in kept]
    words: list[str] = []
    if other := _other(session, reader, citations[0], found):
        both = sorted([(citations[0], quotes[0]), (other, other.quote)], key=lambda one: one[0].effective, reverse=True)
        rest = [quote for quote, run in zip(quotes[1:], runs[1:], strict=False) if run[0].hit.doc != other.doc]
        told = [f"{each.title} ({write(language, each.effective)}): {quote}" for each, quote in both]
        words.append(say(language, "Two documents say different things of that:"))
        quotes = [words[0], *told, *rest]
        citations = (*(each for each, _ in both), *(each for each in citations[1:] if each.doc != other.doc))
    if then is not None:
        words.insert(0, say(language, "On {day} the handbook said:", day=then))
        quotes.insert(0, words[0])
    behind = [doubt] if doubt and then is None else []
    behind += links.of(session, [(each.passage, each.quote) for each in citations])
    certain = sure >= CERTAIN and to_the_point(tells, weighed)
    text = "\n".join([*quotes, *behind])
    return Finding(ANSWERED, text, citations, retrieved, sure, certain, "\n".join([*words, *behind]))


def _runs(
    question: str, weighed: Sequence[Weighed], pictures: illustrations.ByPassage, *, day: date
) -> list[list[Weighed]]:
    """What is quoted, in runs of one passage: nothing that a picture shows; of days only the next, if that is asked."""
    those = choosing.beside_pictures(
        weighed, {passage: [words for _, words, *_ in held] for passage, held in pictures.items()}
    )
    several = many(question)
    runs = choosing.chosen(those, many=several)
    if not coming.is_asked(question):
        return runs
    return choosing.chosen(coming.only_next(those, runs, today=day, several=several), many=several)


def _short(quote: str) -> str:
    """As much of a quote as is worth reading where it may not be what was asked for."""
    return shorten(quote, NEARLY, placeholder=" …") if len(quote) > NEARLY else quote


def _groups(session: Session, reader: Reader, question: str) -> tuple[list[str], list[str]]:
    """What rows and items for others than the reader begin with, and those for them: places, and how long one works.

    None where the question names a place, or a working time, itself, or nothing is known of the reader.
    """
    low = question.lower()
    names = [name.lower() for name in session.scalars(select(Place.name))] if reader.places else []
    names = [] if any(name in low for name in names) else names
    others = [name for name in names if name not in (reader.places or ())]
    theirs = [name for name in names if name not in others]
    for one, other in ((PART_TIME, FULL_TIME), (FULL_TIME, PART_TIME)):
        if one in (reader.audiences or ()) and one not in low and other not in low:
            theirs.append(one)
            others.append(other)
    return others, theirs


def _citation(run: Sequence[Weighed], pictures: illustrations.ByPassage) -> Citation:
    hit = run[0].hit
    return Citation(
        doc=hit.doc,
        title=hit.title,
        heading=hit.heading,
        quote=choosing.quoted(run),
        version=hit.version,
        effective=hit.effective,
        passage=run[0].passage,
        laid_out=choosing.laid_out(run),
        pictures=pictures.get(run[0].passage, ()),
    )


def _other(session: Session, reader: Reader, citation: Citation, found: Sequence[Hit]) -> Citation | None:
    """What another document says of the same thing, where it is not the same, as a citation of its own."""
    hit = next(each for each in found if (each.doc, each.heading) == (citation.doc, citation.heading))
    other = differing.other(hit, citation.quote, found)
    if other is None:
        return None
    said, quote = other.hit, other.sentence.text
    one = Citation(said.doc, said.title, said.heading, quote, said.version, said.effective, said.passage)
    one = replace(one, pictures=illustrations.beside(session, [said.passage]).get(said.passage, ()))
    return next(iter(_verified(session, reader, [one])), None)


def _verified(session: Session, reader: Reader, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Those citations whose passage the reader may see, as it stands now, and whose every piece stands in it."""
    query = (
        select(Passage.id, Passage.body)
        .join(Version, Passage.version_id == Version.id)
        .join(Document, Version.document_id == Document.id)
        .where(Passage.id.in_([each.passage for each in citations]), *visible(reader))
    )
    bodies = {row.id: _spaced(row.body) for row in session.execute(query)}
    return tuple(
        each
        for each in citations
        if each.passage in bodies and all(_spaced(piece) in bodies[each.passage] for piece in each.quote.split(" … "))
    )


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _sections(hits: Sequence[Hit]) -> list[Hit]:
    """The best hit of each section, best first."""
    out: dict[tuple[int, int], Hit] = {}
    for each in hits:
        out.setdefault((each.version_id, each.section), each)
    return list(out.values())


def _not_found(language: str) -> str:
    return f"{say(language, 'The handbook does not say that.')} {say(language, 'HR can tell you.')}"


def _ask(session: Session, nearest: Citation, language: str) -> str:
    """Whom to ask: the owner of the document that comes nearest, or HR."""
    document = session.scalar(select(Document).where(Document.path == nearest.doc))
    if document is None or document.owner is None:
        return say(language, "HR can tell you.")
    return say(
        language, "{owner}, who looks after {title}, can tell you.", owner=document.owner.name, title=nearest.title
    )

"""What people call a document of the handbook: by its path, the name of its file, its title, or words of these."""

import re
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.people import Person
from backend.refusals import Refusal
from knowledge import library
from knowledge.library import Document, Version
from knowledge.proposals import may_keep
from knowledge.search import reader_of, visible

_CALLED = (
    "the our this page document file article section el la los las nuestro nuestra página documento archivo artículo "
    "o a os as nosso nossa ficheiro artigo le les notre fichier das die der den unsere unser seite dokument datei "
    "artikel il lo i gli nostro nostra pagina"
)
_SORTS = frozenset(_CALLED.split())
"""Words by which people call a document that is called otherwise: "the lockers page"."""


def called(session: Session, name: str, *, by: Person) -> Document:
    """The live document that somebody calls this: by path, file name or title, or the only one whose title holds it.

    It is looked for among those that they keep or may read, so that nobody hears of any other.
    """
    held = select(Version.document_id).join(Document, Version.document_id == Document.id)
    readable = set(session.scalars(held.where(*visible(reader_of(session, by)))))
    among = [each for each in library.listing(session) if each.id in readable or may_keep(by, each)]
    try:
        return library.find(session, name, among=among)
    except Refusal:
        words = name.lower().split()
        keys = (" ".join(words), " ".join(each for each in words if each not in _SORTS))
        named = {each: f"{each.title} {each.path}".lower() for each in among}
        ways = ([each for each, told in named.items() if key and key in told] for key in keys)
        fitting = next((each for each in ways if each), list[Document]())
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            some = "; ".join(each.title for each in fitting[:5])
            raise Refusal("Several documents are called like that: {some}. Say the whole title.", some=some) from None
        raise Refusal("There is no document called {doc} in the handbook.", doc=name[:100]) from None


def named_in(session: Session, said: str, *, fewest: int) -> Document | None:
    """The live document whose title or file a sentence names, by at least so many words; None for none or several."""
    told = f" {_words(said)} "
    found: dict[Document, int] = {}
    for each in library.listing(session):
        names = (_words(each.title), _words(Path(each.path).stem))
        counts = [len(name.split()) for name in names if name and f" {name} " in told]
        if counts and max(counts) >= fewest:
            found[each] = max(counts)
    longest = [each for each, count in found.items() if count == max(found.values())]
    return longest[0] if len(longest) == 1 else None


def same_file(session: Session, name: str) -> Document | None:
    """The only live document whose file is called like this one, whatever its folder and format."""
    stem = Path(name).stem.lower()
    same = [each for each in library.listing(session) if Path(each.path).stem.lower() == stem]
    return same[0] if len(same) == 1 else None


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())

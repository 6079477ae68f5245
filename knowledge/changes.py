"""What is different between two versions of a document: section by section, and line by line."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from knowledge.illustrations import lies_beside, name_of, named
from knowledge.passages import blocks, plain

LINES, LINE = 8, 160
"""How many lines of a difference a message shows, and how many characters of each."""

Places = Sequence[tuple[str, str]]
"""The pictures of a text, as (address, id)."""


@dataclass(frozen=True)
class Changes:
    """The headings of the sections that a new version adds, changes and leaves out."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pictured:
    """The names of the pictures that a new version keeps, adds, replaces and leaves out.

    missing  those that its text names, and that were not sent with it or cannot be shown
    """

    kept: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def between(before: str, after: str, *, title: str) -> Changes:
    """What a new text changes, by the headings of its sections; what stands above the first heading has the title's."""
    old, new = _sections(before, title=title), _sections(after, title=title)
    return Changes(
        added=tuple(each for each in new if each not in old),
        changed=tuple(each for each in new if each in old and _squeezed(new[each]) != _squeezed(old[each])),
        left_out=tuple(each for each in old if each not in new),
    )


def pictures(before: str, stood: Places, after: str, stands: Places) -> Pictured:
    """What a new text and its pictures change of the pictures that stood in the one before ("" and none: a first)."""
    old, new = _pictures(before, stood), _pictures(after, stands)
    old_ids, new_ids = set(old.values()), set(new.values())
    held = {address for address, _ in stands}
    missing = tuple(dict.fromkeys(name_of(at) for _, at in named(after) if lies_beside(at) and at not in held))
    return Pictured(
        kept=tuple(each for each, id in new.items() if id in old_ids),
        added=tuple(each for each, id in new.items() if id not in old_ids and each not in old),
        replaced=tuple(each for each, id in new.items() if id not in old_ids and each in old),
        left_out=tuple(each for each, id in old.items() if each not in (*new, *missing) and id not in new_ids),
        missing=missing,
    )


def lines(before: str, after: str) -> list[str]:
    """The lines that went (with a - before them) and came (+), with a line of what surrounds them."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return [each for each in found if not each.startswith(("---", "+++"))]


def moved(before: str, after: str) -> list[str]:
    """The lines alone that went (with a - before them) and came (+), without what is empty."""
    return [f"{each[0]} {each[1:].strip()}" for each in lines(before, after) if each[:1] in "+-" and each[1:].strip()]


def shortly(before: str, after: str) -> tuple[list[str], int]:
    """The first of those lines, each cut to what a message can show, and how many more there are."""
    found = moved(before, after)
    return [shorten(each, LINE, placeholder=" …") for each in found[:LINES]], max(0, len(found) - LINES)


def headings(text: str) -> list[str]:
    """Every heading of a document, in order, two spaces in for each level below the first."""
    return ["  " * (each.level - 1) + each.heading for each in blocks(text) if each.level and each.heading]


def _pictures(text: str, places: Places) -> dict[str, str]:
    """The pictures of a text by name: that of the file, what it shows in words, or the heading that it stands below."""
    words = {address: alt for alt, address in named(text)}
    heads = [each for each in blocks(text) if each.level]
    out: dict[str, str] = {}
    for address, id in places:
        at = text.find(address)
        below = next((each.heading for each in reversed(heads) if each.start <= at), "")
        name = name_of(address) if lies_beside(address) else plain(words.get(address, "")) or below or id[:6]
        same = sum(each == name or each.startswith(f"{name} (") for each in out)
        out[f"{name} ({same + 1})" if same else name] = id
    return out


def _sections(text: str, *, title: str) -> dict[str, str]:
    out: dict[str, str] = {title: ""}
    path: list[tuple[int, str]] = []
    name = title
    for each in blocks(text):
        if each.level:
            path = [one for one in path if one[0] < each.level] + [(each.level, each.heading)]
            said = [one for _, one in path if one.lower() != title.lower()]
            name = " > ".join(said) or title
            out.setdefault(name, "")
        else:
            out[name] += plain(text[each.start : each.end]) + "\n"
    return {key: value for key, value in out.items() if value.strip()}


def _squeezed(text: str) -> str:
    return " ".join(text.split())

"""What is different between two versions of a document: section by section, and line by line."""

import difflib
from dataclasses import dataclass

from knowledge.passages import blocks, plain


@dataclass(frozen=True)
class Changes:
    """The headings of the sections that a new version adds, changes and leaves out."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def between(before: str, after: str, *, title: str) -> Changes:
    """What a new text changes, by the headings of its sections; what stands above the first heading has the title's."""
    old, new = _sections(before, title=title), _sections(after, title=title)
    return Changes(
        added=tuple(each for each in new if each not in old),
        changed=tuple(each for each in new if each in old and _squeezed(new[each]) != _squeezed(old[each])),
        left_out=tuple(each for each in old if each not in new),
    )


def lines(before: str, after: str) -> list[str]:
    """The lines that went (with a - before them) and came (+), with a line of what surrounds them."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return [each for each in found if not each.startswith(("---", "+++"))]


def headings(text: str) -> list[str]:
    """Every heading of a document, in order, two spaces in for each level below the first."""
    return ["  " * (each.level - 1) + each.heading for each in blocks(text) if each.level and each.heading]


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

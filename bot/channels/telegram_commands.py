"""Telegram's menu of commands: what each stands for, and what it is called in every language."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.kinds import Kinds
from backend.words import say


@dataclass(frozen=True)
class Command:
    """A command of the menu.

    about    what the menu says that it does
    tool     what it calls by itself ("" if it is a message)
    opening  what stands before the words that follow it: "/timeoff on Thursday" says "Time off on Thursday"
    """

    about: str
    tool: str = ""
    opening: str = ""


LOOKS = {
    "balance": Command("see how much leave you have left", "look_balance"),
    "requests": Command("see how a request stands", "look_requests"),
    "approvals": Command("see what waits for you", "look_approvals"),
    "out": Command("see who is away", "look_who_is_out"),
}
OTHERS = {
    "help": Command("see what I can do"),
    "cancel": Command("stop what we are doing"),
    "unlink": Command("unlink this chat"),
}


def commands(kinds: Kinds) -> Mapping[str, Command]:
    """The commands by their names, in the order of the menu: one for each kind of request first."""
    asking = {
        name.replace("_", "")[:32]: Command(kind.title, f"draft_{name}", kind.title)
        for name, kind in sorted(kinds.items(), reverse=True)
    }
    return {**asking, **LOOKS, **OTHERS}


def described(known: Mapping[str, Command], language: str) -> list[tuple[str, str]]:
    """Each command with what it does, in a language."""
    out: list[tuple[str, str]] = []
    for name, each in known.items():
        about = say(language, each.about)
        out.append((name, about[:1].upper() + about[1:]))
    return out

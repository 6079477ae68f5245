"""What can be asked: one file for each kind of request and one for each thing that can be looked up."""

import importlib
import pkgutil
import sys
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from types import ModuleType

from backend.kinds import Kind, Kinds
from tools.look import Look

HERE = str(Path(__file__).parent)


def all_kinds() -> Kinds:
    """The kinds in this folder, and those of outside packages (entry point group "backdesk.kinds")."""
    kinds = Kinds()
    for each in _here():
        kind = getattr(each, "KIND", None)
        if isinstance(kind, Kind):
            kinds.add(kind)  # pyright: ignore[reportUnknownArgumentType]
    for point in _outside(tuple(sys.path)):
        kinds.add(point.load())
    return kinds


@cache
def _here() -> tuple[ModuleType, ...]:
    return tuple(importlib.import_module(f"tools.{each.name}") for each in pkgutil.iter_modules([HERE]))


@cache
def _outside(path: tuple[str, ...]) -> EntryPoints:
    """Found once a process: it means reading about every package that is installed."""
    return entry_points(group="backdesk.kinds")


def all_looks() -> dict[str, Look]:
    """What can be looked up, by tool name."""
    looks: dict[str, Look] = {}
    for each in _here():
        look = getattr(each, "LOOK", None)
        if isinstance(look, Look):
            looks[look.name] = look
    return looks

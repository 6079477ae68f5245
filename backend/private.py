"""Folders and files that only the user who runs Backdesk may read: what people sent and wrote is nobody else's."""

import os
from pathlib import Path

OTHERS = 0o077
"""The bits of a mode that let others in."""


def keep_private() -> None:
    """What this process makes from now on is for its own user alone."""
    os.umask(OTHERS)


def folder(path: Path) -> None:
    """Makes a folder that others may not look into; one that is there stays as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def file(path: Path) -> None:
    """Makes an empty file that others may not read; one that is there stays as it is."""
    path.touch(mode=0o600)


def open_to_others(home: Path) -> list[Path]:
    """What others on this machine may read of a home, two folders deep; nothing where they may not enter it."""
    if os.name != "posix" or not home.stat().st_mode & OTHERS:
        return []
    held = [each for pattern in ("*", "*/*") for each in home.glob(pattern)]
    return [each for each in sorted(held) if each.exists() and each.stat().st_mode & OTHERS]

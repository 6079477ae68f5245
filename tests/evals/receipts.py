"""Reads a folder of receipts, and compares pairs of them, for a scorer to read.

    python -m tests.evals.receipts DIR --out pred.jsonl [--pairs FILE --pairs-out FILE]

Of DIR, img/ and pdf/ are read, and files are named as they stand below it. Days are read day first, and money that
does not say its currency is in euros. Nothing but the arguments and the installed product is read.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands_receipt import told
from knowledge.receipts import Receipt, compare, read


def main() -> None:
    """Reads the arguments, the receipts and the pairs; writes a line for each."""
    wanted = argparse.ArgumentParser()
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--out", type=Path)
    wanted.add_argument("--pairs", type=Path)
    wanted.add_argument("--pairs-out", type=Path)
    asked = wanted.parse_args()
    seen: dict[str, Receipt] = {}
    if asked.out:
        files = sorted(file for part in ("img", "pdf") for file in (asked.folder / part).rglob("*") if file.is_file())
        with asked.out.open("w", encoding="utf-8") as out:
            for place, file in enumerate(files, 1):
                name = file.relative_to(asked.folder).as_posix()
                out.write(json.dumps(told(name, _read(asked.folder, name, seen)), ensure_ascii=False) + "\n")
                out.flush()
                print(f"\r{place} of {len(files)}", end="", file=sys.stderr)
        print(file=sys.stderr)
    if asked.pairs:
        lines: list[dict[str, Any]] = [json.loads(each) for each in asked.pairs.read_text("utf-8").splitlines() if each]
        with asked.pairs_out.open("w", encoding="utf-8") as out:
            for each in lines:
                verdict = compare(_read(asked.folder, each["a"], seen), _read(asked.folder, each["b"], seen))
                out.write(json.dumps({"a": each["a"], "b": each["b"], "verdict": verdict}) + "\n")


def _read(folder: Path, name: str, seen: dict[str, Receipt]) -> Receipt:
    """The receipt in a file below the folder, read once."""
    if name not in seen:
        content = (folder / name).read_bytes()
        seen[name] = read(content, day_first=True, currency="EUR", our_tax_ids=(), today=datetime.now(UTC).date())
    return seen[name]


if __name__ == "__main__":
    main()

"""Receipts are read by command, from files to lines of JSON, a picture and a PDF; and for a scorer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.receipts.drawn import pdf, picture, saved

KIOSK = """
   KIOSKO SOL S.L.
   NIF B12345674
   Fecha: 17/11/2026  14:22
   TOTAL EUR              9,60
"""

pytestmark = pytest.mark.drill


def _run(*words: str) -> list[dict[str, Any]]:
    run = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=True, timeout=180)
    return [json.loads(each) for each in run.stdout.splitlines()]


def _said(line: dict[str, Any]) -> tuple[str, ...]:
    return tuple(line[name] for name in ("merchant", "date", "total", "currency"))


def test_files_are_read_by_command_and_for_a_scorer(tmp_path: Path) -> None:
    for part, name, content in (("img", "a.jpg", saved(picture(KIOSK, size=40))), ("pdf", "b.pdf", pdf(KIOSK))):
        (tmp_path / part).mkdir()
        (tmp_path / part / name).write_bytes(content)
    right = ("KIOSKO SOL S.L.", "2026-11-17", "9.60", "EUR")
    home = ("--home", str(tmp_path / "home"))

    files = (str(tmp_path / "img/a.jpg"), str(tmp_path / "pdf/b.pdf"))
    lines = _run("backdesk", "receipt", "read", *files, "--json", *home)
    assert [line["file"] for line in lines] == list(files)
    assert [_said(line) for line in lines] == [right, right]
    assert {name for line in lines for name in line["ask"]} <= {"currency"}

    told, pairs, out = (tmp_path / name for name in ("pred.jsonl", "pairs.jsonl", "verdicts.jsonl"))
    pairs.write_text(json.dumps({"a": "img/a.jpg", "b": "pdf/b.pdf"}) + "\n", "utf-8")
    _run("tests.evals.receipts", str(tmp_path), "--out", str(told), "--pairs", str(pairs), "--pairs-out", str(out))
    lines = [json.loads(each) for each in told.read_text("utf-8").splitlines()]
    assert [(line["file"], _said(line)) for line in lines] == [("img/a.jpg", right), ("pdf/b.pdf", right)]
    assert json.loads(out.read_text("utf-8")) == {"a": "img/a.jpg", "b": "pdf/b.pdf", "verdict": "duplicate"}

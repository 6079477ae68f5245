"""Answers a set of policy questions from a folder of documents, for a scorer to read.

    python -m tests.evals.policy --corpus DIR --questions FILE --out run.jsonl

DIR is the folder that the documents' paths start from; where DIR/<the question's corpus> exists, that. The questions
are asked as an employee whom every document addresses. Nothing but the arguments and the installed product is read.
"""

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import backdesk
from backend.store import Base, Store, embedded_url
from knowledge import embedding
from knowledge.citing import ANSWERED, answer
from knowledge.index import Index
from knowledge.publishing import publish_all
from knowledge.reading import read_folder
from knowledge.search import Reader

assert backdesk  # imported first for what it does: sentence encoders work on one thread


def run(corpus: Path, questions: list[dict[str, Any]], *, home: Path) -> list[dict[str, Any]]:
    """Publishes a folder into a home of its own and asks every question; a line for each."""
    store = Store(embedded_url(home))
    Base.metadata.create_all(store.engine)
    publish_all(store, read_folder(corpus).readings, by=None, progress=_told)
    print(file=sys.stderr)
    index = Index(store, home=home)
    index.catch_up()
    embedding.load()
    reader = Reader(person=None, audiences=None, places=None, day=datetime.now(UTC).date())
    out: list[dict[str, Any]] = []
    for each in questions:
        begun = time.perf_counter()
        finding = answer(store, index, each["question"], reader, keep_gap=False)
        line: dict[str, Any] = {
            "id": each["id"],
            "retrieved": [{"doc": doc, "heading": heading} for doc, heading in finding.retrieved],
            "answer": finding.text,
            "refused": finding.outcome != ANSWERED,
            "outcome": finding.outcome,
            "confidence": round(finding.confidence, 4),
            "latency_ms": round(1000 * (time.perf_counter() - begun), 1),
            "citations": [
                {"doc": cited.doc, "heading": cited.heading, "quote": cited.quote} for cited in finding.citations
            ],
        }
        out.append(line)
    index.close()
    store.close()
    return out


def main() -> None:
    """Reads the arguments, answers, writes the run."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--corpus", type=Path, required=True)
    words.add_argument("--questions", type=Path, required=True)
    words.add_argument("--out", type=Path, required=True)
    given = words.parse_args()
    with given.questions.open(encoding="utf-8") as file:
        questions = [json.loads(line) for line in file if line.strip()]
    folders: dict[Path, list[dict[str, Any]]] = {}
    for each in questions:
        own = given.corpus / str(each.get("corpus") or "")
        folders.setdefault(own if own.is_dir() else given.corpus, []).append(each)
    with given.out.open("w", encoding="utf-8") as out:
        for folder, some in folders.items():
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
                for line in run(folder, some, home=Path(home)):
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _told(done: int, total: int) -> None:
    print(f"\r{done} of {total} passages", end="", file=sys.stderr)


if __name__ == "__main__":
    main()

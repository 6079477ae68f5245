"""From `backdesk demo` typed to the page answering, the second time, over starting Python with SQLAlchemy alone."""

import os
import re
import subprocess
import sys
import tempfile
import time
from urllib.request import urlopen


def measure() -> str:
    """One line: seconds until the page answers, and the ratio to the bare imports."""
    with tempfile.TemporaryDirectory() as folder:
        _started(folder)
        seconds = min(_started(folder) for _ in range(3))
    bare = min(
        _timed([sys.executable, "-c", "import sqlalchemy.orm, starlette.applications, uvicorn"]) for _ in range(3)
    )
    return (
        f"start: the page answers after {seconds:.2f} s; the bare imports take {bare:.2f} s; ratio {seconds / bare:.1f}"
    )


def _started(folder: str) -> float:
    before = time.monotonic()
    command = [sys.executable, "-m", "backdesk", "demo", "--no-browser"]
    env = {**os.environ, "PYTHONPATH": os.getcwd()}
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = next(match for line in process.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        with urlopen(found[0]) as answer:
            answer.read()
        return time.monotonic() - before
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _timed(command: list[str]) -> float:
    before = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - before

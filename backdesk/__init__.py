"""Puts the folders of Backdesk (bot, tools, knowledge, backend) on the import path, wherever they were installed."""

import os
import sys
from pathlib import Path

_here = Path(__file__).resolve().parent
_root = _here / "_app" if (_here / "_app").is_dir() else _here.parent
if str(_root) not in sys.path:
    sys.path.insert(0, str(_root))

# The sentence encoders multiply small matrices: more than one thread makes each of them several times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

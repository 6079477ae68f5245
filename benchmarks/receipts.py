"""Reading a receipt that is drawn here, upright, on its side and upside down: CPU and memory of a fresh process."""

import json
import subprocess
import sys

_PROGRAM = """
import json, resource, sys, time
import backdesk
from PIL import Image
from knowledge.pages.reading import here
from tests.receipts.drawn import picture, saved
here(saved(picture("warm up 12.00")))
out = {}
turns = Image.Transpose
for name, turn in (("upright", None), ("sideways", turns.ROTATE_90), ("upside down", turns.ROTATE_180)):
    drawn = picture(size=40)
    content = saved(drawn if turn is None else drawn.transpose(turn))
    before = time.process_time()
    here(content)
    out[name] = time.process_time() - before
out["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(out))
"""


def measure() -> str:
    """One line: CPU seconds for each way it lies, with the models loaded, and the most memory that was held, in MB."""
    run = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    told = json.loads(run.stdout.splitlines()[-1])
    ways = ", ".join(f"{name} {told[name]:.1f} s" for name in ("upright", "sideways", "upside down"))
    return f"a receipt of 13 lines: CPU {ways}; {told['peak']:.0f} MB at most"


if __name__ == "__main__":
    print(measure())

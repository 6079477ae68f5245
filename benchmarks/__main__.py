"""Runs the benchmarks and prints a line for each: `make bench`."""

import backdesk
from benchmarks import channels, decision, hosted, receipts, slack, start, turn

assert backdesk  # imported for what it does: it puts the folders on the path


def main() -> None:
    for each in (decision, turn, hosted, channels, receipts, slack, start):
        print(each.measure())


if __name__ == "__main__":
    main()

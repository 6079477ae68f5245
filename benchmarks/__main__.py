"""Runs the benchmarks and prints a line for each: `make bench`."""

from benchmarks import channels, decision, hosted, receipts, search, slack, start, turns


def main() -> None:
    for each in (decision, turns, search, hosted, channels, receipts, slack, start):
        print(each.measure())


if __name__ == "__main__":
    main()

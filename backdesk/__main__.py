"""The door that every Backdesk process comes in by."""

import backdesk

assert backdesk  # imported for what it does: it puts the folders on the path


def main() -> None:
    """Runs the command line; exits 0 on success, 1 on a refusal, 2 on wrong usage."""
    from bot.cli import run

    run()


if __name__ == "__main__":
    main()

"""The door that every Backdesk process comes in by."""

import gc

import backdesk

assert backdesk  # imported for what it does: it puts the folders on the path


def main() -> None:
    """Runs the command line; exits 0 on success, 1 on a refusal, 2 on wrong usage."""
    from backend.private import keep_private
    from bot.cli import run

    keep_private()
    gc.set_threshold(50_000, 20, 100)  # by default a sixth of all time goes into looking for garbage
    run()


if __name__ == "__main__":
    main()

"""``alerts`` and ``python -m alerts``: the command line, with errors in one line and an exit code."""

from __future__ import annotations

import os
import sys

from alerts.model.errors import AlertsError, AuthoringError, ConfigError, NotFoundError, StoreError

EXIT_CODES: dict[type[AlertsError], int] = {NotFoundError: 2, ConfigError: 3, AuthoringError: 3, StoreError: 4}
"""0 ok · 1 the thing asked is false · 2 usage · 3 configuration · 4 unavailable."""


def main() -> None:
    """Run the command line; never show a traceback for what a person can mend."""
    from alerts.cli.app import app

    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # not later, where nobody could answer for it
    except AlertsError as error:
        print(error, file=sys.stderr)
        sys.exit(next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 4))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

"""The ``workbench`` command. Each command is a module with ``register(app)``; what it needs it imports when it runs."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn


def main() -> None:
    """Entry point of the command."""
    from workbench.cli.app import PROGRAM, application
    from workbench.cli.console import tolerant_streams
    from workbench.cli.failure import guarded, refuse_no_text

    def command() -> object:
        refuse_no_text(sys.argv[1:])
        return application()(sys.argv[1:], prog_name=PROGRAM)

    tolerant_streams()
    _stop_as_interrupted()
    # A name given, because sys.argv[0] may be a path that ends in .exe or __main__.py.
    sys.exit(guarded(command, as_json="--json" in sys.argv))


def _stop_as_interrupted() -> None:
    """Being told to stop (a closed terminal, a shutdown) ends a command like Ctrl-C: what is half done is taken back."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt

"""The ``workbench`` command. Each command is a module with ``register(app)``; what it needs it imports when it runs."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command."""
    from workbench.cli.app import PROGRAM, application
    from workbench.cli.console import tolerant_streams
    from workbench.cli.failure import guarded

    tolerant_streams()
    # A name given, because sys.argv[0] may be a path that ends in .exe or __main__.py.
    sys.exit(guarded(lambda: application()(sys.argv[1:], prog_name=PROGRAM), as_json="--json" in sys.argv))

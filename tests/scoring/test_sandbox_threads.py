"""Nothing of a time limit outlives the statement it was for."""

from __future__ import annotations

import threading

from workbench.scoring.sandbox import connect, limited


def test_no_timer_holds_the_connection_after_the_block() -> None:
    # A timer thread that dropped the last reference at the end of the process aborted Python (rc 134, "exception not
    # rethrown"), because the engine was closed by a dying thread.
    for _ in range(20):
        connection = connect()
        with limited(connection, "测试"):
            connection.execute("SELECT 1")
        assert not [t for t in threading.enumerate() if isinstance(t, threading.Timer)]

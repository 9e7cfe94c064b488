"""Stopping work that is spread: nothing more begins, what has begun is brought to its end and counted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK")
"""What a terminal or a service sends to have something stopped."""


class Stop:
    """Somebody's wish that no further task begins. Whoever hands out tasks looks at it before each.

    Attributes:
        asked: whether somebody wants it. A plain flag: a signal may come at any moment, also while another is heard.
        begun: tasks that have begun and not ended, as whoever hands them out keeps it.
    """

    def __init__(self) -> None:
        self.asked = False
        self.begun = 0

    def ask(self) -> None:
        """No further task shall begin."""
        self.asked = True


NEVER = Stop()
"""Of work that nobody can stop; nobody asks it."""


@contextmanager
def listening(stop: Stop, tell: Callable[[str], None]) -> Iterator[None]:
    """Hear the terminal: the first Ctrl-C (or what ends a service) asks to stop, which is told, a second one interrupts at once.

    In another thread than the main one, which alone may hear signals, nothing is heard.
    """

    def hear(number: int, frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.ask()
        waited = f"正在等已开始的{stop.begun}份结束" if stop.begun else "正在停下"
        with suppress(RuntimeError):  # it was printing something else just then
            tell(f"\n{waited};再按一次 Ctrl-C 立即停下")

    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {}
    with suppress(ValueError):  # not the main thread
        for number in numbers:
            before[number] = signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""What a kernel is for whoever ordered it, however its process was made."""

from __future__ import annotations

from typing import Protocol

from workbench.warm.order import Order
from workbench.warm.wire import Wire


class KernelProcess(Protocol):
    """A process that answers over two wires. It ends with whoever ordered it, at the latest."""

    @property
    def shell(self) -> Wire: ...

    @property
    def iopub(self) -> Wire: ...

    def alive(self) -> bool:
        """Whether the process is there."""
        ...

    def interrupt(self) -> None:
        """As Ctrl-C would."""
        ...

    def kill(self) -> None:
        """End the kernel and whatever it has started; does not wait."""
        ...

    def close(self) -> None:
        """End the kernel, wait until it is gone, close the wires."""
        ...


class KernelServer(Protocol):
    """Where kernels come from."""

    def kernel(self, order: Order) -> KernelProcess:
        """A new kernel. Raises OSError when none can be started."""
        ...

    def close(self) -> None:
        """End every kernel, and whatever makes them."""
        ...

"""Where this process gets its warm kernels: forked where that is safe, else started ahead."""

from __future__ import annotations

import sys
from functools import cache

from workbench.warm.process import KernelServer


@cache
def kernel_server() -> KernelServer:
    """The one of this process. Forking is safe on Linux; on macOS system libraries may break in a fork, Windows has none."""
    if sys.platform == "linux":
        from workbench.warm.forking import ForkServer

        return ForkServer()
    from workbench.warm.spawning import SpawnServer

    return SpawnServer()

"""A real scheduler and real workers on the loopback.

Few tests with several steps each: a worker takes seconds to start.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import cluster_works
import pytest

from workbench.runs.batch.cluster import cluster_runner
from workbench.runs.batch.cluster.failures import ClusterError, ClusterLost
from workbench.runs.batch.cluster.runner import AHEAD
from workbench.runs.batch.task import Outcome, Task
from workbench.runs.batch.working import work
from workbench.runs.pool import Ended, spread
from workbench.runs.stopping import Stop

PLANS = 200


def outcomes(ends: Iterator[Ended[Task, Outcome]]) -> dict[str, Outcome | None]:
    return {ended.task.name: ended.answer for ended in ends}


def test_200_plans_with_a_worker_killed_are_those_of_a_local_run(province: Any, processes: Any, digests: Any) -> None:
    tasks = province.settle(PLANS)
    for options in ("--nanny", "--no-nanny", "--no-nanny"):
        processes.hire(options)
    done: dict[str, Outcome | None] = {}
    with closing(cluster_runner(processes.address)(tasks)) as ends:
        for ended in ends:
            done[ended.task.name] = ended.answer
            if len(done) == PLANS // 3:
                processes.workers[1].kill()
    assert {name for name, outcome in done.items() if outcome is None or outcome.state != "run"} == set()
    assert len(done) == PLANS
    assert [
        name for name in processes.left() if not name.startswith("scratch1")
    ] == []  # whoever was killed cleans nothing
    here = province.root.with_name("here")
    local = outcomes(spread(work, [replace(task, out=here) for task in tasks], 2))
    assert len(local) == PLANS
    found = digests(province.root / "runs")
    assert found == digests(here)
    assert len(found) == sum(1 for path in here.glob("town-*/*/**/*") if path.is_file())


def test_who_may_take_part_and_what_a_batch_leaves(province: Any, processes: Any, tmp_path: Path, digests: Any) -> None:
    tasks = province.settle(6)
    told: list[str] = []

    # Nobody is there yet.
    with pytest.raises(ClusterError, match="没有工作进程"):
        outcomes(cluster_runner(processes.address, tell=told.append, patience=1)(tasks))
    assert told[0].startswith("调度器已连上,还没有工作进程,继续等待")

    # Evidence from a folder that all machines share; the workspace has none of its own.
    processes.hire("--nanny")
    evidence = (province.root / "evidence").rename(tmp_path / "evidence")
    fetched = outcomes(cluster_runner(processes.address, str(tmp_path), work=cluster_works.reading)(tasks))
    for n, name in enumerate(sorted(fetched)):
        there = {
            f"evidence/{path}": sha256 for path, sha256 in digests(evidence).items() if path.startswith(f"p{n:04d}")
        }
        assert dict(fetched[name].inputs) == there
    evidence.rename(province.root / "evidence")

    # A plan that is the end of every worker it comes to; the nanny brings workers, without the library.
    killed = outcomes(cluster_runner(processes.address, work=cluster_works.deadly)(tasks))
    assert [name for name, outcome in killed.items() if outcome is None] == ["plans/p0000.yaml"]
    assert len(killed) == len(tasks)

    # Somebody wants to stop: what was handed out is told to its end, and nothing else begins.
    stop = Stop()
    with closing(cluster_runner(processes.address, work=cluster_works.slow, stop=stop)(tasks)) as ends:
        next(ends)
        stop.ask()
        assert len(outcomes(ends)) == AHEAD - 1

    # Left in the middle: what has not begun is cancelled, and nothing stays.
    with closing(cluster_runner(processes.address, work=cluster_works.slow)(tasks)) as ends:
        next(ends)
    assert tasks_left(processes.address) == 0

    # A worker with a pack this machine has not got comes in the middle, and is left out; then nobody begins with it.
    with closing(cluster_runner(processes.address, work=cluster_works.slow, tell=told.append)(tasks)) as ends:
        first = next(ends)
        processes.hire("--no-nanny", path=[foreign_pack(tmp_path)])
        wait_for(processes.address, 2)
        rest = outcomes(ends)
    assert first.answer is not None
    assert len({outcome.title for outcome in [first.answer, *rest.values()] if outcome is not None}) == 1
    with pytest.raises(ClusterError, match=r"工作进程 tcp://.*foreign-pack 那里1\.0 \w+、本机没有"):
        outcomes(cluster_runner(processes.address)(tasks))
    assert processes.left() == []

    # The scheduler goes.
    processes.workers[1].send_signal(signal.SIGTERM)
    processes.workers[1].wait(20)
    with (
        closing(cluster_runner(processes.address, work=cluster_works.slow)(tasks)) as ends,
        pytest.raises(ClusterLost, match=r"调度器不再应答.*--resume"),
    ):
        next(ends)
        processes.scheduler.kill()
        outcomes(ends)


def foreign_pack(folder: Path) -> Path:
    """An installed distribution with an entry point, as pip would leave it."""
    place = folder / "installed"
    (place / "foreign_pack").mkdir(parents=True)
    (place / "foreign_pack" / "__init__.py").write_text("", encoding="utf-8")
    info = place / "foreign_pack-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign-pack\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[workbench]\nforeign = foreign_pack\n", encoding="utf-8")
    return place


def tasks_left(address: str) -> int:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return int(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))


def wait_for(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)


def test_nobody_at_the_address(province: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ClusterError, match=rf"连不上调度器\({os.strerror(errno.ECONNREFUSED)}\)"):
            list(cluster_runner(address)([province.project(0)]))


def test_tls_without_certificates_is_told_at_once(province: Any) -> None:
    """Dask would fail in its client's own thread, and wait for that at the end for 40 seconds, with a traceback."""
    with pytest.raises(ClusterError, match=r"没有配好连接集群的证书.*没有配置.*ca-file"):
        outcomes(cluster_runner("tls://127.0.0.1:1")(province.settle(1)))


@pytest.mark.parametrize("address", ["localhost:8786", "http://host:8786", "tcp://host", ""])
def test_no_address_of_a_scheduler(address: str) -> None:
    with pytest.raises(ClusterError, match=r"应为tcp://主机:端口 或 tls://主机:端口"):
        cluster_runner(address)

"""What can be wrong with a cluster, in the words of whoever has to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from workbench.base.errors import Place, Problem, WorkbenchError, shorten

INSTALL = "uv sync --extra cluster"
"""In the folder of the sources: on the public index ``workbench`` is another program."""
GO_ON = "已完成的都在;集群恢复后加 --resume 再运行同一条命令,从没有完成的接着运行"
SHOWN_DIFFERENCES = 6


class ClusterError(WorkbenchError):
    """The cluster cannot be used as it is; nothing was run."""

    heading = "集群无法使用"


class ClusterLost(ClusterError):
    """The cluster went away in the middle of a batch; what is finished stays."""

    exit_code: ClassVar[int] = 3
    heading = "与集群的联系中断"


def not_installed() -> ClusterError:
    """Dask is not here."""
    return ClusterError(Problem("cluster_missing", "本机没有安装集群所需的组件", fix=f"请在源码文件夹中运行 {INSTALL}"))


def bad_address(address: str) -> ClusterError:
    """No address of a scheduler."""
    message, expected = "调度器地址写法不对", "tcp://主机:端口 或 tls://主机:端口"
    return ClusterError(Problem("scheduler_address", message, Place("--scheduler"), address, expected))


def unreachable(address: str, why: object) -> ClusterError:
    """Nobody answers at the address."""
    fix = "请检查地址、网络和防火墙,并确认调度器(dask scheduler)已启动;tls:// 还须配好证书"
    message = f"连不上调度器({shorten(why, 120)})" if str(why) else "连不上调度器"
    return ClusterError(Problem("scheduler_unreachable", message, Place("--scheduler"), address, fix=fix))


def no_certificates(address: str, why: str) -> ClusterError:
    """The address asks for TLS, which this machine is not set up for."""
    fix = (
        "请在 Dask 的配置中写明 distributed.comm.tls 的 ca-file 和 client 的 key、cert,见“在集群上批量运行”的“安全”一节"
    )
    message = f"本机没有配好连接集群的证书({why})"
    return ClusterError(Problem("no_certificates", message, Place("--scheduler"), address, fix=fix))


def no_workers(seconds: float) -> Problem:
    """Somebody has waited long enough for workers."""
    fix = "请在各计算机器上运行 dask worker,并查看其日志"
    return Problem("no_workers", f"调度器在,但{seconds:.0f}秒内没有工作进程", fix=fix)


def lost(address: str) -> ClusterLost:
    """The scheduler does not answer any more."""
    return ClusterLost(Problem("scheduler_lost", "调度器不再应答", Place("--scheduler"), address, fix=GO_ON))


def workers_lost(seconds: float) -> ClusterLost:
    """The scheduler is there, and nobody works."""
    return ClusterLost(Problem("workers_lost", f"全部工作进程离开集群已{seconds:.0f}秒", fix=GO_ON))


def other_scheduler(found: Mapping[str, str], expected: Mapping[str, str]) -> ClusterError:
    """The scheduler's own installation does not fit."""
    return ClusterError(
        differing("调度器", {k: (found.get(k, ""), v) for k, v in expected.items() if found.get(k) != v})
    )


def differing(who: str, found: Mapping[str, tuple[str, str]]) -> Problem:
    """A worker would make other bytes: what differs, as (there, here)."""
    told = [f"{name} 那里{there or '没有'}、本机{here or '没有'}" for name, (there, here) in found.items()]
    more = f",另有{len(told) - SHOWN_DIFFERENCES}处" if len(told) > SHOWN_DIFFERENCES else ""
    message = f"所装的程序与本机不同,结果会不一样:{';'.join(told[:SHOWN_DIFFERENCES])}{more}"
    fix = "请在该机器装上与本机相同的版本(最好都用同一个镜像),再重新启动它"
    return Problem("worker_differs", message, Place(who), fix=fix)


def unable(who: str, error: BaseException) -> Problem:
    """A worker that could not even be asked."""
    if isinstance(error, ModuleNotFoundError):
        message = f"没有安装 workbench,或缺少组件({shorten(error, 80)})"
        return Problem(
            "worker_without", message, Place(who), fix=f"请在该机器的源码文件夹中运行 {INSTALL},再重新启动它"
        )
    what = shorten(f"{type(error).__name__}: {error}", 120)
    return Problem("worker_unable", f"做不了准备工作({what})", Place(who), fix="请查看该工作进程的日志")


def refused(problems: Sequence[Problem]) -> ClusterError:
    """Workers that may not take part."""
    return ClusterError(problems)

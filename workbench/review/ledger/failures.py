"""What a database says when it cannot do its work, in Chinese and with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from workbench.base.errors import LedgerError, Place, Problem
from workbench.base.writing import unwritable

LOCK_SECONDS = 15
"""How long an append waits for others. An append takes milliseconds; longer means that somebody holds the database."""

RESTORE = "请先原样保存这份文件,再用备份或导出的 .jsonl 文件恢复(workbench ledger import)"
"""What to do with a file that cannot be trusted any more."""
_ADMIN = "联系数据库管理员"
_CAUSES: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (
        ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "57014", "40P01", "POOL"),
        "ledger_busy",
        f"台账正被占用,等了{LOCK_SECONDS}秒仍未轮到,本次操作没有记入",
        "请稍后重试;仍不行时,请主评人关闭正在使用台账的其他程序(备份、同步盘、数据库查看工具)",
    ),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "25006", "42501"),
        "ledger_read_only",
        "台账只读,写不进去",
        "请检查文件、文件夹或数据库账号的写权限;存档的台账请复制到可写的位置再打开",
    ),
    (("SQLITE_FULL", "53100"), "disk_full", "磁盘已满,本次操作没有记入", "请腾出空间后重试"),
    (("SQLITE_NOTADB",), "not_a_ledger", "这不是评审台账文件", RESTORE),
    (("SQLITE_CORRUPT", "XX001", "XX002"), "ledger_corrupt", "台账文件已损坏", RESTORE),
    (("SQLITE_CANTOPEN",), "ledger_unreachable", "台账文件打不开", "请检查该文件和所在文件夹是否存在、有无读写权限"),
    (("SQLITE_IOERR",), "disk_failure", "读写磁盘出错,本次操作没有记入", "请检查磁盘是否已满、是否断开,然后重试"),
    (("SQLITE_CONSTRAINT", "23"), "ledger_refused", "数据库拒绝写入:台账只能在末尾追加,不得修改和删除", RESTORE),
    (
        ("08", "57P", "53300", "UNREACHABLE"),
        "ledger_unreachable",
        "连不上数据库",
        f"请检查网络,以及 WORKBENCH_LEDGER 中的服务器、数据库名、用户名和密码,或{_ADMIN}",
    ),
)
_OTHER = ("ledger_failure", "数据库出错,本次操作没有完成", f"请重试;仍不行时,请保存台账文件,或{_ADMIN}")


class NoLedger(LedgerError):
    """The evaluation has no ledger yet: nobody has begun its review."""

    exit_code: ClassVar[int] = 2


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what the database raises into LedgerError; ``where`` names the ledger without a password.

    The original is not chained: its text holds the statement with people's words, and might hold the address.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise LedgerError(_problem(error, where)) from None


@contextmanager
def file_trouble(where: str) -> Iterator[None]:
    """Turn what the file system raises into LedgerError."""
    try:
        yield
    except OSError as error:
        raise LedgerError(unwritable(error, where, "请检查文件夹和权限")) from None


def _problem(error: SQLAlchemyError, where: str) -> Problem:
    found = _code_of(error)
    causes = ((code, message, fix) for starts, code, message, fix in _CAUSES if found.startswith(starts))
    code, message, fix = next(causes, _OTHER)
    # The database's own code is for whoever is asked for help.
    return Problem(code, message if found in _OURS else f"{message}({found})", Place(where), fix=fix)


_POOL, _UNREACHABLE = _OURS = ("POOL", "UNREACHABLE")


def _code_of(error: SQLAlchemyError) -> str:
    """SQLite's error name or PostgreSQL's SQLSTATE."""
    if isinstance(error, PoolTimeout):
        return _POOL
    if not isinstance(error, DBAPIError):
        return type(error).__name__
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if code is None:  # psycopg gives no state when it never reached the server, or lost it
        return _UNREACHABLE if type(error.orig).__name__ == "OperationalError" else type(error.orig).__name__
    return str(code)

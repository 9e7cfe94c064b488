"""Numbers and names as an evaluator writes them."""

from __future__ import annotations

import difflib
import errno
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Full-width signs too: Excel in Chinese takes them for the plain ones."""
BEIJING = timezone(timedelta(hours=8))
"""All of China keeps one time; a paper says the same wherever it is printed."""
_TELLING = 4
"""Characters that say which name is begun."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def plain(number: Decimal) -> str:
    """Decimal without exponent and without a negative zero: ``Decimal('1E+2')`` → ``100``."""
    text = format(number, "f")
    return text.lstrip("-") if number == 0 else text


def trimmed(number: Decimal) -> str:
    """As :func:`plain`, without trailing zeros: ``20.00`` → ``20``, ``97.50`` → ``97.5``."""
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(number: Decimal, unit: str | None) -> str:
    """Number and unit the way a remark column shows them: ``79.27%``, ``195.5万元``."""
    return f"{trimmed(number)}{unit or ''}"


def half_width(text: str) -> str:
    """Full-width digits, letters and signs (１２,％) as half-width ones; white space trimmed."""
    return text.translate(_FULL_WIDTH).strip()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to ``name``, first the only one that begins like it; None when nothing is close."""
    names = list(known)
    begun = [k for k in names if len(name) >= _TELLING and _bare(k).startswith(_bare(name))]
    if len(begun) == 1:
        return begun[0]
    # Two letters of three are in many a word; of two codes (D2, D3) one letter is enough.
    alike = 0.6 if len(name) < _TELLING and name.isascii() and name.isalpha() else 0.5
    matches = difflib.get_close_matches(name, names, n=1, cutoff=alike)
    return matches[0] if matches else None


def _bare(name: str) -> str:
    """A name without the hyphens that people leave out."""
    return name.replace("-", "").replace("_", "").casefold()


def suggest(name: str, known: Iterable[str]) -> str:
    """A “did you mean” sentence, falling back to the list of what is known."""
    names = sorted(known)
    best = nearest(name, names)
    if best:
        return f"是否想写“{best}”?"
    return f"可用的有:{'、'.join(names[:12])}{f'等{len(names)}个' if len(names) > 12 else ''}" if names else ""


def beginning(text: str, longest: int) -> str:
    """A text, or as much of it as there is room for."""
    return text if len(text) <= longest else f"{text[:longest]}……"


def file_stem(text: str) -> str:
    """``text`` as part of a file name on any system; one that had to be changed gets a digest, so that no two ever meet."""
    safe = re.sub(r"[^\w.-]", "_", text)[:40].lstrip(".")
    return text if safe == text else f"{safe}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading = + - @ tab or return gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTERS) else text


_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.ENOENT: "文件夹不存在",
    errno.ENOTDIR: "路径中有一段是文件,不是文件夹",
    errno.EEXIST: "同名文件已存在",
    errno.EISDIR: "这是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "符号链接互相指向",
    errno.EMFILE: "打开的文件太多",
    errno.EBUSY: "正被占用",
    errno.ENOTEMPTY: "文件夹里已有内容",
    errno.EFBIG: "文件超过本机或磁盘允许的大小",
    errno.EIO: "读写出错,磁盘或网络可能有故障",
    errno.ENODEV: "设备不可用",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不足",
    errno.EXDEV: "不在同一磁盘",
    errno.EINVAL: "名称或参数无效",
    errno.EILSEQ: "名称中有系统不认识的字符",
    errno.ETIMEDOUT: "超时没有应答",
}


def reason(error: OSError) -> str:
    """Why the system refused a file, in Chinese; its own words where they are not known here."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def moment(at: str | None) -> str:
    """A ledger's time (UTC) as people here read it: ``2026-11-22 14:59``, Beijing time; empty for None."""
    if not at:
        return ""
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")

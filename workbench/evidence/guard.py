"""Looks at an xlsx before any parser does: what it really is, how large it unpacks, and what the parser would hide.

The fast reader allocates rows × columns up to the farthest cell (two cells in A1 and XFD1048576 end the process), gives
error cells and uncalculated formulas as blanks and knows no number formats. All of that is read off the XML here.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.base.errors import FileError
from workbench.base.zipends import MAX_PARTS, crowd_of
from workbench.evidence.raw import Spot, column_of, file_error

MAX_UNPACKED = 1024**3
MAX_RATIO = 200
RATIO_FROM = 1024**2
"""Below this unpacked size a high ratio is harmless: a nearly empty workbook packs well."""
MAX_CELLS = 32_000_000
CHUNK = 32 * 1024 * 1024
PROLOG = 64 * 1024
"""Where a document type would have to stand."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请在 Excel 或 WPS 中另存为“Excel 工作簿(*.xlsx)”后再读取"

# A quoted reference with two letters or more: only then can a sheet be wider than 26 columns.
_WIDE = (re.compile(rb'"[A-Za-z]{2,}\d'), re.compile(rb"'[A-Za-z]{2,}\d"))
_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{2,})\d")
_ROW = re.compile(rb"\br\s*=\s*[\"'][A-Za-z]*(\d+)[\"']")
# Lengths are bounded, so that a sheet made of unclosed tags is not searched for hours.
_ERROR = re.compile(
    rb'<c\b(?=[^>]{0,300}\bt="e")[^>]{0,300}\br="([A-Z]{1,3})(\d{1,7})"[^>]{0,300}>'
    rb"(?:<f(?:\s[^>]{0,300})?(?:/>|>[^<]*</f>))?<v>([^<]{0,20})</v>"
)
_UNCALCULATED = re.compile(
    rb'<c\b(?![^>]{0,300}\bt="str")[^>]{0,300}\br="([A-Z]{1,3})(\d{1,7})"[^>]{0,300}>'
    rb"<f(?:\s[^>]{0,300})?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_PREFIX = re.compile(rb"<(/?)\w{1,20}:(row|c|f|v)\b")
"""Some programs write <x:c> for <c>."""


@dataclass
class SheetFacts:
    """What the XML of one sheet tells: its far corner, cells with errors, formulas without result, percent cells."""

    last_row: int = 0
    last_column: int = 26
    errors: dict[Spot, str] = field(default_factory=dict)
    uncalculated: set[Spot] = field(default_factory=set)
    percent: set[Spot] = field(default_factory=set)


def check_kind(path: Path, file: str) -> None:
    """Raises FileError with the right advice for encrypted files, old .xls files and files that are no zip at all."""
    with path.open("rb") as stream:
        start = stream.read(8)
        if start == _OLE:
            if _ENCRYPTED in stream.read():
                raise file_error("file_encrypted", "文件已加密", file, "请先在 Excel 或 WPS 中取消打开密码,再保存")
            raise file_error("file_old_format", "这是旧版 .xls 工作簿", file, _SAVE_AS)
    if not start:
        raise file_error("file_empty", "文件是空的", file, "请重新导出或重新复制")
    if not start.startswith(b"PK"):
        raise file_error("file_not_xlsx", "不是 Excel 工作簿(.xlsx)", file, _SAVE_AS)


def open_checked(path: Path, file: str) -> zipfile.ZipFile:
    """The open zip, after its directory was checked. Raises FileError; the caller closes it."""
    check_kind(path, file)
    try:
        with path.open("rb") as stream:
            crowd = crowd_of(stream)
        if crowd is not None:
            raise _crowded(file)
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise file_error("file_truncated", "文件不完整或已损坏", file, "请重新导出或重新复制文件") from None
    try:
        _check_directory(archive, file)
    except FileError:
        archive.close()
        raise
    return archive


def _crowded(file: str) -> FileError:
    return file_error("zip_too_many", "压缩包里的部件太多,不是正常的工作簿", file, "文件不可信,请向提供方重新索取")


def _check_directory(archive: zipfile.ZipFile, file: str) -> None:
    entries = archive.infolist()
    unpacked = sum(e.file_size for e in entries)
    packed = max(1, sum(e.compress_size for e in entries))
    names = [e.filename for e in entries]
    if any(_leaves(n) for n in names):
        raise file_error("zip_path", "压缩包里有指向外部的路径", file, "文件不可信,请向提供方重新索取")
    if len(names) != len(set(names)):
        raise file_error("zip_duplicate", "压缩包里有同名部件", file, "文件不可信,请向提供方重新索取")
    if len(entries) > MAX_PARTS:
        raise _crowded(file)
    if unpacked > MAX_UNPACKED:
        raise file_error("zip_too_large", f"解压后有{unpacked / 1024**2:.0f} MB,超过上限", file, "请只保留要评价的数据")
    if unpacked > RATIO_FROM and unpacked / packed > MAX_RATIO:
        raise file_error("zip_ratio", f"压缩比为{unpacked / packed:.0f}倍,不正常", file, "请检查文件来源,另存后再读取")
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        raise file_error("zip_method", "压缩方式不是 Excel 用的", file, _SAVE_AS)
    if any(e.flag_bits & 1 for e in entries):
        raise file_error("file_encrypted", "文件已加密", file, "请先取消密码,再保存")
    if any(n.endswith("vbaProject.bin") for n in names):
        raise file_error("file_macros", "工作簿带有宏", file, _SAVE_AS)
    if "[Content_Types].xml" not in names or not any(n.endswith("workbook.xml") for n in names):
        raise file_error("file_not_xlsx", "不是 Excel 工作簿(.xlsx)", file, _SAVE_AS)


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or "\\" in name or ".." in name.split("/")


def scan(archive: zipfile.ZipFile, percent_styles: frozenset[int], file: str) -> dict[str, SheetFacts]:
    """Facts of every part that holds sheet cells, by its path in the zip. Raises FileError.

    Reads every part to its end, so that a part that unpacks to another size than it declares is found here.
    """
    facts: dict[str, SheetFacts] = {}
    try:
        for entry in archive.infolist():
            sheet = SheetFacts()
            seen = False
            for chunk in _chunks(archive, entry):
                if chunk.find(b"<!DOCTYPE", 0, PROLOG) >= 0:
                    raise file_error("file_entities", "工作簿里有外部定义", file, "文件不可信,请向提供方重新索取")
                if b"<row" in chunk or b":row" in chunk:
                    seen = True
                    _scan_chunk(chunk, sheet, percent_styles)
            if seen:
                facts[entry.filename] = sheet
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise file_error("file_truncated", "文件不完整或已损坏", file, "请重新导出或重新复制文件") from None
    return facts


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    # Cut before a row, or at least before a tag, so that no tag is split between two chunks.
    with archive.open(entry) as stream:
        rest = b""
        while block := stream.read(CHUNK):
            block = rest + block
            cut = max(
                block.rfind(b"<row"), block.rfind(b"<", max(0, len(block) - 65536)) if b"<row" not in block else -1
            )
            cut = cut if cut > 0 and len(block) - cut < CHUNK else len(block)
            yield block[:cut]
            rest = block[cut:]
        if rest:
            yield rest


def _scan_chunk(chunk: bytes, sheet: SheetFacts, percent_styles: frozenset[int]) -> None:
    if b"<row" not in chunk:
        chunk = _PREFIX.sub(rb"<\1\2", chunk)
    if any(pattern.search(chunk) for pattern in _WIDE):
        columns = {column_of(letters.decode()) + 1 for letters in set(_CELL.findall(chunk))}
        sheet.last_column = max(columns | {sheet.last_column})
        sheet.last_row = max({int(r) for r in set(_ROW.findall(chunk))} | {sheet.last_row})
    if b't="e"' in chunk:
        for letters, row, text in _ERROR.findall(chunk):
            sheet.errors[_spot(letters, row)] = text.decode("utf-8", "replace")
    if b"</f>" in chunk:
        sheet.uncalculated.update(_spot(letters, row) for letters, row in _UNCALCULATED.findall(chunk))
    if percent_styles:
        sheet.percent.update(_spot(letters, row) for letters, row in _styled(percent_styles).findall(chunk))


def _styled(styles: frozenset[int]) -> re.Pattern[bytes]:
    numbers = "|".join(str(s) for s in sorted(styles)).encode()
    return re.compile(rb'<c\b(?=[^>]{0,300}\ss="(?:' + numbers + rb')")[^>]{0,300}\sr="([A-Z]{1,3})(\d{1,7})"')


def _spot(letters: bytes, row: bytes) -> Spot:
    return int(row) - 1, column_of(letters.decode())


def check_extent(facts: SheetFacts, file: str, sheet: str) -> None:
    """Raises FileError when the rectangle up to the farthest cell would not fit into memory."""
    if facts.last_row * facts.last_column > MAX_CELLS:
        raise file_error(
            "sheet_too_wide",
            f"工作表范围太大(到第{facts.last_row}行、第{facts.last_column}列)",
            file,
            "请删除数据区以外多余的单元格,或把表拆小",
            sheet,
        )

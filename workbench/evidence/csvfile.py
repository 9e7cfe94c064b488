"""CSV files in: encoding and separator found out, every cell a text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from workbench.evidence.raw import Cell, RawSheet, file_error

_SEPARATORS = ",\t;"


def read_csv(path: Path, file: str, title: str) -> RawSheet:
    """One CSV file as a sheet. UTF-8 with or without BOM, UTF-16 with BOM, else GB18030. Raises FileError."""
    text = decode(path.read_bytes(), file)
    if "\0" in text:
        raise file_error("csv_binary", "文件里有二进制内容,不是 CSV", file, "请从 Excel 另存为 CSV UTF-8")
    head = text[: text.find("\n") if "\n" in text else len(text)]
    separator = max(_SEPARATORS, key=head.count)
    try:
        rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise file_error(
            "csv_broken",
            f"CSV 无法解析({error})",
            file,
            "请检查引号是否成对、单元格是否过长,或从 Excel 另存为 CSV UTF-8",
        ) from None
    return RawSheet(file, title, rows)


def decode(data: bytes, file: str) -> str:
    """The text of a CSV file. Raises FileError when no supported encoding fits."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise file_error("csv_encoding", "文字编码无法识别", file, "请从 Excel 另存为“CSV UTF-8(逗号分隔)”")

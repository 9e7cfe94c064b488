"""Does what a page of the documentation says, block by block, and puts the true output into it.

A page is a list of steps: a table under a line **工作表“…”** is typed into that sheet of the workbook at the rows its first
column names; a ```yaml block under a line that names the plan replaces the plan's lines of the same keys; a ```sh block is
run; a ```text block right after it is what the commands printed.

    python tests/docs/walkthrough.py docs/tutorial.md      writes the real output into the page
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

HOME = "/home/me"
"""What the page shows for the folder the reader works in."""
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHEET = re.compile(r"^\*\*工作表“(.+?)”\*\*.*\n\n((?:\|.*\n)+)", re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_RUN = re.compile(r"^(pip|uv|git|source|\.venv|workbench lab|chromium)")
_DIGEST = re.compile(r"\b[0-9a-f]{16}\b")


@dataclass
class Step:
    """One thing a reader does: ``kind`` is sheet, yaml, sh or text; ``start`` and ``end`` of its body in the page."""

    kind: str
    title: str
    body: str
    start: int
    end: int


def steps(page: str) -> list[Step]:
    """The steps of a page, in order."""
    found = [Step(m[1], _line_before(page, m.start()), m[2], *m.span(2)) for m in _BLOCK.finditer(page)]
    found += [Step("sheet", m[1], m[2], *m.span(2)) for m in _SHEET.finditer(page)]
    return sorted(found, key=lambda step: step.start)


def _line_before(page: str, position: int) -> str:
    return page[:position].rstrip("\n").rpartition("\n")[2]


def commands(block: str) -> list[str]:
    """The command lines of a shell block without comments."""
    lines = (line.split("  #")[0].strip() for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def rows(table: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a Markdown table whose first column is the row in the sheet: row → header → text."""
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
    head = lines[0][1:]
    for cells in lines[2:]:
        yield int(cells[0]), dict(zip(head, cells[1:], strict=True))


@dataclass
class Walk:
    """A walk through one page in a folder of its own."""

    folder: Path
    here: Path = field(init=False)
    code: int = 0

    def __post_init__(self) -> None:
        self.here = self.folder

    @property
    def workbook(self) -> Path:
        """The only evidence workbook below the current folder."""
        return next(iter(sorted(self.here.rglob("params/evidence/*.xlsx"))))

    def fill(self, sheet: str, table: str) -> None:
        """Type a table into a sheet as a person would: numbers as numbers, days as days, an empty cell clears."""
        import openpyxl

        book = openpyxl.load_workbook(self.workbook)
        page = book[sheet]
        columns = {_bare(str(cell.value)): cell.column for cell in page[1] if cell.value}
        for row, cells in rows(table):
            for title, text in cells.items():
                cell = page.cell(row, columns[_bare(title)])
                cell.value = typed(text)
                if text.endswith("%") and isinstance(cell.value, float):
                    cell.number_format = "0.00%"
        book.save(self.workbook)

    def edit(self, lines: str) -> None:
        """Replace the plan's lines of the same keys; keys the plan does not have go to its end."""
        plan = next(iter(sorted(self.here.rglob("params/*.yaml"))))
        text = plan.read_text(encoding="utf-8")
        body = "\n".join(line for line in lines.splitlines() if line != "plan:")
        for block in re.split(r"\n(?=  \w)", body):
            key = block.split(":")[0]
            old = re.compile(rf"^{key}:.*(?:\n(?:   |  -).*)*", re.MULTILINE)
            text = old.sub(lambda _, new=block: new, text) if old.search(text) else f"{text.rstrip()}\n{block}\n"
        plan.write_text(text, encoding="utf-8")

    def run(self, block: str) -> str:
        """Run the commands of a shell block; what they printed, paths and digests as the page shows them."""
        printed = []
        for line in commands(block):
            if line.startswith("cd "):
                self.here = (self.here / line[3:]).resolve()
            elif not _NOT_RUN.match(line):
                printed.append(self._one(line))
        return "".join(printed)

    def _one(self, line: str) -> str:
        words = shlex.split(line)
        program = [sys.executable, "-c", "from workbench.cli import main; main()"] if words[0] == "workbench" else None
        command = [*program, *words[1:]] if program else [sys.executable, *words[1:]]
        assert words[0] in ("workbench", "python"), line
        env = os.environ | {"PYTHONUTF8": "1", "COLUMNS": "80"}
        env.pop("WORKBENCH_WORKSPACE", None)
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            command,
            cwd=self.here,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.code = done.returncode
        return shown(done.stdout, self.folder)


def shown(text: str, folder: Path) -> str:
    """Output as the page prints it: the reader's folder, and stars for digests, which change with every version."""
    return _DIGEST.sub("0123456789abcdef", text.replace(str(folder.resolve()), HOME).replace(str(folder), HOME))


def typed(text: str) -> object:
    """What a spreadsheet makes of what is typed into it."""
    if not text:
        return None
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    if re.fullmatch(r"-?\d+(\.\d+)?%", text):
        return float(text[:-1]) / 100
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def _bare(title: str) -> str:
    return re.sub(r"[((].*[))]|\*", "", title).strip() if not title.startswith("附件摘要") else title


def walk(page: str, folder: Path) -> Iterator[tuple[Step, str]]:
    """Do every step; the steps that show output, each with what was really printed."""
    way = Walk(folder)
    printed = ""
    for step in steps(page):
        if step.kind == "sheet":
            way.fill(step.title, step.body)
        elif step.kind == "yaml" and "计划" in step.title:
            way.edit(step.body)
        elif step.kind == "sh":
            printed = way.run(step.body)
        elif step.kind == "text" and printed:
            yield step, printed
            printed = ""


def rewritten(page: str, folder: Path) -> str:
    """The page with the real output in its text blocks."""
    for step, printed in reversed(list(walk(page, folder))):
        page = page[: step.start] + printed.rstrip("\n") + "\n" + page[step.end :]
    return page


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name).resolve()
        with tempfile.TemporaryDirectory() as scratch:
            path.write_text(rewritten(path.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8", newline="\n")
            for chart in Path(scratch).rglob("figures/*-lost_points.png"):
                print(chart)

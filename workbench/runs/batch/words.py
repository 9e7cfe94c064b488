"""What became of a plan in one line, for a terminal, a log and a notebook."""

from __future__ import annotations

from collections import Counter

from workbench.runs.batch.task import STATE_WORDS, Outcome

LONG = 60
"""Signs of a name from which on its middle is left out."""


def named(outcome: Outcome) -> str:
    """How a plan is told: a plan file by its path, a register's row with 评价编号 and 名称 too."""
    if not outcome.of_row:
        return outcome.task
    return " ".join(part for part in (outcome.task, outcome.evaluation, cut(outcome.title)) if part)


def cut(text: str, long: int = LONG) -> str:
    """A text that is too long without its middle: names differ at either end."""
    return text if len(text) <= long else f"{text[: long - long // 2]}…{text[-(long // 2) :]}"


def line_of(outcome: Outcome) -> str:
    """``params/某计划.yaml 已运行:93.50分,优(1.2秒)``, or why it failed."""
    if outcome.failed:
        return f"{named(outcome)} 失败:{outcome.problems[0] if outcome.problems else '没有写明原因'}"
    again = ",第二次才成功" if outcome.attempts > 1 else ""
    return f"{named(outcome)} {STATE_WORDS[outcome.state]}:{result_of(outcome)}({outcome.seconds:.1f}秒{again})"


def result_of(outcome: Outcome) -> str:
    """Total and grade of one subject, or how many there are."""
    if len(outcome.verdicts) != 1:
        return f"{len(outcome.verdicts)}个对象"
    only = outcome.verdicts[0]
    if only.total is None:
        return f"{only.low}—{only.high}分,未定级"
    return f"{only.total}分" + (f",{only.grade}{'(暂定)' if only.provisional else ''}" if only.grade else "")


def counts_of(counts: Counter[str], between: str = "、", unit: str = "份") -> str:
    """``已运行3份、失败1份``: states that there are, in their order."""
    return between.join(f"{word}{counts[state]}{unit}" for state, word in STATE_WORDS.items() if counts[state])

"""The desk in a notebook (ipywidgets): choose a form, see its lines, decide, take back. Import it only to show it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets

from workbench.base.errors import WorkbenchError
from workbench.base.text import plain, trimmed
from workbench.recheck.desk import Desk, message_of, open_desk
from workbench.recheck.findings.reviewed import Line
from workbench.recheck.model import Written
from workbench.recheck.outcome import EXECUTION, Choice, Rechecked, Recomputed
from workbench.recheck.recompute.execution import NAME, execution_of
from workbench.recheck.writing.told import Told, points_text

_HEAD = ("序号", "指标", "指标值", "自评完成值", "分值", "自评得分", "规则复算得分", "复核得分", "复算说明 / 复核理由")
_STYLE = (
    "<style>.wb-recheck table{border-collapse:collapse}.wb-recheck td,.wb-recheck th{border:1px solid #999;"
    "padding:2px 6px;text-align:left;vertical-align:top;line-height:1.5}.wb-recheck .n{text-align:right;white-space:nowrap}"
    ".wb-recheck .d{background:#eaf3e6}</style>"
)


class RecheckPage:
    """The widgets of a desk; ``widget`` is what a notebook shows."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        wide = ipywidgets.Layout(width="95%")
        choices = [(_title(desk.form(key)), key) for key in desk.keys]
        self.form = ipywidgets.Dropdown(options=choices, description="自评表", layout=wide)
        self.summary, self.table, self.message = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.findings = ipywidgets.HTML()
        self.line = ipywidgets.Dropdown(description="指标", layout=wide)
        self.actual = ipywidgets.Text(description="复核完成值", placeholder="没有更正的不填")
        self.points = ipywidgets.Text(description="复核得分", placeholder="不填则按复核完成值复算")
        self.reason = ipywidgets.Textarea(description="理由", placeholder="扣分原因或更正理由", layout=wide)
        self.evidence = ipywidgets.Text(description="佐证", placeholder="核对了什么资料", layout=wide)
        self.reviewer = ipywidgets.Text(description="复核人", value=desk.reviewer)
        self.record = _button("记入", "success", self._act(self._record))
        self.remove = _button("删去这项", "", self._act(self._remove))
        self.accept = _button("其余各项认可复算得分", "info", self._act(self._accept))
        self.undo = _button("撤销上一步", "warning", self._act(self._undo))
        self.write = _button("重写复核结果文件", "primary", self._act(self._write))
        self.form.observe(lambda change: self._show(), "value")
        self.line.observe(lambda change: self._fill(), "value")
        entry = [self.line, ipywidgets.HBox([self.actual, self.points]), self.reason, self.evidence]
        buttons = ipywidgets.HBox([self.record, self.remove, self.accept, self.undo, self.write])
        self.widget = ipywidgets.VBox(
            [self.form, self.summary, self.table, *entry, self.reviewer, buttons, self.message, self.findings]
        )
        self.widget.add_class("wb-recheck")
        if choices:
            self._show()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        key = self.form.value
        one, lines = self.desk.form(key), self.desk.lines(key)
        self.summary.value = _summary(one, self.desk.accepted(key))
        self.table.value = _STYLE + _table(one, lines)
        self.findings.value = _findings(one)
        chosen = self.line.value
        options = [(f"{number} {_name(one, number)}", number) for line, _ in lines for number in line.rows]
        self.line.options = options
        numbers = [number for _, number in options]
        self.line.value = chosen if chosen in numbers else next(iter(numbers), None)
        self.undo.disabled = self.desk.steps == 0
        self._fill()

    def _fill(self) -> None:
        """What was decided about the line, ready to be changed."""
        known = self.desk.correction(self.form.value, self.line.value) if self.line.value is not None else None
        self.actual.value = (known.actual or "") if known else ""
        self.points.value = trimmed(known.points) if known is not None and known.points is not None else ""
        self.reason.value = known.reason if known else ""
        self.evidence.value = known.evidence if known else ""
        self.remove.disabled = known is None

    # -- what is done -------------------------------------------------------------------------------------------------

    def _act(self, action: Callable[[], str]) -> Callable[[Any], None]:
        def clicked(button: Any) -> None:
            self.desk.reviewer = self.reviewer.value
            try:
                text = action()
            except WorkbenchError as error:
                self.message.value = f'<b role="alert">没有记入:{escape(message_of(error))}</b>'
                return
            self.message.value = f'<span role="status">{escape(text)}</span>'
            self._show()

        return clicked

    def _record(self) -> str:
        entry = {"actual": self.actual.value, "points": self.points.value}
        told = {"reason": self.reason.value, "evidence": self.evidence.value}
        self.desk.record(self.form.value, self.line.value, **entry, **told)
        return f"已记入“{_name(self.desk.form(self.form.value), self.line.value)}”,保存在 {self.desk.path.as_posix()}"

    def _remove(self) -> str:
        self.desk.remove(self.form.value, self.line.value)
        return "已删去这项更正"

    def _accept(self) -> str:
        self.desk.accept(self.form.value)
        left = self.desk.undecided(self.form.value)
        if left:
            names = "、".join(f"“{' '.join(name.split())}”" for name in left)
            return f"已记入:规则给出唯一分数的各项认可复算得分;规则只给出区间或不能复算的{len(left)}项,须逐项填写复核得分:{names}"
        return "已记入:其余各项认可复算得分"

    def _undo(self) -> str:
        self.desk.undo()
        return "已撤销上一步"

    def _write(self) -> str:
        written = self.desk.write()
        return f"已重写 {len(written)} 个文件,在 {self.desk.path.parent.as_posix()}"


def show_recheck(folder: str | Path, reviewer: str = "") -> ipywidgets.VBox:
    """The desk of a re-check's folder (from the workspace on), to be shown by a notebook.

    Raises:
        WorkbenchError: there is no re-check in the folder, or its files cannot be read any more.
    """
    from workbench.runs.workspace import find_workspace

    root = find_workspace()
    return RecheckPage(open_desk(root / folder, root, reviewer)).widget


def _button(text: str, style: str, act: Callable[[Any], None]) -> ipywidgets.Button:
    button = ipywidgets.Button(description=text, button_style=style, layout=ipywidgets.Layout(width="auto"))
    button.on_click(act)
    return button


def _title(one: Rechecked) -> str:
    return f"{one.form.key}  {Told(0, one).project}"


def _name(one: Rechecked, number: int) -> str:
    found = next((row.level3.text for row in one.form.indicators if row.number == number), "")
    return NAME if number == EXECUTION else " ".join(found.split())


def _summary(one: Rechecked, accepted: bool) -> str:
    told = Told(0, one)
    cells = [
        ("单位", told.unit),
        ("自评得分", "" if told.own is None else f"{plain(told.own)} {one.self_grade}"),
        ("规则复算得分", told.recomputed + ("" if one.total is None else f"(计{plain(one.total)})")),
        ("复核得分", "尚未定" if one.decided is None else f"{plain(one.decided)} {one.grade}"),
        ("偏差", "" if told.difference is None else plain(told.difference)),
        ("其余各项", "认可复算得分" if accepted else "未定"),
    ]
    return " &nbsp; ".join(f"{name}:<b>{escape(text) or '—'}</b>" for name, text in cells)


def _table(one: Rechecked, lines: list[tuple[Recomputed, Line | None]]) -> str:
    rows = "".join(_row(one, line, written) for line, written in lines)
    head = "".join(f'<th scope="col">{title}</th>' for title in _HEAD)
    return f"<table><caption>各项得分</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(one: Rechecked, line: Recomputed, written: Line | None) -> str:
    choices = [choice for choice in one.choices if choice.row in line.rows]
    points = next((choice.points for choice in choices if choice.points is not None), None)
    own = "" if written is None or written.points is None else plain(written.points)
    cells = [
        ("n", "、".join(map(str, line.rows))),
        ("", "\n".join(_name(one, number) for number in line.rows)),
        *_values(one, line, choices),
        ("n", "" if line.weight is None else trimmed(line.weight)),
        ("n", own),
        ("n", points_text(line)),
        ("n d" if points is not None else "n", "" if points is None else plain(points)),
        ("", "\n".join([line.sentence, *(f"{c.reviewer}:{c.reason}" for c in choices)])),
    ]
    drawn = (f'<td class="{kind}">{escape(text).replace(chr(10), "<br>")}</td>' for kind, text in cells)
    return f"<tr>{''.join(drawn)}</tr>"


def _values(one: Rechecked, line: Recomputed, choices: list[Choice]) -> list[tuple[str, str]]:
    """Target and actual of a line, a corrected actual after the written one."""
    corrected = {choice.row: choice.actual for choice in choices if choice.actual}
    rows = [row for row in one.form.indicators if row.number in line.rows]
    targets = [_text(row.target) for row in rows]
    actuals = [_text(row.actual) + _changed(corrected.get(row.number)) for row in rows]
    if not rows:
        found = execution_of(one.form)
        rate = "" if found is None or found.rate is None else f"{trimmed(found.rate)}%"
        targets, actuals = ["100%"], [rate + _changed(corrected.get(EXECUTION))]
    return [("", "\n".join(targets)), ("", "\n".join(actuals))]


def _changed(actual: str | None) -> str:
    return f" → 复核 {actual}" if actual else ""


def _text(written: Written | None) -> str:
    return "" if written is None else " ".join(written.text.split())


def _findings(one: Rechecked) -> str:
    if not one.findings:
        return "<p>没有查出问题。</p>"
    told = [(f, f"{f.spot.sheet} {f.spot.cell} " if f.spot else "") for f in one.findings]
    items = "".join(f"<li>{f.severity} {escape(place)}{escape(f.message)}</li>" for f, place in told)
    return f"<p>查出的问题{len(told)}条:</p><ul>{items}</ul>"

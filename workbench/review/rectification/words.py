"""Events of 整改台账 as sentences."""

from __future__ import annotations

from typing import Any

from workbench.review.rectification.bodies import (
    ItemAmended,
    ItemChecked,
    ItemOpened,
    ItemReported,
    ItemWithdrawn,
)
from workbench.review.rectification.items import items_of
from workbench.review.state import State


def rectification_text(number: int, body: Any, state: State) -> str:
    """What event ``number`` of 整改台账 did, to which item, in whose name."""
    items = {i.seq: i.number for i in items_of(state.events)}
    if isinstance(body, ItemOpened):
        matter = body.matter
        owner = f"责任单位{matter.responsible},期限{matter.due}({matter.basis})"
        return f"{body.by}登记第{items.get(number, '?')}项整改事项:{matter.title},{owner}"
    what = f"第{items.get(body.item, '?')}项整改事项"
    if isinstance(body, ItemAmended):
        return f"{body.by}变更{what}:{body.matter.title},期限{body.matter.due},理由:{body.reason}"
    if isinstance(body, ItemWithdrawn):
        return f"{body.by}撤销{what},理由:{body.reason}"
    on = f",{body.on}" if body.on else ""
    if isinstance(body, ItemReported):
        word = "报告整改完成" if body.done else "报告整改进展"
        return f"{what}{word}({body.by}{on}):{body.text}"
    assert isinstance(body, ItemChecked)  # there are five kinds
    return f"{what}核实{'通过' if body.accepted else '不通过'}({body.by}{on}):{body.reason}"

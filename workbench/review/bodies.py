"""Bodies (事件内容): what somebody wants to say, as an event of its kind or as Chinese problems. The only way in from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from workbench.base.errors import Problem, ReviewError
from workbench.base.models import M, Model, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument
from workbench.review.events import Body

MODELS: Mapping[str, type[Model]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(Body)[0])
}
"""Kind → model."""
WORDS: Mapping[str, str] = {
    "attachments": "附件",
    "by": "办理人",
    "choice": "评定",
    "cites": "引用",
    "due": "反馈期限",
    "evidence": "佐证",
    "expert": "专家",
    "indicator": "指标",
    "matter": "整改事项",
    "name": "名称",
    "new": "更正后",
    "of": "意见类别",
    "old": "更正前",
    "on": "日期",
    "panel": "评审组",
    "points": "得分",
    "proposed": "建议",
    "reason": "理由",
    "source": "意见来源",
    "statement": "签字意见",
    "subject": "评价对象",
    "text": "内容",
    "to": "征求对象",
}
"""What readers call a field; the others cannot be mistyped by them."""


def body_of(kind: str, fields: Mapping[str, Any]) -> Any:
    """The body of a kind with these fields.

    Raises:
        ReviewError: there is no such kind, or a field is missing, too long, of the wrong type or holds what cannot be kept.
    """
    model = MODELS.get(kind)
    if model is None:
        raise ReviewError(Problem("unknown_kind", "没有这一类事件", found=kind, fix=suggest(kind, MODELS)))
    return made(model, {**fields, "kind": kind})


def made(model: type[M], fields: Mapping[str, Any]) -> M:
    """A model from fields; what does not fit is said in the words readers know. Raises ReviewError."""
    try:
        return validated(model, fields, YamlDocument(None, ""), ReviewError)
    except ReviewError as error:
        raise ReviewError(_named(p) for p in error.problems) from None


def _named(problem: Problem) -> Problem:
    """The problem with the word readers know in front of its key."""
    key = problem.place.key or ""
    name = key.split(".")[0].split("[")[0]
    return replace(problem, place=replace(problem.place, key=WORDS.get(name, name) + key[len(name) :]))

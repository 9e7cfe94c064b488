"""Small pieces every declared file shares: sources, dates, identifiers."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from workbench.base.models import Model


def _real_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("历法中没有这一天") from None
    return text


_IDENTIFIER = r"^[a-z0-9][a-z0-9._-]{0,63}$"
Identifier = Annotated[str, Field(pattern=_IDENTIFIER)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
DateText = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_day)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


def is_identifier(text: str) -> bool:
    """Whether a text is an :data:`Identifier`, and so nothing that leads out of a folder."""
    return re.fullmatch(_IDENTIFIER.strip("^$"), text) is not None


Direction = Literal["gte", "lte", "eq", "two_sided", "qualitative", "yes_no", "deadline", "none"]

Stage = Literal["自评", "部门评价", "财政评价", "再评价", "事前评估", "绩效监控"]
"""What kind of evaluation an engagement is."""

DIRECTION_SIGNS: dict[str, str] = {
    "gte": "≥",
    "lte": "≤",
    "eq": "=",
    "two_sided": "两端",
    "qualitative": "定性",
    "yes_no": "是否",
    "deadline": "时限",
    "none": "—",
}


class Source(Model):
    """Where a value comes from: document, number, clause, address of a published page."""

    document: str
    number: str | None = None
    clause: str | None = None
    url: str | None = None


EXAMPLE_LABEL = "示例权重,可改"
"""Label of every weight and step that no source fixes."""

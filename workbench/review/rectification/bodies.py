"""Events of 整改台账. They come after the result and never move it: no run is computed from them (see ``runs/position.py``)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from workbench.base.models import Model
from workbench.review.fields import Attachment, Line, Seq, Text
from workbench.scheme.basis import Code, DateText


class Matter(Model):
    """What has to be put right, by whom and until when. ``basis`` says where the due date comes from: none is made up.

    ``indicators`` and ``subjects``: codes and ids of the report's problem; no subjects means all of them.
    """

    title: Line
    indicators: list[Code] = []
    subjects: list[Line] = []
    finding: Text
    cause: Text
    suggestion: Text
    responsible: Line
    due: DateText
    basis: Line


class ItemOpened(Model):
    """A problem of the report becomes an item. ``run`` is the digest of the run the report is about."""

    kind: Literal["item_opened"]
    run: str = Field(pattern=r"^[0-9a-f]{64}$")
    matter: Matter
    by: Line


class ItemAmended(Model):
    """The report says it otherwise now, or the due date was put off: the item goes on with this, also a withdrawn one."""

    kind: Literal["item_amended"]
    item: Seq
    run: str = Field(pattern=r"^[0-9a-f]{64}$")
    matter: Matter
    reason: Text
    by: Line


class ItemReported(Model):
    """What the unit has done: progress, or with ``done`` the end of it, proven by files. ``by`` is who reports, ``on`` when.

    Without ``on`` it is the day it was recorded.
    """

    kind: Literal["item_reported"]
    item: Seq
    done: bool
    text: Text
    attachments: list[Attachment] = []
    by: Line
    on: DateText | None = None


class ItemChecked(Model):
    """What was reported has been checked by somebody else. ``report`` is the event that was looked at."""

    kind: Literal["item_checked"]
    item: Seq
    report: Seq
    accepted: bool
    reason: Text
    attachments: list[Attachment] = []
    by: Line
    on: DateText | None = None


class ItemWithdrawn(Model):
    """It was no problem after all, or it stands in the register twice: nobody has to do anything about it any more."""

    kind: Literal["item_withdrawn"]
    item: Seq
    reason: Text
    by: Line


RectificationBody: TypeAlias = ItemOpened | ItemAmended | ItemReported | ItemChecked | ItemWithdrawn
RECTIFYING = (ItemOpened, ItemAmended, ItemReported, ItemChecked, ItemWithdrawn)

"""What the bodies of events are made of: texts, lines, numbers of earlier events, files."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workbench.base.models import PRINTABLE, Model

LONGEST_TEXT = 20_000
"""Characters of a reason or an opinion; longer papers are attached as files."""
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), PRINTABLE]
Remark = Annotated[str, Field(max_length=LONGEST_TEXT), PRINTABLE]
"""Text that may be left out."""
Line = Annotated[str, Field(min_length=1, max_length=200), PRINTABLE]
"""A name or an address: one line."""
Seq = Annotated[int, Field(ge=1)]
"""Number of an earlier event of the same ledger."""


class Attachment(Model):
    """A file that was handed in with an event; its bytes lie beside the ledger under their digest."""

    name: Line
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)

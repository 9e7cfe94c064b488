"""批注: copies of the forms with what was found as comments on the cells. The files that were handed in stay as they are."""

from __future__ import annotations

from workbench.recheck.writing.annotated.copies import FOLDER, Copy, annotate, copies, listed

__all__ = ["FOLDER", "Copy", "annotate", "copies", "listed"]

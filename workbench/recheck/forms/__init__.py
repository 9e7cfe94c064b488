"""Grids become forms: what a self-evaluation form says, with places, and nothing lost or guessed.

It runs one way: ``vocabulary`` (the words, in ``vocabulary.yaml``) and ``lines`` (rows in reading order) → ``header`` (the
indicator table is found by its titles) → ``segments`` (several forms under each other) → ``body``, ``totals``, ``money``,
``goals``, ``labels``, ``facts`` (the parts of one form) → ``reading``. What is uncertain is asked (``asking``) and answered
through a ``mapping`` file, by the shape of the form.
"""

from __future__ import annotations

from workbench.recheck.forms.mapping import Mappings, write_mapping
from workbench.recheck.forms.reading import forms_of, read_forms

__all__ = ["Mappings", "forms_of", "read_forms", "write_mapping"]

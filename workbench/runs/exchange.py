"""What foreign code is asked and what it answers, in a form that can be kept: digests of arguments, answers as JSON.

An answer keeps its types: ``{"decimal": "7.50"}``, ``{"date": "2023-03-31"}``, ``{"float": "0.1"}``; text, whole numbers, yes
and no, and nothing stand for themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, cast

import numpy as np
from pydantic import BaseModel, ConfigDict

from workbench.base.canon import digest, digest_of
from workbench.base.exact import Exact, narrow
from workbench.base.text import plain
from workbench.evidence.tables import Table, hash_column, hash_table
from workbench.scoring.kinds import Inputs, Points

COLUMNS = ("units", "branch", "scored", "low", "high")


class SealedParams(BaseModel):
    """Parameters of a rule kind whose code is not here: as they are written, unread.

    ``read`` (of the subclass for one kind): digest of parameters as written → digest of what its code once read from them.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    read: ClassVar[Mapping[str, str]] = {}


class Fingerprints:
    """Digests of arguments. Tables and inputs are asked about again and again, so theirs are worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}

    def key(self, question: str, arguments: tuple[Any, ...]) -> str:
        """The digest by which the answer to one call is found."""
        return digest_of([question, *map(self.plain, arguments)])

    def plain(self, value: Any) -> Any:
        """A value as canonical JSON can hold it. Raises TypeError for what has no fixed form."""
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, Decimal):
            return {"decimal": plain(value)}
        if isinstance(value, (Table, Inputs)):
            return self._once(value)
        if isinstance(value, Mapping):
            return {str(k): self.plain(v) for k, v in value.items()}
        if isinstance(value, BaseModel):
            return params_digest(value)
        if is_dataclass(value):
            return {f.name: self.plain(getattr(value, f.name)) for f in fields(value)}
        if isinstance(value, (list, tuple)):
            return [self.plain(v) for v in value]
        return packed(value)

    def _once(self, value: Table | Inputs) -> str:
        known = self._known.get(id(value))
        if known is None:  # the value is kept too: another one may not take its id
            known = self._known[id(value)] = (value, _table(value) if isinstance(value, Table) else _inputs(value))
        return known[1]


def params_digest(params: BaseModel) -> str:
    """The digest that stands for a rule's parameters, the same whether its code is here or not."""
    if not isinstance(params, SealedParams):
        return digest(params.model_dump_json().encode())
    written = digest_of(params.model_dump())
    return params.read.get(written, written)


def _table(table: Table) -> str:
    running = hashlib.sha256()
    hash_table(running, table)
    running.update(table.rows.astype("<i8").tobytes())  # a calculation may say where a number stands
    return running.hexdigest()


def _inputs(inputs: Inputs) -> str:
    running = hashlib.sha256(digest_of([inputs.weight, inputs.decimals, inputs.direction]).encode())
    running.update(np.ascontiguousarray(inputs.peers, dtype=np.uint8).tobytes())
    columns = {"value": inputs.value, "target": inputs.target} | {f"extra {k}": v for k, v in inputs.extra.items()}
    for name in sorted(columns):
        column = columns[name]
        if column is not None:
            hash_column(running, name, Exact(narrow(column.units), column.decimals, column.valid))
    return running.hexdigest()


def packed(answer: Any) -> Any:
    """An answer as JSON. Raises TypeError for a value no table can keep."""
    if isinstance(answer, np.generic):
        answer = answer.item()
    kind = type(answer)
    if answer is None or kind in (bool, int, str):
        return answer
    if kind is Decimal:
        return {"decimal": str(answer)}
    if kind is date:
        return {"date": answer.isoformat()}
    if kind is float:
        return {"float": repr(answer)}
    if isinstance(answer, Points):
        columns = {name: getattr(answer, name) for name in COLUMNS}
        return {"points": {n: None if c is None else packed(np.asarray(c)) for n, c in columns.items()}}
    if isinstance(answer, Mapping):
        return {"map": {str(k): packed(v) for k, v in answer.items()}}
    if isinstance(answer, (list, tuple, np.ndarray)):
        return [packed(v) for v in (answer.tolist() if isinstance(answer, np.ndarray) else answer)]
    raise TypeError(f"{kind.__name__} cannot be kept")


def unpacked(stored: Any) -> Any:
    """What :func:`packed` was given. Raises ValueError for anything else."""
    if stored is None or isinstance(stored, (bool, int, str)):
        return stored
    if isinstance(stored, list):
        return [unpacked(v) for v in stored]
    if not isinstance(stored, dict) or len(stored) != 1:
        raise ValueError("not a kept value")
    ((kind, value),) = stored.items()
    if kind == "map" and isinstance(value, dict):
        return {k: unpacked(v) for k, v in value.items()}
    if kind == "points" and isinstance(value, dict):
        return _points(value)
    if kind not in _READERS or not isinstance(value, str):
        raise ValueError("not a kept value")
    return _READERS[kind](value)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError("not a number") from None


_READERS: dict[str, Any] = {"decimal": _decimal, "date": date.fromisoformat, "float": float}


def _points(stored: Mapping[str, Any]) -> Points:
    columns = {name: stored.get(name) for name in COLUMNS}
    for name, column in columns.items():
        wanted = bool if name == "scored" else int
        optional = column is None and name in ("low", "high")
        if not optional and not (isinstance(column, list) and all(type(v) is wanted for v in column)):
            raise ValueError("not points")
    units, branch, scored, low, high = (cast("list[Any]", columns[name]) for name in COLUMNS)
    if any(not 0 <= code < 128 for code in branch):
        raise ValueError("not a branch")
    return Points(
        _integers(units),
        np.array(branch, dtype=np.int8),
        np.array(scored, dtype=bool),
        None if low is None else _integers(low),
        None if high is None else _integers(high),
    )


def _integers(values: list[int]) -> Any:
    return narrow(np.array(values, dtype=object))

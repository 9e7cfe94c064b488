"""``workbench schema``: JSON Schema of the files people write and of the result programs read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from workbench.cli.console import print_json

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        help="输出 JSON Schema:result 是结果文件,mapping、corrections 是复核的识别对照和复核更正,其余是要填写的 YAML 文件。"
    )(schema)


def schema(
    what: Annotated[
        Literal["result", "plan", "pack", "policy", "ruleset", "mapping", "corrections"],
        typer.Argument(metavar="result|plan|pack|policy|ruleset|mapping|corrections", help="哪一种文件"),
    ],
) -> None:
    """Print one schema."""
    print_json(schema_of(what))


def schema_of(what: str) -> dict[str, Any]:
    """The JSON Schema of ``result.json`` or of a YAML file with its one top-level key."""
    from workbench.base.models import Model
    from workbench.scheme.pack import Pack
    from workbench.scheme.plan import Plan
    from workbench.scheme.policy import Policy
    from workbench.scheme.ruleset import Ruleset
    from workbench.scoring.result import RunResult

    if what == "result":
        return {"$schema": DIALECT, **RunResult.model_json_schema(mode="serialization")}
    if what in ("mapping", "corrections"):
        return _whole_file(what)
    models: dict[str, type[Model]] = {"plan": Plan, "pack": Pack, "policy": Policy, "ruleset": Ruleset}
    model = models[what]
    inner = _with_plain_numbers(model.model_json_schema(mode="validation"))
    definitions = inner.pop("$defs", {})
    return {
        "$schema": DIALECT,
        "title": f"{model.__name__} file",
        "type": "object",
        "properties": {what: {"$ref": f"#/$defs/{model.__name__}"}},
        "required": [what],
        "additionalProperties": False,
        "$defs": {**definitions, model.__name__: inner},
    }


def _whole_file(what: str) -> dict[str, Any]:
    """The JSON Schema of a file of a re-check, which is a model of its own."""
    from workbench.recheck.corrections import CorrectionsFile
    from workbench.recheck.forms.mapping import MappingFile

    model = MappingFile if what == "mapping" else CorrectionsFile
    found: dict[str, Any] = _with_plain_numbers(model.model_json_schema(mode="validation"))
    return {"$schema": DIALECT, **found}


def _with_plain_numbers(node: Any) -> Any:
    """An exact number may be written as quoted text or as a plain number in YAML."""
    if isinstance(node, list):
        return [_with_plain_numbers(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "string" and str(node.get("pattern", "")).startswith(r"^-?\d+"):
        return {"anyOf": [{"type": "number"}, node]}
    return {key: _with_plain_numbers(value) for key, value in node.items()}

"""The declared rules of finding: ``catalogue.yaml``, what plugins add, and what a local file switches and tunes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from pydantic import Field, model_validator

from workbench.base.errors import FindingRulesError, Place, PluginError, Problem
from workbench.base.models import DecimalText, Model, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument, read_yaml
from workbench.recheck.findings.rule import Check, Parameter, Params, RecheckRule
from workbench.recheck.findings.rules import BUILT_IN
from workbench.recheck.outcome import Severity
from workbench.scheme.basis import Name, Source
from workbench.scheme.findings import cited

Scope = Literal["form", "forms", "register", "approved"]
SCOPES = {"form": "每份表", "forms": "全部表", "register": "项目清单", "approved": "批复目标"}
CATALOGUE = Path(__file__).with_name("catalogue.yaml")
EXAMPLE = "示例,可改"
"""What stands where no document fixes a rule or its threshold."""
_Value = bool | DecimalText | list[str]


class Entry(Model):
    """A rule of finding as it is declared.

    Attributes:
        severity: P0 contradicts itself or the rules, provably; P1 likely wrong, the unit is to answer; P2 weakly written.
        scope: what it looks at: one form, all forms of a run, the list of projects, the approved goals.
        source: the document it follows from; without one it is practice, shown as 示例,可改.
        example: no document fixes the thresholds.
        params: tolerances and thresholds (numbers) and word lists.
        internal: it reminds the reviewers, and is no matter of the unit's.
        message, suggestion: templates; ``{found}``, ``{stands}`` (空白, or 为“…”), ``{expected}``,
            ``{indicator}``, ``{field}`` and what the rule tells besides.
    """

    title: str
    severity: Literal["P0", "P1", "P2"]
    scope: Scope = "form"
    source: Source | None = None
    example: bool = False
    params: dict[str, _Value] = Field(default_factory=dict)
    message: str
    suggestion: str
    enabled: bool = True
    internal: bool = False

    @model_validator(mode="after")
    def _templates_hold(self) -> Entry:
        for template in (self.message, self.suggestion):
            try:
                names = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
            except ValueError:
                raise ValueError("模板中的花括号不成对") from None
            if not all(name.isidentifier() for name in names):
                raise ValueError("模板的花括号里只能写字段名")
        return self


class Catalogue(Model):
    """``catalogue.yaml``: rules by code."""

    findings: dict[Name, Entry]


class Tuning(Model):
    """What a local file changes of one rule."""

    enabled: bool | None = None
    severity: Literal["P0", "P1", "P2"] | None = None
    params: dict[str, _Value] = Field(default_factory=dict)


class LocalRules(Model):
    """A local file (``--findings``): changes by code."""

    findings: dict[str, Tuning]


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule as it is applied: declared, tuned, with its function. ``distribution``: whose plugin added it; empty for ours."""

    code: str
    title: str
    severity: Severity
    scope: Scope
    source: str
    params: Params
    message: str
    suggestion: str
    enabled: bool
    check: Check
    distribution: str = ""
    internal: bool = False


def active_rules(local: Path | None = None, added: Iterable[RecheckRule] = ()) -> tuple[ActiveRule, ...]:
    """The rules to apply, in the order of the catalogue, then those of plugins.

    Args:
        local: a file that switches and tunes rules.
        added: rules of plugins.

    Raises:
        FindingRulesError: the local file names a rule or parameter there is none of, or gives one of another type.
        PluginError: a plugin's declaration does not hold together, or takes a code that is taken.
        FileError, YamlError: the local file cannot be read.
    """
    return tuple(rule for rule in all_rules(local, added) if rule.enabled)


def all_rules(local: Path | None = None, added: Iterable[RecheckRule] = ()) -> tuple[ActiveRule, ...]:
    """As :func:`active_rules`, with those that are switched off."""
    entries = [(code, entry, BUILT_IN[code], "") for code, entry in _declared().items()]
    for rule in added:
        if any(code == rule.name for code, *_ in entries):
            raise PluginError(_taken(rule))
        entries.append((rule.name, _of_plugin(rule), rule.check, rule.distribution))
    tunings = {} if local is None else _tunings(local, {code: entry for code, entry, *_ in entries})
    return tuple(_active(code, entry, check, owner, tunings.get(code)) for code, entry, check, owner in entries)


@lru_cache(maxsize=1)
def _declared() -> dict[str, Entry]:
    document = read_yaml(CATALOGUE)
    return validated(Catalogue, document.data, document, FindingRulesError).findings


def _of_plugin(rule: RecheckRule) -> Entry:
    document = YamlDocument(None, f"插件 {rule.distribution or rule.name}")
    return validated(Entry, dict(rule.declared), document, PluginError, rule.name)


def _taken(rule: RecheckRule) -> Problem:
    place = Place(f"插件 {rule.distribution or rule.name}")
    return Problem("plugin_duplicate", f"复核规则“{rule.name}”已有", place, rule.name, fix="请插件作者改用别的名称")


def _tunings(local: Path, entries: Mapping[str, Entry]) -> dict[str, Tuning]:
    document = read_yaml(local)
    tunings = validated(LocalRules, document.data, document, FindingRulesError).findings
    problems = [p for code, tuning in tunings.items() for p in _faults(code, tuning, entries, document)]
    if problems:
        raise FindingRulesError(problems)
    return tunings


def _faults(code: str, tuning: Tuning, entries: Mapping[str, Entry], document: YamlDocument) -> list[Problem]:
    key = f"findings.{code}"
    place = Place(document.file, key=key, line=document.line(key))
    if code not in entries:
        return [Problem("unknown_rule", "没有这条复核规则", place, code, fix=suggest(code, entries))]
    found, known = [], entries[code].params
    for name, value in tuning.params.items():
        there = Place(document.file, key=f"{key}.params.{name}", line=document.line(f"{key}.params.{name}"))
        if name not in known:
            fix = suggest(name, known) or "这条规则没有可调的参数"
            found.append(Problem("unknown_param", "没有这个参数", there, name, fix=fix))
        elif _kind(value) != _kind(known[name]):
            found.append(Problem("param_type", "参数类型不对", there, str(value), expected=_kind(known[name])))
    return found


def _kind(value: _Value) -> str:
    return "true 或 false" if isinstance(value, bool) else "数字" if isinstance(value, Decimal) else "词语的列表"


def _active(code: str, entry: Entry, check: Check, owner: str, tuning: Tuning | None) -> ActiveRule:
    tuned = tuning or Tuning()
    source = "、".join(filter(None, (cited(entry.source), EXAMPLE if entry.example or entry.source is None else None)))
    params: dict[str, Any] = {**entry.params, **tuned.params}
    return ActiveRule(
        code=code,
        title=entry.title,
        severity=Severity(tuned.severity or entry.severity),
        scope=entry.scope,
        source=source,
        params=Params({name: _parameter(value) for name, value in params.items()}),
        message=entry.message,
        suggestion=entry.suggestion,
        enabled=entry.enabled if tuned.enabled is None else tuned.enabled,
        check=check,
        distribution=owner,
        internal=entry.internal,
    )


def _parameter(value: _Value) -> Parameter:
    return tuple(value) if isinstance(value, list) else value

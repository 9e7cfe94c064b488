"""The rules of a pack in words, as ``workbench packs show`` lists them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.base.errors import SchemeError, WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from workbench.scheme.library import Library
    from workbench.scheme.pack import Extra, Indicator, Pack, RuleRef
    from workbench.scheme.ruleset import Ruleset
    from workbench.scoring.kinds import RuleKind

DECIMALS = 2
"""Of points, where the ruleset that would say is not installed."""


@dataclass
class PackRules:
    """A pack's rules with the kinds and rulesets that are installed."""

    pack: Pack
    kinds: Mapping[str, RuleKind[Any]]
    library: Library
    _rulesets: dict[str, Ruleset | None] = field(default_factory=dict, init=False)

    def title(self, item: Indicator | Extra) -> str:
        """What an item's rule is called; of one a ruleset decides its name under the pack's own ruleset."""
        rule, from_ruleset = self._rule(item, self.pack.ruleset)
        if rule is None:
            return f"按规则集:{getattr(item, 'judged', None) or '—'}"
        kind = self.kinds.get(rule.kind)
        title = kind.title if kind is not None else f"“{rule.kind}”(没有安装)"
        return f"{title}(按规则集)" if from_ruleset else title

    def lines(self) -> Iterator[str]:
        """“编码 名称:规则” of each item; several where its trees weigh or judge it differently, each with the trees' ids."""
        from workbench.scheme.weights import in_tree

        trees = {
            name: (v.ruleset or self.pack.ruleset, in_tree(v, self.pack.indicators))
            for name, v in self.pack.variants.items()
        }
        trees = trees or {"": (self.pack.ruleset, self.pack.indicators)}
        for own in self.pack.indicators:
            texts: dict[str, list[str]] = {}
            for tree, (ruleset, indicators) in trees.items():
                for item in indicators:
                    if item.code == own.code:
                        texts.setdefault(self._said(item, ruleset), []).append(tree)
            for text, named in texts.items():
                whose = f"({'、'.join(named)})" if len(texts) > 1 else ""
                yield f"{own.code} {own.name}{whose}:{text}"
        for extra in (*self.pack.bonus.items, *self.pack.deductions.items):
            yield f"{extra.code} {extra.name}:{self._said(extra, self.pack.ruleset)}"

    def _said(self, item: Indicator | Extra, ruleset_id: str) -> str:
        """The rule in words, or what keeps it from being told: the rest of the pack is still worth showing."""
        from workbench.base.models import validated
        from workbench.base.yamlio import YamlDocument
        from workbench.scoring.describing import basis_text, in_words, terms_of

        ruleset = self._ruleset(ruleset_id)
        rule, from_ruleset = self._rule(item, ruleset_id)
        if rule is None:
            return f"由计分规则集“{ruleset_id}”决定"
        kind = self.kinds.get(rule.kind)
        if kind is None:
            return f"没有安装名为“{rule.kind}”的计分规则"
        try:
            where = YamlDocument(None, f"{self.pack.id} 指标 {item.code}")
            params = validated(kind.params, rule.params, where, SchemeError, "rule.params")
            decimals = DECIMALS if ruleset is None else ruleset.points_decimals
            text = in_words(kind, params, terms_of(item, decimals), item.code)
        except WorkbenchError as error:
            return error.problems[0].message
        basis = basis_text(item, rule, ruleset if from_ruleset else None)
        return f"{text}({basis})" if basis else text

    def _rule(self, item: Indicator | Extra, ruleset_id: str) -> tuple[RuleRef | None, bool]:
        """The item's rule and whether the ruleset decides it; None where that is not known."""
        if item.rule is not None:
            return item.rule, False
        ruleset = self._ruleset(ruleset_id)
        return (None if ruleset is None else ruleset.classes.get(getattr(item, "judged", None) or "")), True

    def _ruleset(self, name: str) -> Ruleset | None:
        if name not in self._rulesets:
            try:
                self._rulesets[name] = self.library.ruleset(name)
            except WorkbenchError:
                self._rulesets[name] = None
        return self._rulesets[name]

"""The rules of one connection for all its messages, as they are applied while a file is read."""

from collections.abc import Mapping, Sequence

from edi.guides.finding import all_of, find
from edi.guides.guide import Guide
from edi.guides.narrowing import Rule, RulesError, narrow, problems_of

_MOST_KEPT = 64


class RuleBook:
    """Rules by kind of message ("ORDERS", "850") or kind and release ("ORDERS D.01B"), as a connection keeps them."""

    def __init__(self, rules: Mapping[str, Sequence[Rule]]) -> None:
        self._rules = rules
        self._narrowed: dict[tuple[str, str], Guide] = {}

    def guide(self, guide: Guide) -> Guide:
        """`guide` with the rules for its kind and release; a rule that does not fit the release (groups have other
        numbers there) is left out, and the guide itself given when there are none."""
        rules = self._rules.get(f"{guide.kind} {guide.version}") or self._rules.get(guide.kind)
        if not rules:
            return guide
        key = (guide.kind, guide.version)
        narrowed = self._narrowed.get(key)
        if narrowed is None:
            if len(self._narrowed) >= _MOST_KEPT:
                self._narrowed.clear()
            narrowed = self._narrowed[key] = _fitting(guide, rules)
        return narrowed

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the rules, a sentence for each; empty when all can be applied."""
        return tuple(problem for name in self._rules for problem in _problems(name, self._rules[name]))


def _fitting(guide: Guide, rules: Sequence[Rule]) -> Guide:
    for rule in rules if isinstance(rules, list | tuple) else ():  # they come from JSON that was kept
        try:
            guide = narrow(guide, [rule])
        except RulesError:
            continue
    return guide


def _problems(name: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    """Rules without a release must fit one of those there are."""
    kind, _, version = name.partition(" ")
    guide = find(kind, version)
    if not isinstance(guide, Guide):
        return (f"There is no guide {name[:40]!r} that rules could be added to.",)
    releases = [guide] if version else [each for each in all_of(kind) if isinstance(each, Guide)]
    told = [problems_of(each, rules) for each in releases]
    if not all(told):
        return ()
    return tuple(f"{name}, {problem[0].lower()}{problem[1:]}" for problem in told[0])

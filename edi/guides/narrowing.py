"""A connection's own rules: what a partner asks for beyond the standard, as plain data that a person edits as JSON.

A rule is an object. It says where by "segment" (a tag) and "group" ("SG2", "LPO1"; "message" for outside of any group;
left out: wherever the segment stands), "element" ("2", or "2.1" for a component), and then one thing:

    {"segment": "PIA", "group": "SG25", "use": "required"}              or "forbidden"; also for an element or a group
    {"group": "SG2", "max": 5}                                          fewer repeats
    {"segment": "NAD", "element": "1", "codes": ["BY", "SU", "DP"]}     only these codes
    {"segment": "BGM", "element": "1.1", "value": "220"}                always this value
    {"segment": "RFF", "element": "1.2", "max_length": 10}              shorter
    {"segment": "LIN", "condition": "R0103"}                            see conditions.py
    {"segment": "NAD", "when": {"element": "1", "is": ["DP"]}, "require": ["2.1", "3"]}
    {"add": "MTX", "group": "SG25", "after": "QTY", "max": 5, "elements": ["an..3!", "an..256"]}
    {"expect": "NAD", "group": "SG2", "element": "1", "is": ["DP"], "text": "Name the delivery party."}

The last one asks for at least one such segment in every message. What breaks a rule of a connection is an error.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from edi.guides.conditions import Condition, parse_condition
from edi.guides.elements import Element, SegmentRule, element_format
from edi.guides.guide import Guide, Node, nodes
from edi.guides.requirements import MESSAGE, Requirement
from edi.guides.tree import changed, inserted, renumbered

Rule = Mapping[str, object]
_MOST_RULES = 500

_KEYS = {
    "use": {"segment", "group", "element", "use"},
    "max": {"segment", "group", "max"},
    "codes": {"segment", "group", "element", "codes"},
    "value": {"segment", "group", "element", "value"},
    "max_length": {"segment", "group", "element", "max_length"},
    "condition": {"segment", "group", "condition"},
    "when": {"segment", "group", "when", "require"},
    "add": {"add", "group", "after", "max", "elements", "name"},
    "expect": {"expect", "group", "element", "is"},
}
_COMMENTS = {"text", "note"}  # for people; allowed in every rule


class RulesError(ValueError):
    """Rules that cannot be applied; `problems` are sentences for the person who wrote them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


def narrow(guide: Guide, rules: Sequence[Rule]) -> Guide:
    """`guide` with the rules of a connection. Raises RulesError, with a sentence for each rule that is not right."""
    problems: list[str] = []
    if not isinstance(rules, Sequence) or isinstance(rules, str | bytes):
        raise RulesError(["The rules must be a list."])
    if len(rules) > _MOST_RULES:
        raise RulesError([f"There are {len(rules)} rules; at most {_MOST_RULES} are allowed."])
    for number, rule in enumerate(rules, 1):
        try:
            guide = _apply(guide, rule)
        except ValueError as problem:
            problems.append(f"Rule {number}: {problem}")
    if problems:
        raise RulesError(problems)
    return renumbered(guide)


def problems_of(guide: Guide, rules: Sequence[Rule]) -> tuple[str, ...]:
    """What is wrong with `rules`, a sentence for each; empty when they can be applied."""
    try:
        narrow(guide, rules)
    except RulesError as error:
        return error.problems
    return ()


def _apply(guide: Guide, rule: Rule) -> Guide:
    if not isinstance(rule, Mapping):
        raise ValueError("a rule must be an object in braces.")
    verb = _verb(rule)
    surplus = sorted(str(key) for key in set(rule) - _KEYS[verb] - _COMMENTS)
    if surplus:
        raise ValueError(f"{', '.join(surplus)} has no meaning together with {verb!r}.")
    return _VERBS[verb](guide, rule)


def _verb(rule: Rule) -> str:
    for leading in ("add", "expect", "when"):
        if leading in rule:
            return leading
    verbs = [verb for verb in _KEYS if verb in rule]
    if len(verbs) != 1:
        raise ValueError(f"a rule must have exactly one of {', '.join(_KEYS)}.")
    return verbs[0]


# -- where a rule applies ---------------------------------------------------------------------------------------------


def _text(rule: Rule, key: str) -> str:
    value = rule.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key!r} must be a text in quotes.")
    return value.strip()


def _texts(rule: Rule, key: str) -> list[str]:
    values = rule.get(key)
    if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
        raise ValueError(f'{key!r} must be a list of texts, as ["A", "B"].')
    return [str(value) for value in values]


def _number(rule: Rule, key: str, least: int, most: int) -> int:
    value = rule.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{key!r} must be a whole number from {least} to {most}.")
    return value


def _position(text: str) -> tuple[int, int]:
    element, _, component = text.partition(".")
    if not (element.isdigit() and (component.isdigit() or "." not in text)) or not 1 <= int(element[:4]) <= 99:
        raise ValueError(f'{text!r} is not the position of an element; write "2" or "2.1".')
    return int(element), int(component[:4] or 0)


def _places(guide: Guide, rule: Rule, key: str = "segment") -> list[Node]:
    """The segments a rule speaks of."""
    tag, group = _text(rule, key), _text(rule, "group")
    name = f"{guide.kind} {guide.version}"
    if not tag:
        raise ValueError(f"{key!r} is missing.")
    named = [node for _, node in nodes(guide) if node.name == tag and not node.children]
    if not named:
        raise ValueError(f"{name} has no segment {tag}.")
    there = [node for node in named if not group or node.group == ("" if group == MESSAGE else group)]
    if not there:
        groups = ", ".join(sorted({node.group or MESSAGE for node in named}))
        raise ValueError(f"{tag} does not stand in group {group} of {name}; it stands in {groups}.")
    return there


def _position_of_rule(guide: Guide, rule: Rule) -> Node:
    """The one position, segment or group, whose use or repeats a rule changes. A segment that opens its group speaks
    for the group."""
    if "segment" not in rule:
        group = _text(rule, "group")
        found = [node for _, node in nodes(guide) if node.name == group and node.children]
        if not found:
            raise ValueError(f"{guide.kind} {guide.version} has no group {group or '(none was named)'}.")
        return found[0]
    there = _places(guide, rule)
    if len(there) > 1:
        groups = ", ".join(node.group or MESSAGE for node in there)
        raise ValueError(f'{there[0].name} stands in {groups}; say which by "group".')
    for _, node in nodes(guide):
        if node.children and node.children[0] is there[0]:
            return node
    return there[0]


# -- elements ---------------------------------------------------------------------------------------------------------


def _rule_of(guide: Guide, node: Node) -> SegmentRule:
    return guide.rule(node) or SegmentRule(node.name)


def _change_rules(guide: Guide, places: Sequence[Node], change: Callable[[SegmentRule], SegmentRule]) -> Guide:
    new = {node: replace(node, rule=change(_rule_of(guide, node))) for node in places}
    return changed(guide, new.get)


def _change_element(guide: Guide, rule: Rule, change: Callable[[Element], Element], *, required: bool = False) -> Guide:
    element, component = _position(_text(rule, "element"))

    def with_change(known: SegmentRule) -> SegmentRule:
        new = _with(known, element, component, change)
        if not required:
            return new
        # A component is only there when its composite is.
        return _with(new, element, 0, lambda whole: replace(whole, mandatory=True, strict=True))

    return _change_rules(guide, _places(guide, rule), with_change)


def _with(rule: SegmentRule, element: int, component: int, change: Callable[[Element], Element]) -> SegmentRule:
    """`rule` with one element or component changed. Raises ValueError when there is none at that position."""
    if element > len(rule.elements):
        raise ValueError(f"{rule.tag} has {len(rule.elements)} elements; there is no element {element}.")
    old = rule.elements[element - 1]
    if not component:
        new = change(old)
    elif component > len(old.components):
        raise ValueError(f"{rule.tag}{element:02} has {len(old.components)} components; there is no {component}.")
    else:
        part = change(old.components[component - 1])
        needed = old.mandatory or (
            part.mandatory and part.strict
        )  # a component can only be required with its composite
        parts = (*old.components[: component - 1], part, *old.components[component:])
        new = replace(old, components=parts, mandatory=needed, strict=old.strict or part.strict)
    return replace(rule, elements=(*rule.elements[: element - 1], new, *rule.elements[element:]))


# -- what rules do ----------------------------------------------------------------------------------------------------


def _use(guide: Guide, rule: Rule) -> Guide:
    use = _text(rule, "use")
    if use not in ("required", "forbidden"):
        raise ValueError('"use" must be "required" or "forbidden".')
    if "element" in rule:
        required = use == "required"
        return _change_element(
            guide,
            rule,
            lambda old: replace(old, mandatory=required, forbidden=not required, strict=True),
            required=required,
        )
    target = _position_of_rule(guide, rule)
    if use == "required":
        return changed(guide, {target: replace(target, mandatory=True, strict=True)}.get)
    if target.mandatory:
        raise ValueError(f"{target.name} is mandatory in {guide.kind} {guide.version} and cannot be forbidden.")
    return changed(guide, {target: replace(target, most=0, strict=True)}.get)


def _max(guide: Guide, rule: Rule) -> Guide:
    target = _position_of_rule(guide, rule)
    most = _number(rule, "max", 1, target.most)
    return changed(guide, {target: replace(target, most=most, strict=True)}.get)


def _codes(guide: Guide, rule: Rule) -> Guide:
    allowed = _texts(rule, "codes")
    return _change_element(guide, rule, lambda old: _only(old, allowed))


def _only(element: Element, values: Sequence[str]) -> Element:
    if element.components:
        raise ValueError(f'{element.number} is a composite; name the component, as "2.1".')
    for value in values:
        if element.longest and len(value) > element.longest:
            raise ValueError(f"{value!r} is longer than element {element.number} may be ({element.format}).")
    return replace(element, codes={value: element.codes.get(value, "") for value in values}, closed=True)


def _value(guide: Guide, rule: Rule) -> Guide:
    value = _text(rule, "value")
    if not value:
        raise ValueError('"value" must not be empty; to keep an element empty write "use": "forbidden".')
    return _change_element(
        guide, rule, lambda old: replace(_only(old, [value]), mandatory=True, strict=True), required=True
    )


def _max_length(guide: Guide, rule: Rule) -> Guide:
    def shorter(old: Element) -> Element:
        if old.components:
            raise ValueError(f'{old.number} is a composite; name the component, as "2.1".')
        longest = _number(rule, "max_length", max(old.shortest, 1), old.longest or 65_536)
        return replace(old, longest=longest, strict=True)

    return _change_element(guide, rule, shorter)


def _condition(guide: Guide, rule: Rule) -> Guide:
    condition = replace(parse_condition(_text(rule, "condition")), strict=True)
    return _with_condition(guide, rule, condition)


def _with_condition(guide: Guide, rule: Rule, condition: Condition) -> Guide:
    def change(known: SegmentRule) -> SegmentRule:
        for element, component in condition.positions:
            _with(known, element, component, lambda old: old)  # refuses positions that do not exist
        return replace(known, conditions=(*known.conditions, condition))

    return _change_rules(guide, _places(guide, rule), change)


def _when(guide: Guide, rule: Rule) -> Guide:
    when = rule["when"]
    if not isinstance(when, Mapping) or set(when) != {"element", "is"}:
        raise ValueError('"when" must be an object with "element" and "is".')
    positions = [_position(_text(when, "element")), *(_position(text) for text in _texts(rule, "require"))]
    values = frozenset(_texts(when, "is"))
    return _with_condition(guide, rule, Condition("V", tuple(positions), values, strict=True))


def _add(guide: Guide, rule: Rule) -> Guide:
    tag, after = _text(rule, "add"), _text(rule, "after")
    if not (tag.isalnum() and tag.isascii() and tag.upper() == tag and 2 <= len(tag) <= 3):
        raise ValueError(f"{tag!r} is not a tag; a segment has two or three capital letters or digits.")
    places = _places(guide, {"segment": after, "group": rule.get("group", "")})
    if len(places) > 1:
        groups = ", ".join(node.group or MESSAGE for node in places)
        raise ValueError(f'{after} stands in {groups}; say which by "group".')
    most = _number(rule, "max", 1, 1_000_000) if "max" in rule else 1
    known = guide.dictionary().get(tag)
    if "elements" in rule or known is None:
        known = SegmentRule(tag, _text(rule, "name"), tuple(_elements(rule)))
    new = Node(tag, False, most, group=places[0].group, rule=known, strict=True)
    return inserted(guide, places[0], new)


def _elements(rule: Rule) -> Iterator[Element]:
    if "elements" not in rule:
        raise ValueError(f'{rule["add"]} is not in the dictionary; give its "elements", as ["an..3!", "n..9"].')
    for number, form in enumerate(_texts(rule, "elements"), 1):
        kind, shortest, longest = element_format(form.removesuffix("!"))
        mandatory = form.endswith("!")
        yield Element(str(number), mandatory=mandatory, type=kind, shortest=shortest, longest=longest, strict=True)


def _expect(guide: Guide, rule: Rule) -> Guide:
    place = _places(guide, rule, "expect")[0]
    element, component = _position(_text(rule, "element")) if "element" in rule else (0, 0)
    if element:
        _with(_rule_of(guide, place), element, component, lambda old: old)
    values = frozenset(_texts(rule, "is")) if "is" in rule else frozenset()
    if values and not element:
        raise ValueError('"is" needs an "element" to look at.')
    group = _text(rule, "group")
    wanted = Requirement(place.name, group, element, component, values, _text(rule, "text"))
    return replace(guide, requirements=(*guide.requirements, wanted))


_VERBS: dict[str, Callable[[Guide, Rule], Guide]] = {
    "use": _use,
    "max": _max,
    "codes": _codes,
    "value": _value,
    "max_length": _max_length,
    "condition": _condition,
    "when": _when,
    "add": _add,
    "expect": _expect,
}

"""A record under construction from XML: values by field, the place of each, and what has no field."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from edi.syntax.xml import XmlDocument
from orders.documents import Origin

Element = etree._Element

EXTRAS_AT_MOST = 5_000
# An Origin from all its values at once: there is one for every value of a file.
_origin = tuple.__new__


class XmlDraft:
    """Values by field name. Origins and extras are those of the record that can hold them: a document or a line; its
    parts (a party, a tax) share them, and their fields stand there as "buyer.name"."""

    secrets = frozenset({"SharedSecret", "DigitalSignature", "CredentialMac"})  # never kept (cXML)

    __slots__ = ("attributes", "extras", "node", "origin", "parts", "path", "prefix", "seen", "values")

    def __init__(self, node: Element, path: str, holder: "XmlDraft | None" = None, prefix: str = "") -> None:
        self.node: Element = holder.node if holder else node
        self.path = path
        self.attributes: bool = holder.attributes if holder else False
        self.prefix = prefix
        self.origin: list[Origin] = holder.origin if holder else []
        self.extras: list[tuple[str, str]] = holder.extras if holder else []
        self.values: dict[str, Any] = {}
        self.parts: dict[str, tuple[Callable[..., Any], XmlDraft]] = {}
        self.seen: set[object] = set()

    def take(self, field: str, value: Any, literal: str, node: Element, at: str) -> bool:
        """Take `value` for the field unless it has one: the first one that was sent counts."""
        if field in self.values:
            return False
        self.values[field] = value
        prefix = self.prefix
        if prefix:
            field = prefix + field
        self.origin.append(_origin(Origin, (field, literal, 0, "", 0, 0, at, node.sourceline or 0)))
        return True

    def add(self, field: str, value: Any, literal: str, node: Element, at: str) -> None:
        """Append `value` to the field."""
        values = self.values.setdefault(field, [])
        values.append(value)
        name = f"{self.prefix}{field}[{len(values)}]"
        self.origin.append(_origin(Origin, (name, literal, 0, "", 0, 0, at, node.sourceline or 0)))

    def part(self, name: str, kind: Callable[..., Any]) -> "XmlDraft":
        """The draft of the part `name`, to which several elements may add; `kind` makes it when the record is made."""
        found = self.parts.get(name)
        if found is None:
            found = self.parts[name] = (kind, XmlDraft(self.node, self.path, self, f"{self.prefix}{name}."))
        return found[1]

    def keep(self, element: Element) -> None:
        """Keep every leaf of `element` that says something, so that nothing is lost; attributes where the standard
        speaks in them (cXML)."""
        if not isinstance(element.tag, str) or element.tag in self.secrets:
            return
        if self.attributes:
            for name, value in element.items():
                if not str(name).startswith("{"):
                    self.keep_text(element, str(name), str(value))
        if len(element):
            for child in element:
                self.keep(child)
            return
        text = (element.text or "").strip()
        if text and len(self.extras) < EXTRAS_AT_MOST:
            self.extras.append((self._below(element), text))

    def keep_text(self, element: Element, name: str, text: str) -> None:
        """Keep the attribute `name` of `element`."""
        if text and len(self.extras) < EXTRAS_AT_MOST:
            path = self._below(element)
            self.extras.append((f"{path}/@{name}" if path else f"@{name}", text))

    def _below(self, element: Element | None) -> str:
        steps: list[str] = []
        while element is not None and element is not self.node:
            steps.append(str(element.tag).rpartition("}")[2])
            element = element.getparent()
        return "/".join(reversed(steps))

    def make(self, kind: Callable[..., Any], /, **more: Any) -> Any:
        """The record. Raises TypeError when a mandatory field was never set and `more` has no value for it."""
        values = {**more, **self.values}
        for name, value in self.values.items():
            if type(value) is list:
                values[name] = tuple(value)
        for name, (part_kind, part) in self.parts.items():
            if (part.values or part.parts) and name not in self.values:
                values[name] = part.make(part_kind)
        return kind(**values)

    def whole(self, kind: Callable[..., Any], /, **more: Any) -> Any:
        """The record with its origins and extras: a document or a line."""
        return self.make(kind, origin=tuple(self.origin), extras=tuple(self.extras), **more)


class Work:
    """One document being read: where findings go, its currency, and how many lines it may have."""

    __slots__ = ("currency", "document", "findings", "line_nodes", "lines", "order_number", "packages")

    def __init__(self, document: XmlDocument, findings: Any, lines: int, currency: str = "") -> None:
        self.document = document
        self.findings = findings
        self.lines = lines
        self.currency = currency
        self.line_nodes: list[Element] = []
        self.order_number = ""  # of the lines that follow, where a group names it
        self.packages: dict[str, str] = {}  # those that lines name, with their kind

    def invalid(self, code: str, what: str, node: Element, name: str, value: str) -> None:
        """Say that the element or attribute `name` is not `what` it must be."""
        text = f"{name} must be {what}, but is {value[:40]!r}."
        self.findings.error(code, text, lambda: self.document.place(node), value=value)

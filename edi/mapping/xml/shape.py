"""Shapes: how a record stands in XML, told once and used to read it and to write it.

A shape is a sequence of entries in the order of the schema. Reading goes through the children of an element and hands
each to the entry of its tag, one dictionary access a child; what no entry knows is kept. Writing goes through the
entries and makes an element of each field that has a value. Tags are full names; a tag "@x" is an attribute.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from lxml import etree

from edi.mapping.xml.draft import Element, Work, XmlDraft
from edi.mapping.xml.kinds import TEXT, Kind
from edi.mapping.xml.out import Out

_UNWRITTEN = frozenset({"origin", "extras", "place"})
_PREFIXES = {
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac:",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2": "cbc:",
}


def step_of(tag: str) -> str:
    """The step of an XPath to `tag`, with the customary prefix."""
    space, _, name = tag.rpartition("}")
    return f"/{_PREFIXES.get(space[1:], '')}{name}"


class Entry:
    """One element (or attribute) and what it means for the record. `fields` are those it reads and writes."""

    __slots__ = ("fields", "step", "tag")

    def __init__(self, tag: str, *names: str) -> None:
        self.tag = tag
        self.step = step_of(tag)
        self.fields: frozenset[str] = frozenset(names)

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        """Take what `node` says into `draft`; `at` is the XPath of its parent."""
        raise NotImplementedError

    def write(self, out: Out, parent: Element, record: Any) -> None:
        """Add an element to `parent` for what `record` says."""
        raise NotImplementedError


class Shape:
    """Entries that together are a record, or a part of one."""

    __slots__ = ("attributes", "elements", "entries", "fields")

    def __init__(self, *entries: Entry, keeps_attributes: bool = False) -> None:
        self.entries = entries
        self.elements = {entry.tag: entry for entry in entries if entry.tag[:1] != "@"}
        named = {entry.tag[1:]: entry for entry in entries if entry.tag[:1] == "@"}
        self.attributes = named if named or keeps_attributes else None
        self.fields: frozenset[str] = frozenset().union(*(entry.fields for entry in entries))

    def fill(self, work: Work, node: Any, draft: XmlDraft, at: str) -> None:
        """Read the children of `node` into `draft`; `at` is the XPath of `node`. A slice (of which the stubs know
        nothing) hands them out faster than a loop over the element does."""
        if self.attributes is not None:
            self._attributes(work, node, draft, at)
        find = self.elements.get
        for child in node[:]:
            entry = find(child.tag)
            if entry is not None:
                entry.read(work, child, draft, at)
            else:
                draft.keep(child)

    def _attributes(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        named = self.attributes or {}
        for name, text in node.items():
            if str(name).startswith("{http://www.w3.org/XML/1998"):  # xml:lang
                continue
            entry = named.get(str(name))
            if entry is not None:
                entry.read(work, node, draft, at)
            else:
                draft.keep_text(node, str(name).rpartition("}")[2], str(text))

    def write(self, out: Out, parent: Element, record: Any) -> None:
        """Add to `parent` what `record` says."""
        for entry in self.entries:
            entry.write(out, parent, record)

    def tell_unsaid(self, out: Out, record: Any) -> None:
        """A finding for each field of `record` that has a value and no place in this shape."""
        for name, value in unsaid(record, self.fields):
            out.cannot_say(name, value)


def unsaid(record: Any, said: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Fields of `record` with a value other than their default that are not in `said`."""
    if not is_dataclass(record):
        return
    for field in fields(record):
        if field.name in said or field.name in _UNWRITTEN:
            continue
        value = getattr(record, field.name)
        if value not in (None, "", (), field.default):
            yield field.name, value


class Leaf(Entry):
    """A text, number, date or code. A second, different one is kept; the same again says nothing new."""

    __slots__ = ("_parse", "field", "kind", "name")

    def __init__(self, tag: str, field: str, kind: Kind = TEXT) -> None:
        super().__init__(tag, field)
        self.field = field
        self.kind = kind
        self._parse = None if kind is TEXT else kind.parse
        self.name = tag[1:] if tag[:1] == "@" else ""

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        text = node.get(self.name) if self.name else node.text
        text = text.strip() if text else ""
        if not text:
            return
        value = self._parse(text) if self._parse else text
        if value is None:
            name = f"@{self.name}" if self.name else etree.QName(node).localname
            work.invalid(self.kind.code, self.kind.what, node, name, text)
        elif not draft.take(self.field, value, text, node, at + self.step) and draft.values[self.field] != value:
            self.keep(node, draft, text)

    def keep(self, node: Element, draft: XmlDraft, text: str) -> None:
        """Keep a second value."""
        if self.name:
            draft.keep_text(node, self.name, text)
        else:
            draft.keep(node)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        value = getattr(record, self.field, None)
        if value is None or value == "":
            return
        text = self.kind.format(value)
        if self.name:
            out.attribute(parent, self.name, text)
        else:
            out.leaf(parent, self.tag, text, self.marks(out, record))

    def marks(self, out: Out, record: Any) -> dict[str, str]:
        """Attributes of the element."""
        return {}


class Texts(Leaf):
    """A text that may repeat, into a tuple."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        text = (node.text or "").strip()
        if text:
            draft.add(self.field, text, text, node, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for text in getattr(record, self.field):
            out.leaf(parent, self.tag, text)


class Joined(Leaf):
    """A text that may stand in several elements, read as one with `mark` between; written as one."""

    __slots__ = ("mark",)

    def __init__(self, tag: str, field: str, mark: str = "\n") -> None:
        super().__init__(tag, field)
        self.mark = mark

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        text = (node.text or "").strip()
        if text and not draft.take(self.field, text, text, node, at + self.step):
            draft.values[self.field] += self.mark + text


class Within(Entry):
    """An element that only groups: its children belong to the same record. A second one is kept unless it repeats."""

    __slots__ = ("repeats", "shape")

    def __init__(self, tag: str, *entries: Entry, repeats: bool = False) -> None:
        self.shape = Shape(*entries)
        super().__init__(tag, *self.shape.fields)
        self.repeats = repeats

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        if not self.repeats:
            if self in draft.seen:
                draft.keep(node)
                return
            draft.seen.add(self)
        self.shape.fill(work, node, draft, at + self.step)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        with out.element(parent, self.tag) as child:
            self.shape.write(out, child, record)


Make = Callable[[Work, XmlDraft, Element], Any]


class Record(Entry):
    """A record of its own in one field."""

    __slots__ = ("field", "make", "shape")

    def __init__(self, tag: str, field: str, shape: Shape, make: Make) -> None:
        super().__init__(tag, field)
        self.field = field
        self.shape = shape
        self.make = make

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        if self.field in draft.values:
            draft.keep(node)
            return
        child = XmlDraft(node, at, draft, f"{draft.prefix}{self.field}.")
        self.shape.fill(work, node, child, at + self.step)
        if child.values or child.parts:
            draft.values[self.field] = self.make(work, child, node)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        value = getattr(record, self.field, None)
        if value is None:
            return
        self.shape.tell_unsaid(out, value)
        with out.element(parent, self.tag) as child:
            self.shape.write(out, child, value)


class Records(Record):
    """Records in a tuple. `lines` have origins and extras of their own and are limited; `unmake` gives an object with
    the attributes that the entries write, where the record itself is built otherwise."""

    __slots__ = ("lines", "unmake")

    def __init__(
        self,
        tag: str,
        field: str,
        shape: Shape,
        make: Make,
        *,
        lines: bool = False,
        unmake: Callable[[Out, Any], Any] | None = None,
    ) -> None:
        super().__init__(tag, field, shape, make)
        self.lines = lines
        self.unmake = unmake

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        records = draft.values.setdefault(self.field, [])
        if self.lines:
            if len(records) >= work.lines:
                _too_many(work, node, draft, self)
                return
            path = f"{at}{self.step}[{len(records) + 1}]"
            child = XmlDraft(node, path)
            child.attributes = draft.attributes
        else:
            path = f"{at}{self.step}[{len(records) + 1}]"
            child = XmlDraft(node, path, draft, f"{draft.prefix}{self.field}[{len(records) + 1}].")
        self.shape.fill(work, node, child, path)
        record = self.make(work, child, node)
        if record is not None:
            records.append(record)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        for value in getattr(record, self.field):
            said = self.unmake(out, value) if self.unmake else value
            if type(said) is type(value):
                self.shape.tell_unsaid(out, said)
            with out.element(parent, self.tag) as child:
                self.shape.write(out, child, said)


def _too_many(work: Work, node: Element, draft: XmlDraft, entry: Entry) -> None:
    if entry not in draft.seen:
        draft.seen.add(entry)
        text = f"The document has more than {work.lines} lines; the rest was not read."
        work.findings.error("too-many-lines", text, work.document.place(node))


class Into(Entry):
    """An entry whose values belong to a part of the record (a header, a party) though they stand beside its others."""

    __slots__ = ("entry", "field", "kind")

    def __init__(self, field: str, kind: Callable[..., Any], entry: Entry) -> None:
        super().__init__(entry.tag, field)
        self.field = field
        self.kind = kind
        self.entry = entry

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self.entry.read(work, node, draft.part(self.field, self.kind), at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        part = getattr(record, self.field, None)
        if part is not None:
            self.entry.write(out, parent, part)


class ReadOnly(Entry):
    """An entry that is understood and never written: another way to say the same."""

    __slots__ = ("entry",)

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.tag)
        self.entry = entry

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        self.entry.read(work, node, draft, at)

    def write(self, out: Out, parent: Element, record: Any) -> None:
        return


class Ignored(Entry):
    """An element that says nothing for the record (the envelope reads it)."""

    __slots__ = ()

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        return

    def write(self, out: Out, parent: Element, record: Any) -> None:
        return


class Written(Entry):
    """An element that is worked out when writing and ignored when reading."""

    __slots__ = ("value",)

    def __init__(self, tag: str, value: Callable[[Out, Any], str]) -> None:
        super().__init__(tag)
        self.value = value

    def read(self, work: Work, node: Element, draft: XmlDraft, at: str) -> None:
        return

    def write(self, out: Out, parent: Element, record: Any) -> None:
        out.leaf(parent, self.tag, self.value(out, record))


def into(field: str, kind: Callable[..., Any], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Each of `entries` as one that fills the part `field`."""
    return tuple(Into(field, kind, entry) for entry in entries)

"""Guides: the structures of messages as data. `find` gives one, `catalogue` lists all; loaded when first asked for."""

from edi.guides.finding import AnyGuide, Entry, catalogue, find

__all__ = ["AnyGuide", "Entry", "catalogue", "find"]

"""Guides: the structures of messages as data. `find` gives one, `catalogue` lists all; only what is asked for is loaded."""

from edi.guides.finding import Entry, catalogue, find

__all__ = ["Entry", "catalogue", "find"]

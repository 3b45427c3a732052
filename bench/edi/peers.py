"""What other readers do with the same bytes."""

import warnings
from io import BytesIO, StringIO

from bench.edi.bots import Bots

__all__ = ["Bots", "iterparse", "pydifact", "pyx12", "split_edifact", "split_x12"]


def pydifact(data: bytes) -> int:
    """Every segment of every message of an Interchange."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydifact.segmentcollection import Interchange

        interchange = Interchange.from_str(data.decode("latin-1"))
        return sum(len(segment.elements) for message in interchange.get_messages() for segment in message.segments)


def pyx12(data: bytes) -> int:
    """Every segment of an X12Reader, which checks counts and control numbers."""
    from pyx12.x12file import X12Reader

    reader = X12Reader(StringIO(data.decode("latin-1")))
    count = sum(1 for _ in reader)
    assert not reader.pop_errors()
    return count


def iterparse(data: bytes) -> int:
    """Every element as lxml hands it out, each let go at its end."""
    from lxml import etree

    count = 0
    for _, element in etree.iterparse(BytesIO(data), events=("end",)):
        count += 1
        element.clear()
    return count


def split_edifact(data: bytes) -> int:
    """Cut at the terminator and at the element separator: no check, no release character, no document."""
    return sum(len(segment.split("+")) for segment in data.decode("latin-1").split("'"))


def split_x12(data: bytes) -> int:
    """The same for X12."""
    return sum(len(segment.split("*")) for segment in data.decode("latin-1").split("~"))

"""The cyclic garbage collector rests while one message is read.

What is read makes many objects that all stay, and none that refers to itself: documents are frozen records of values,
segments know their interchange but nothing knows them. Searching them for cycles over and over finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No search for cycles within; it goes on afterwards, whatever happened, if it was on before. May be nested. Where
    threads overlap it goes on as soon as the first of them is done."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

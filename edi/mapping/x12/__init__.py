"""X12 into documents and back."""

from edi.mapping.x12.writing import write

__all__ = ["write"]

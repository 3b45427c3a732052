"""EDIFACT into documents and back."""

from edi.mapping.edifact.writing import write

__all__ = ["write"]

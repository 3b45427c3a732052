"""Benchmarks: each module has `run() -> list[Row]`; figures are ratios to a peer or a bare limit in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure beside what it is compared with. `ratio` is ours over theirs in the same run."""

    what: str
    ours: str
    theirs: str
    against: str
    ratio: float

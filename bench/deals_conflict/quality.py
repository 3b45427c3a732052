"""How well the score tells companies apart: the confusion table over generated pairs."""

from collections import Counter
from dataclasses import dataclass

from bench.deals_conflict.writing import pairs
from deals.matching import HOUSE, features, keys, score

SEED, COUNT = 20261122, 20_000


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts by truth and level ("same", "possible", "clear"), and by kind of pair."""

    table: Counter[tuple[bool, str]]
    kinds: Counter[tuple[str, str]]
    found: int  # true pairs that share a key, and so would be compared at all

    @property
    def true_pairs(self) -> int:
        return sum(number for (same, _level), number in self.table.items() if same)

    @property
    def recall(self) -> float:
        """The share of true pairs that are at least "possible"."""
        return 1 - self.table[True, "clear"] / self.true_pairs

    @property
    def precision(self) -> float:
        """The share of true pairs among those judged to be the same customer."""
        judged = self.table[True, "same"] + self.table[False, "same"]
        return self.table[True, "same"] / judged

    @property
    def filing(self) -> float:
        """The share of true pairs that share at least one key of the index."""
        return self.found / self.true_pairs


def measure(seed: int = SEED, count: int = COUNT) -> Quality:
    """Judge generated pairs by the house's rules."""
    table: Counter[tuple[bool, str]] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    found = 0
    for pair in pairs(seed, count):
        points = score(features(pair.one, pair.other))
        level = "same" if points >= HOUSE.same else "possible" if points >= HOUSE.possible else "clear"
        table[pair.same, level] += 1
        kinds[pair.kind, level] += 1
        found += pair.same and bool(set(keys(pair.one)) & set(keys(pair.other)))
    return Quality(table, kinds, found)


def confusion(quality: Quality) -> str:
    """The table, and under it the same by kind of pair."""
    levels = ("same", "possible", "clear")
    rows = [("one customer", {level: quality.table[True, level] for level in levels})]
    rows.append(("two customers", {level: quality.table[False, level] for level in levels}))
    names = sorted({kind for kind, _level in quality.kinds})
    rows += [(f"  {kind}", {level: quality.kinds[kind, level] for level in levels}) for kind in names]
    lines = [f"  {'truth':32} {'same (>= 85)':>14} {'possible':>10} {'clear':>8}"]
    lines += [f"  {name:32} {row['same']:>14} {row['possible']:>10} {row['clear']:>8}" for name, row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    measured = measure()
    print(confusion(measured))
    print(f"  recall {measured.recall:.4f}, precision {measured.precision:.4f}, filed together {measured.filing:.4f}")

"""The conflict check: how well it tells customers apart, and how long it takes among 10,000 and 1,000,000 of them.

Quality needs nothing but Python. Speed needs PostgreSQL: its binaries, or the TEST_DATABASE_URL of an empty database.
`BENCH_CUSTOMERS` sets another number than 1,000,000.
"""

from bench import Row, on_postgres
from bench.deals_conflict import quality


def run() -> list[Row]:
    """Print the confusion table; rows of quality beside what is promised, and of speed beside a primary key look-up."""
    measured = quality.measure()
    print(quality.confusion(measured))
    rows = [
        _promised("true pairs at possible or above", measured.recall, 0.98),
        _promised("true among those judged the same", measured.precision, 0.90),
        _promised("true pairs with a key in common", measured.filing, 0.98),
    ]
    told = on_postgres("bench.deals_conflict.speed")
    few, many = sorted(told, key=int)
    for size in (few, many):
        at = told[size]
        for part in ("p50", "p95"):
            ours, bare = at["check"][part], at["lookup"][part]
            what = f"check among {int(size):,}, {part}"
            rows.append(Row(what, f"{ours:.1f} ms", f"{bare:.2f} ms", "primary key look-up", ours / bare))
    growth = told[many]["check"]["p50"] / told[few]["check"]["p50"]
    rows.append(Row("growth of p50", f"{growth:.2f} x", "1.50 x", "what is allowed", growth / 1.5))
    rows.append(_promised(f"re-typed customers found among {int(many):,}", told[many]["found"], 0.98))
    return rows


def _promised(what: str, ours: float, promised: float) -> Row:
    return Row(what, f"{ours:.4f}", f"{promised:.2f}", "what is promised", ours / promised)

"""10,000 orders of one interchange into PostgreSQL, end to end, beside a bare bulk insert of the same rows.

End to end: the bytes kept, read, checked, each order in a transaction of its own with its lines, findings, number, room
and trail, the job to deliver each entry queued, the acknowledgement written. What the workers do afterwards is not in
it. `BENCH_ORDERS` sets another number. It needs PostgreSQL's binaries, or the TEST_DATABASE_URL of an empty database.
"""

import json
import os
import time

from bench import Row, lay_tables, on_postgres, set_up

ORDERS = int(os.environ.get("BENCH_ORDERS", "10000"))
WRITTEN = (
    "orders.Order",
    "orders.OrderLine",
    "orders.OrderFinding",
    "edi.Message",
    "edi.RecordedFinding",
    "chat.Room",
    "core.TrailEntry",
    "core.TrailReader",
    "django_tasks_database.DBTaskResult",
)


def run() -> list[Row]:
    """One row: orders a second end to end, beside the rows of as many orders inserted in bulk."""
    told = on_postgres("bench.edi_exchange")
    ours, bare = ORDERS / told["seconds"], ORDERS / told["bare"]
    what = f"{ORDERS} orders, {told['rows']} rows"
    return [Row(what, f"{ours:.0f} orders/s", f"{bare:.0f} orders/s", "bare bulk insert", ours / bare)]


def measure() -> dict[str, float]:
    """Take the file in, then insert the same rows once more in bulk."""
    set_up()
    from django.apps import apps
    from django.db import connection, transaction
    from django.test import override_settings

    from edi.exchange import receive
    from tests.edi.traffic import edifact, orders_message, pair

    lay_tables()
    couple = pair()
    data = edifact(*(orders_message(str(at), f"PO-{at}") for at in range(1, ORDERS + 1))).encode()
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}):
        started = time.perf_counter()
        [row] = receive(actor=couple.actor, data=data).interchanges
        seconds = time.perf_counter() - started
    assert row.validation == "valid", list(row.findings.values("code", "text")[:3])
    models = [apps.get_model(name) for name in WRITTEN]
    kept = [(model, list(model._default_manager.all())) for model in models]
    assert len(kept[0][1]) == ORDERS
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in models)} CASCADE")
    started = time.perf_counter()
    with transaction.atomic():
        for model, rows in kept:
            model._default_manager.bulk_create(rows, batch_size=1000)
    return {"seconds": seconds, "bare": time.perf_counter() - started, "rows": sum(len(rows) for _m, rows in kept)}


if __name__ == "__main__":
    print(json.dumps(measure()))

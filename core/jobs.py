"""Background work on the Django Tasks API: what its database back end lacks (retries, recovery, a timetable).

The same `@task` code runs in a thread of the web process (the embedded default) and in worker processes.
Jobs run at least once, so they must be harmless when repeated.
"""

import functools
import logging
import os
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils.module_loading import import_string
from django.utils.timezone import now

from core.models import Schedule

log = logging.getLogger("filiera.jobs")
TIMETABLE: dict[str, tuple[str, timedelta]] = {}
_wake = threading.Event()


def every(period: timedelta, name: str, path: str) -> None:
    """Put a task (dotted `path`) on the timetable under a unique `name`. Called from an app's `ready`."""
    TIMETABLE[name] = (path, period)


def retrying(attempts: int = 5, base: int = 10, cap: int = 3600) -> Callable[[Callable], Callable]:
    """Run a failing task again after `base`, 2 × `base`, 4 × `base` … seconds (at most `cap`), `attempts` times in all.

    Wear it under `@task()`. Each attempt is a row of its own, so what failed and why stays to be read.
    """

    def decorate(function: Callable) -> Callable:
        @functools.wraps(function)
        def run(*args: Any, _attempt: int = 1, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Exception:
                if _attempt < attempts:
                    delay = min(cap, base * 2 ** (_attempt - 1)) * random.uniform(0.8, 1.2)  # noqa: S311
                    again = import_string(f"{function.__module__}.{function.__qualname__}")
                    due = now() + timedelta(seconds=delay)
                    again.using(run_after=due).enqueue(*args, _attempt=_attempt + 1, **kwargs)
                raise

        return run

    return decorate


def reap(lease: timedelta = timedelta(minutes=15)) -> int:
    """Give back to the queue the jobs whose worker vanished; returns how many."""
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now() - lease)
    return lost.update(status=TaskResultStatus.READY, started_at=None)


def tick() -> int:
    """Enqueue what is due; safe to call from every worker, as each job starts once. Returns how many."""
    known = {row.name: row for row in Schedule.objects.filter(name__in=TIMETABLE)}
    started = 0
    for name, (path, period) in TIMETABLE.items():
        row = known.get(name) or Schedule.objects.get_or_create(name=name, defaults={"next_run": now()})[0]
        if row.next_run > now():
            continue
        with transaction.atomic():
            mine = Schedule.objects.filter(pk=row.pk, next_run=row.next_run)
            if mine.update(next_run=now() + period, last_run=now()):
                import_string(path).enqueue()
                started += 1
    return started


def drain() -> None:
    """Run what is due, then return."""
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"embedded-{os.getpid()}",
        excluded_queue_names=[],
    ).run()


def start_embedded_worker() -> None:
    """Run jobs and the timetable in a daemon thread of this process: SQLite needs no second process."""
    from django_tasks.signals import task_enqueued

    task_enqueued.connect(_nudge, dispatch_uid="filiera.jobs")
    threading.Thread(target=_embedded, name="jobs", daemon=True).start()


def _nudge(**_kwargs: Any) -> None:
    transaction.on_commit(_wake.set)


def _embedded() -> None:
    while True:
        try:
            tick()
            drain()
        except Exception:
            log.exception("the job thread goes on after an error")
            _wake.wait(1)
        finally:
            close_old_connections()
            connection.close()
        _wake.wait(timeout=2)
        _wake.clear()

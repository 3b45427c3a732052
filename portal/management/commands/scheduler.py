"""`manage.py scheduler`: starts the jobs of the timetable when they are due."""

import signal
import threading
from typing import Any

from django.core.management import BaseCommand
from django.db import close_old_connections

from core.jobs import tick


class Command(BaseCommand):
    """Ticks once a second until it is told to stop; any number of them start each job once."""

    help = "Enqueue the jobs of the timetable when they are due."

    def handle(self, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: stop.set())
        while not stop.is_set():
            tick()
            close_old_connections()
            stop.wait(1)

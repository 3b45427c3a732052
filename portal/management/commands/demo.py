"""`manage.py demo`: everything in one process on SQLite."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import override_settings

from portal import demo

HIGHLIGHTS = (
    "luca.conti@aurora.example",
    "marta.riva@brenta.example",
    "giulia.ferri@aurora.example",
    "andrea.moro@brenta.example",
)


class Command(BaseCommand):
    """Lay the tables, fill them with demo data when empty, print who may sign in, serve until Ctrl-C."""

    help = "Run the portal with demo data on SQLite and in-process channels."

    def add_arguments(self, parser: CommandParser) -> None:
        """--port, --seed, --no-serve."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--no-serve", action="store_true", help="only migrate and fill")

    def handle(self, *, port: int, seed: int, no_serve: bool, **options: Any) -> None:
        """Make it ready and serve it."""
        if not settings.DEMO:
            raise CommandError("The demo runs with DEMO=true in the environment; `make demo` sets it.")
        lay_tables()
        keys = None
        if not demo.is_filled():
            self.stdout.write("Filling the demo world …")
            keys = demo.fill(seed).keys
        found = demo.write_access(settings.DATA_DIR / "demo-access.json", f"http://localhost:{port}", keys)
        self._say(found)
        if not no_serve:
            serve(port)

    def _say(self, found: dict[str, Any]) -> None:
        self.stdout.write(f"\nFiliera runs at {found['base_url']}  (Ctrl-C stops it)\n\nSign in as:")
        for user in sorted(found["users"], key=lambda each: each["email"] not in HIGHLIGHTS):
            self.stdout.write(f"  {user['email']:34} {user['organisation']:26} {', '.join(user['roles'])}")
        self.stdout.write(f"\nEveryone's password: {found['users'][0]['password']}")
        self.stdout.write(f"The list, with the keys of the ERPs: {settings.DATA_DIR / 'demo-access.json'}\n")


def lay_tables() -> None:
    """All tables, as the migrations would leave them.

    Of an empty database they are made from the models at once, as for the tests: walking through every migration takes
    a minute in which a new user sees nothing. They are then noted as applied, so a later version migrates from there.
    """
    if MigrationRecorder(connection).has_table():
        call_command("migrate", verbosity=0)
        return
    without = {app.label: None for app in apps.get_app_configs()}
    with override_settings(MIGRATION_MODULES=without):
        call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("migrate", fake=True, verbosity=0)


def serve(port: int) -> None:
    """Serve pages, API and sockets with Daphne on this machine alone; jobs run in a thread of the same process."""
    from daphne.endpoints import build_endpoint_description_strings
    from daphne.server import Server

    from portal.asgi import application

    endpoints = build_endpoint_description_strings(host="127.0.0.1", port=port)
    Server(application=application, endpoints=endpoints, signal_handlers=True, ready_callable=lambda: None).run()

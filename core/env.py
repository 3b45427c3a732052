"""Settings come from the environment alone: NAME, or NAME_FILE holding a path (Docker and systemd secrets)."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv

env = FileAwareEnv()


def secret_key(*, data_dir: Path, may_create: bool) -> str:
    """SECRET_KEY of the environment; in the demo one is made once and kept in DATA_DIR. Production refuses to guess."""
    if key := env.str("SECRET_KEY", default="").strip():
        return key
    if not may_create:
        raise ImproperlyConfigured("SECRET_KEY (or SECRET_KEY_FILE) is not set; Filiera does not start without one.")
    path = data_dir / "secret-key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text().strip()

"""The portal's settings, made quick and quiet for the tests; TEST_DATABASE_URL and TEST_REDIS_URL choose real parts."""

import os
import tempfile

os.environ.setdefault("DEMO", "true")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ["DATA_DIR"] = os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="filiera-test-")
os.environ.pop("DATABASE_URL", None)
os.environ.pop("REDIS_URL", None)
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
if url := os.environ.get("TEST_REDIS_URL"):
    os.environ["REDIS_URL"] = url

from portal.settings import *  # noqa: F403
from portal.settings import CACHES, CHANNEL_LAYERS, DATA_DIR, DATABASES, ON_SQLITE, REST_FRAMEWORK, STORAGES

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMBEDDED_WORKER = False
ACCOUNT_RATE_LIMITS = False
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"actor": "100000/min", "inbound": "100000/min"}
if os.environ.get("REDIS_URL"):  # parallel workers share one Redis, whose publish and subscribe know no database number
    WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"filiera-test-{WORKER}"
    CACHES["default"]["KEY_PREFIX"] = WORKER
if ON_SQLITE:  # a file: threads share it, and shared-cache memory would ignore the busy timeout
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("FILIERA_TEST_DB") or str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)

#!/usr/bin/env bash
# Prove the production shape without Docker: the processes of docker-compose.yml started by hand against PostgreSQL and
# Redis behind nginx, two of them serving sockets, and two browsers that chat with each other through different ones.
set -euo pipefail
cd "$(dirname "$0")/.."
RUN=.venv/bin/python
if [ -z "${SERVICES_DATABASE_URL:-}" ]; then source tools/services.sh; services_start; OWN=1; fi
WORK=$(mktemp -d)
export DATA_DIR="$WORK/data" DATABASE_URL="$SERVICES_DATABASE_URL" REDIS_URL="$SERVICES_REDIS_URL"
mkdir -p "$DATA_DIR"
stop() {
  kill $(jobs -p) 2>/dev/null || true
  [ -f "$WORK/nginx.pid" ] && kill "$(cat "$WORK/nginx.pid")" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$WORK"
  [ -z "${OWN:-}" ] || services_stop
}
trap stop EXIT

echo "-- it refuses to start without a secret key"
if env -u SECRET_KEY DEMO=false $RUN manage.py check >"$WORK/out" 2>&1; then echo "it started without one"; exit 1; fi
grep -q "SECRET_KEY" "$WORK/out"

echo "-- check --deploy is clean"
export SECRET_KEY_FILE="$WORK/secret" ; head -c 60 /dev/urandom | base64 -w0 >"$SECRET_KEY_FILE"
BASE_URL=https://portal.example.org ALLOWED_HOSTS=portal.example.org DEMO=false \
  $RUN -W error::DeprecationWarning manage.py check --deploy --fail-level WARNING

echo "-- migrate, fill, collect"
export DEMO=true BASE_URL=http://127.0.0.1:18080 ALLOWED_HOSTS=127.0.0.1,localhost TRUSTED_PROXIES=1
psql_url="${DATABASE_URL%/*}/filiera_proof"
$RUN - <<PY
import psycopg
with psycopg.connect("$DATABASE_URL", autocommit=True) as connection:
    connection.execute("DROP DATABASE IF EXISTS filiera_proof WITH (FORCE)")
    connection.execute("CREATE DATABASE filiera_proof")
PY
export DATABASE_URL="$psql_url"
$RUN manage.py demo --no-serve --port 18080 >/dev/null
$RUN manage.py collectstatic --noinput -v0

echo "-- start the processes"
.venv/bin/gunicorn portal.wsgi:application --bind 127.0.0.1:18000 --workers 2 --threads 4 --log-level warning &
for port in 18001 18002; do
  .venv/bin/uvicorn portal.asgi:application --port $port --lifespan off --ws-per-message-deflate false --ws-ping-timeout 60 --log-level warning &
done
$RUN manage.py db_worker --no-reload --interval 0.2 --queue-name '*' 2>"$WORK/worker.log" &
$RUN manage.py scheduler &
sed -e 's#http://sockets:8001#http://sockets#; s#http://web:8000#http://127.0.0.1:18000#; s#listen 80;#listen 127.0.0.1:18080;#' tools/nginx.conf >"$WORK/site.conf"
cat >"$WORK/nginx.conf" <<NGINX
pid $WORK/nginx.pid; error_log $WORK/nginx.log; events {}
http {
  access_log off;
  client_body_temp_path $WORK/body; proxy_temp_path $WORK/proxy; fastcgi_temp_path $WORK/f; uwsgi_temp_path $WORK/u; scgi_temp_path $WORK/s;
  upstream sockets { server 127.0.0.1:18001; server 127.0.0.1:18002; }
  include $WORK/site.conf;
}
NGINX
"$(command -v nginx || echo /usr/sbin/nginx)" -c "$WORK/nginx.conf"
for _ in $(seq 60); do $RUN tools/probe.py http://127.0.0.1:18080/healthz 2>/dev/null && break; sleep 0.5; done

echo "-- two browsers, two socket processes"
PROOF_URL=http://127.0.0.1:18080 PROOF_ACCESS="$DATA_DIR/demo-access.json" $RUN -m pytest -m browser tests/e2e/proof.py

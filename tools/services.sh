# A PostgreSQL and a Redis of our own on ports that are free, thrown away afterwards. Source it, then services_start.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
services_start() {
  SERVICES_DIR=$(mktemp -d)
  local pg_bin pg_port redis_port owner
  pg_port=$(free_port) redis_port=$(free_port)
  pg_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  owner=$([ "$(id -u)" = 0 ] && echo postgres || id -un)
  chmod 755 "$SERVICES_DIR" && mkdir "$SERVICES_DIR/pg" && { [ "$(id -u)" != 0 ] || chown postgres "$SERVICES_DIR/pg"; }
  SERVICES_AS=(env); [ "$(id -u)" != 0 ] || SERVICES_AS=(setpriv --reuid=postgres --regid=postgres --init-groups env)
  "${SERVICES_AS[@]}" "$pg_bin/initdb" -D "$SERVICES_DIR/pg/data" -A trust -U filiera --no-sync >/dev/null
  "${SERVICES_AS[@]}" "$pg_bin/pg_ctl" -D "$SERVICES_DIR/pg/data" -w -l "$SERVICES_DIR/pg/log" -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$SERVICES_DIR/pg -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >/dev/null
  redis-server --port $redis_port --bind 127.0.0.1 --save "" --appendonly no --daemonize yes --dir "$SERVICES_DIR" --pidfile "$SERVICES_DIR/redis.pid" >/dev/null
  SERVICES_PG_CTL="$pg_bin/pg_ctl"
  SERVICES_DATABASE_URL="postgres://filiera@127.0.0.1:$pg_port/postgres"
  SERVICES_REDIS_URL="redis://127.0.0.1:$redis_port/0"
}
services_stop() {
  "${SERVICES_AS[@]}" "$SERVICES_PG_CTL" -D "$SERVICES_DIR/pg/data" -m immediate stop >/dev/null || true
  kill "$(cat "$SERVICES_DIR/redis.pid")" 2>/dev/null || true
  rm -rf "$SERVICES_DIR"
}

# Sourced: the private PostgreSQL. Roles: postgres (bootstrap), hsenet_owner (owns the database, migrates), hsenet_service (the worker).

pg_folder() { printf %s "$data_folder/postgres"; }

pg_bin() {
  local versions
  versions=$(cat "$(pg_folder)/data/PG_VERSION" 2>/dev/null || true)
  ls -d /usr/lib/postgresql/${versions:-*}/bin 2>/dev/null | sort -V | tail -n 1
}

pg_query() { # user database; SQL on standard input
  PGOPTIONS=--client-min-messages=warning   PGPASSFILE=$local_folder/pgpass PGCONNECT_TIMEOUT=5 "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U "$1" -d "$2"
}

pg_ours() { [ "$(pg_query postgres postgres <<<'SHOW data_directory' 2>/dev/null)" = "$(pg_folder)/data" ]; }

postgres_up() {
  [ -x "$(pg_bin)/postgres" ] || install_packages postgresql
  local bin folder log port started=$SECONDS
  bin=$(pg_bin) folder=$(pg_folder) log=$(pg_folder)/server.log
  [ -x "$bin/postgres" ] || die "PostgreSQL's programs are not under /usr/lib/postgresql"
  service_folder postgres postgres

  port=$(cat "$folder.port" 2>/dev/null || echo 0)
  pg_write_pgpass "$port"
  if ! pg_ours; then
    [ -s "$folder/data/PG_VERSION" ] || pg_create
    if ! our_pid "$folder/data/postmaster.pid" "$folder/data" >/dev/null; then
      port=$(choose_port postgres "${HSENET_PG_PORT:-}" 55432 1 1)
      pg_start
      pg_write_pgpass "$port"
    fi
    wait_for 30 pg_ours || die "postgres does not answer on port $port; see $log"
  fi
  pg_roles
  pg_publish
  say "postgres: ready on 127.0.0.1:$port ($((SECONDS - started)) s)"
}

# Made beside its place and moved there: a cluster that was interrupted half-way is never taken for one.
pg_create() {
  rm -rf "$folder/new" "$folder/data"
  secret pg_superuser >"$folder/password"
  ! is_root || chown postgres "$folder/password"
  (cd "$folder" && as postgres "$bin/initdb" -D "$folder/new" -U postgres -A scram-sha-256 --pwfile="$folder/password" \
    -E UTF8 --locale=C.UTF-8 --data-checksums </dev/null >"$folder/initdb.log" 2>&1) || die "initdb failed; see $folder/initdb.log"
  rm -f "$folder/password"
  cat >>"$folder/new/postgresql.conf" <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
log_line_prefix = '%m [%p] %u@%d '
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  mv "$folder/new" "$folder/data"
}

# pg_ctl detaches the server. Two reasons to try again: memory of a killed server that is still attached to for a moment, and a port
# that nobody listens on but some connection occupies.
pg_start() {
  local tries
  [ -e "$log" ] || : >"$log"
  ! is_root || chown postgres "$log"
  for tries in 1 2 3 4 5 6 7 8; do
    local before
    before=$(wc -c <"$log" 2>/dev/null || echo 0)
    if (cd "$folder" && close_descriptors && as postgres "$bin/pg_ctl" -D "$folder/data" -l "$log" -o "-p $port" -w -t 60 start) \
      </dev/null >/dev/null 2>&1; then
      return 0
    fi
    case $(tail -c +$((before + 1)) "$log") in
      *"shared memory block"* | *"lock file"*) sleep 1 ;;
      *"could not bind"*)
        [ -z "${HSENET_PG_PORT:-}" ] || die "postgres: port $port is taken"
        port=$((port + 1))
        printf %s "$port" >"$folder.port"
        ;;
      *) break ;;
    esac
  done
  tail -n 20 "$log" >&2
  die "postgres did not start; see $log"
}

pg_write_pgpass() { # port
  local role
  for role in superuser:postgres owner:hsenet_owner service:hsenet_service; do
    printf '127.0.0.1:%s:*:%s:%s\n' "$1" "${role#*:}" "$(secret "pg_${role%:*}")"
  done >"$local_folder/pgpass.new"
  mv "$local_folder/pgpass.new" "$local_folder/pgpass"
  hand_over "$local_folder/pgpass"
}

# pg_signal_backend: tests drop their databases with FORCE, also those the service is connected to.
pg_roles() {
  pg_query postgres postgres <<SQL
SELECT format('CREATE ROLE %I', r) FROM unnest(ARRAY['hsenet_owner', 'hsenet_service']) r
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE hsenet_owner LOGIN CREATEDB NOCREATEROLE NOSUPERUSER PASSWORD '$(secret pg_owner)';
ALTER ROLE hsenet_service LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER PASSWORD '$(secret pg_service)';
GRANT pg_signal_backend TO hsenet_owner;
SELECT 'CREATE DATABASE hsenet OWNER hsenet_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'hsenet') \gexec
SQL
}

# The worker's default settings name port 55432 and .local/pgpass; on another port they are overridden.
pg_publish() {
  local server="Host=127.0.0.1;Port=$port" owner service
  owner="$server;Database=hsenet;Username=hsenet_owner;Password=$(secret pg_owner)"
  service="$server;Database=hsenet;Username=hsenet_service;Password=$(secret pg_service)"
  {
    echo "HSENET_TEST_POSTGRES_OWNER='$owner'"
    echo "HSENET_TEST_POSTGRES_SERVICE='$service'"
    echo "HSENET_TEST_POSTGRES_SUPERUSER='$server;Database=postgres;Username=postgres;Password=$(secret pg_superuser)'"
    if [ "$port" != 55432 ]; then
      echo "HSENet__Database__ConnectionString='$service'"
      echo "HSENet__Database__MigrationConnectionString='$owner'"
    fi
  } | publish_env postgres
}

postgres_down() {
  stop_pid postgres "$(pg_folder)/data/postmaster.pid" "$(pg_folder)/data" INT 60
  withdraw_env postgres
}

#!/bin/sh
# Run as root by the compose file's service "roles" at each start, once the server answers: the two roles with the passwords of deploy/secrets, and a password file for
# each, the owner's for "migrate" alone. Not by the image's own initialization: that runs as the user postgres, who may not write the files and give them away, and never
# again after it has failed. Running it again changes nothing.
#   SECRETS: folder of the passwords, OWNER_FOLDER, SERVICE_FOLDER: folders of the two files, WORKER: user and group who read them (those of the .NET images); PG*: the
#   server, as psql reads them
set -eu
secrets=${SECRETS:-/run/secrets}
PGPASSWORD=$(cat "$secrets/postgres")
export PGPASSWORD
owner=$(cat "$secrets/owner") service=$(cat "$secrets/service")
# the passwords are variables of the standard input, not arguments: those everybody sees
{
  printf "\\set owner '%s'\n\\set service '%s'\n" "$owner" "$service"
  cat <<'SQL'
SELECT 'CREATE ROLE ' || name FROM unnest(ARRAY['hsenet_owner', 'hsenet_service']) name WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE hsenet_owner LOGIN PASSWORD :'owner';
ALTER ROLE hsenet_service LOGIN PASSWORD :'service';
ALTER DATABASE :"DBNAME" OWNER TO hsenet_owner;
ALTER SCHEMA public OWNER TO hsenet_owner;
SQL
} | psql -X -q -v ON_ERROR_STOP=1
umask 077
password_file() { # folder role password
  printf '*:*:*:%s:%s\n' "$2" "$3" >"$1/pgpass.new"
  chown "${WORKER:-1654:1654}" "$1/pgpass.new"
  mv "$1/pgpass.new" "$1/pgpass" # whole, also for a worker that starts at this moment
}
password_file "${OWNER_FOLDER:-/run/owner}" hsenet_owner "$owner"
password_file "${SERVICE_FOLDER:-/run/service}" hsenet_service "$service"

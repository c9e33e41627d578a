#!/bin/sh
# Run as root by the compose file's service "roles" at each start, once the server answers: the two roles with the passwords of deploy/secrets, and the password file that
# the worker's containers read. Not by the image's own initialization: that runs as the user postgres, who may not write the file and give it away, and never again after
# it has failed. Running it again changes nothing.
#   SECRETS: folder of the passwords, PASSWORDS: folder of the file, WORKER: user and group who read it (those of the .NET images); PG*: the server, as psql reads them
set -eu
secrets=${SECRETS:-/run/secrets}
file=${PASSWORDS:-/run/hsenet}/pgpass
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
printf '*:*:*:hsenet_owner:%s\n*:*:*:hsenet_service:%s\n' "$owner" "$service" >"$file.new"
chown "${WORKER:-1654:1654}" "$file.new"
mv "$file.new" "$file" # whole, also for a worker that starts at this moment

#!/bin/sh
# Run once by the postgres image on an empty data folder: the two roles, and the password file that the worker's containers read.
set -eu
owner=$(cat /run/secrets/owner) service=$(cat /run/secrets/service)
psql -v ON_ERROR_STOP=1 -v owner="$owner" -v service="$service" -U postgres -d hsenet <<'SQL'
CREATE ROLE hsenet_owner LOGIN PASSWORD :'owner';
CREATE ROLE hsenet_service LOGIN PASSWORD :'service';
ALTER DATABASE hsenet OWNER TO hsenet_owner;
ALTER SCHEMA public OWNER TO hsenet_owner;
SQL
umask 077
printf '*:*:hsenet:hsenet_owner:%s\n*:*:hsenet:hsenet_service:%s\n' "$owner" "$service" >/run/hsenet/pgpass
chown 1654:1654 /run/hsenet/pgpass # the user of the .NET images

#!/bin/sh
# Run as root by the compose file's service "certificates" at each start: gives PostgreSQL and RabbitMQ the certificates of deploy/secrets in volumes of their own, each
# key readable by its server alone, and everybody the authority's certificate.
#   SECRETS: folder of the certificates, TLS: folder of the volumes, SERVER: user and group of both servers (999 in their images)
set -eu
secrets=${SECRETS:-/run/secrets}
tls=${TLS:-/tls}
give() { install -m "$3" "$secrets/$1" "$tls/$2"; } # a copy would have the mode of the secret, 0600
give ca.crt authority/ca.crt 644
for name in postgres rabbitmq; do
  give ca.crt "$name/ca.crt" 644
  give "$name.crt" "$name/server.crt" 644
  give "$name.key" "$name/server.key.new" 600
  chown "${SERVER:-999:999}" "$tls/$name/server.key.new"
  mv "$tls/$name/server.key.new" "$tls/$name/server.key"
done

#!/usr/bin/env bash
# usage: deploy/secrets.sh
# Makes what deploy/compose.yaml reads from deploy/secrets, where it is missing: random passwords, an authority of this installation, and the certificates of its
# PostgreSQL and RabbitMQ. Running it again changes nothing but a server's certificate that ends within 30 days. Needs openssl.
set -euo pipefail
umask 077
[ $# = 0 ] || { sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v openssl >/dev/null || { echo "error: openssl is not on the PATH" >&2; exit 1; }
mkdir -p secrets
cd secrets

for name in postgres owner service rabbitmq; do
  [ -s "$name" ] || { openssl rand -hex 24 >"$name.new" && mv "$name.new" "$name"; }
done
printf 'HSENET_RABBITMQ_PASSWORD=%s\n' "$(cat rabbitmq)" >compose.env

new_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

if [ ! -s ca.crt ]; then
  new_key ca.key
  openssl req -x509 -new -key ca.key -sha256 -days 3650 -subj "/CN=HSENet installation" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt.new
  mv ca.crt.new ca.crt
fi

for host in postgres rabbitmq; do
  if [ ! -s "$host.crt" ] || ! openssl x509 -in "$host.crt" -noout -checkend $((30 * 86400)) >/dev/null; then
    new_key "$host.key.new"
    openssl req -new -key "$host.key.new" -subj "/CN=$host" -out "$host.csr"
    openssl x509 -req -in "$host.csr" -CA ca.crt -CAkey ca.key -sha256 -days 730 -set_serial "0x$(openssl rand -hex 16)" -out "$host.crt.new" 2>/dev/null \
      -extfile <(printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=critical,CA:FALSE\n' "$host")
    mv "$host.key.new" "$host.key" && mv "$host.crt.new" "$host.crt" && rm -f "$host.csr"
  fi
done
echo "secrets: in $PWD; keep a copy, and keep ca.key from everybody" >&2

#!/usr/bin/env bash
# usage: deploy/dev/down.sh [postgres|rabbitmq|orthanc …]     (no name: all)
# Stops the instances that up.sh started for this clone, by their pid files. Their data stay.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for part in postgres rabbitmq orthanc; do . "$root/deploy/dev/$part.sh"; done

[ $# -gt 0 ] || set -- orthanc rabbitmq postgres
for name; do
  case $name in
    postgres | rabbitmq | orthanc) ;;
    *) say "usage: deploy/dev/down.sh [postgres|rabbitmq|orthanc …]"; exit 2 ;;
  esac
done
find_data_folder
exec 9>"$local_folder/lock"
flock -w 900 9 || die "up.sh of this clone does not end"
for name; do "${name}_down"; done

#!/usr/bin/env bash
# usage: deploy/dev/up.sh [postgres|rabbitmq|orthanc|tools …]     (no name: the three services)
# Installs what is missing from Debian packages and starts private instances for this clone, on loopback, under .local/. Again: no harm.
# tools installs what tests run as programs (DCMTK, dicom3tools, libjpeg's, OpenJPEG's, OpenJPH's, GDCM's, Pillow, Orthanc, strace, systemd's checker of units, libfaketime, Chromium) or load (CharLS, OpenJPEG) or read (WordNet) and starts nothing.
# Ports: HSENET_PG_PORT (55432), HSENET_RMQ_PORT (55672), HSENET_ORTHANC_PORT (58042); unless given, a taken one is evaded.
# Addresses and passwords end up in .local/env (a shell can source it) and .local/pgpass.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
for part in postgres rabbitmq orthanc; do . "$root/deploy/dev/$part.sh"; done

tools_up() {
  local missing=()
  command -v storescp >/dev/null && command -v dsrdump >/dev/null || missing+=(dcmtk)
  command -v dciodvfy >/dev/null || missing+=(dicom3tools)
  local libraries
  libraries=$(ldconfig -p) # not piped: grep -q leaves early, and with pipefail the pipe then fails now and then
  [[ $libraries == *'libcharls.so.2 '* ]] || missing+=(libcharls2)
  [[ $libraries == *'libopenjp2.so.7 '* ]] || missing+=(libopenjp2-7)
  command -v opj_compress >/dev/null || missing+=(libopenjp2-tools)
  command -v ojph_compress >/dev/null || missing+=(openjph-tools)
  command -v gdcmconv >/dev/null || missing+=(libgdcm-tools)
  command -v cjpeg >/dev/null || missing+=(libjpeg-turbo-progs)
  PATH=$PATH:/usr/sbin command -v Orthanc >/dev/null || missing+=(orthanc)
  command -v mpirun >/dev/null || missing+=(openmpi-bin)
  command -v strace >/dev/null || missing+=(strace)
  command -v systemd-analyze >/dev/null || missing+=(systemd)
  [ -f /usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 ] || missing+=(libfaketime)
  [ -f /usr/share/wordnet/index.noun ] || missing+=(wordnet-base)
  /usr/bin/python3 -c 'import PIL' 2>/dev/null || missing+=(python3-pil)
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || missing+=(chromium-headless-shell)
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
  say "tools: installed"
}

[ $# -gt 0 ] || set -- postgres rabbitmq orthanc
for name; do
  case $name in
    postgres | rabbitmq | orthanc | tools) ;;
    *) say "usage: deploy/dev/up.sh [postgres|rabbitmq|orthanc|tools …]"; exit 2 ;;
  esac
done
find_data_folder
exec 9>"$local_folder/lock"
flock -w 900 9 || die "another up.sh of this clone does not end"
for name; do "${name}_up"; done

# Sourced by the scripts beside it: where things are, installing packages, starting and stopping daemons of our own.
# Facts behind the odd lines: reference/messaging.md section 1.
set -euo pipefail
umask 077

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
local_folder=$root/.local
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as a service's own user when we are root (PostgreSQL refuses root), else as ourselves.
as() {
  local user=$1
  shift
  if is_root; then setpriv --reuid="$user" --regid="$user" --init-groups --no-new-privs -- "$@"; else "$@"; fi
}

# ---- folders -------------------------------------------------------------------------------------------------------------------

# .local holds what the caller reads (env, pgpass). The services' data lie there too, unless their users cannot search the path (a
# clone under a home of mode 700): then under /var/tmp, named after the clone's path.
find_data_folder() {
  mkdir -p "$local_folder" 2>/dev/null && [ -w "$local_folder" ] || die "$local_folder cannot be written (made by another user?)"
  data_folder=$local_folder
  is_root || return 0
  chmod 755 "$local_folder"
  if ! setpriv --reuid=65534 --regid=65534 --clear-groups -- test -x "$local_folder" 2>/dev/null; then
    data_folder=/var/tmp/hsenet-$(printf %s "$root" | sha256sum | cut -c1-12)
    mkdir -p "$data_folder"
    [ -O "$data_folder" ] && [ ! -L "$data_folder" ] || die "$data_folder belongs to another user"
    chmod 755 "$data_folder"
  fi
}

# A folder that belongs to a service's user.
service_folder() { # name user
  mkdir -p "$data_folder/$1"
  ! is_root || chown "$2" "$data_folder/$1"
}

# A random password, made once. Hexadecimal: needs no quoting anywhere.
secret() { # name
  local file=$data_folder/secrets/$1
  if [ ! -s "$file" ]; then
    mkdir -p "$data_folder/secrets"
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$file.new"
    mv "$file.new" "$file"
  fi
  cat "$file"
}

# What was written under sudo is for the user who called it.
hand_over() { [ -z "${SUDO_UID:-}" ] || ! is_root || chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$@"; }

# Each service's lines of .local/env are kept apart, so that one can be started or stopped without the others. Values are in single
# quotes: a shell can source the file.
publish_env() { # name; lines on standard input
  mkdir -p "$local_folder/env.d"
  cat >"$local_folder/env.d/$1"
  join_env
}
withdraw_env() { # name
  rm -f "$local_folder/env.d/$1"
  [ ! -d "$local_folder/env.d" ] || join_env
}
join_env() {
  find "$local_folder/env.d" -type f -exec cat {} + >"$local_folder/env.new"
  mv "$local_folder/env.new" "$local_folder/env"
  hand_over "$local_folder" "$local_folder/env"
}

# ---- packages ------------------------------------------------------------------------------------------------------------------

# Installs Debian packages without letting them start anything: no service, no cluster of PostgreSQL's own.
install_packages() {
  say "installing $*"
  local sudo=()
  if ! is_root; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || die "missing packages; as root: apt-get install --no-install-recommends $*"
    sudo=(sudo -n)
  fi
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive bash -s -- "$@" <<'AS_ROOT' || die "apt-get could not install $* (see above)"
set -euo pipefail
umask 022
guards=()
trap 'rm -f "${guards[@]}"' EXIT
guard() { # file mode content
  if [ ! -e "$1" ]; then
    mkdir -p "$(dirname "$1")"
    guards+=("$1")
    printf '%b' "$3" >"$1"
    chmod "$2" "$1"
  fi
}
guard /usr/sbin/policy-rc.d 755 '#!/bin/sh\nexit 101\n'
guard /etc/postgresql-common/createcluster.d/hsenet.conf 644 'create_main_cluster = false\n'
apt() { apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" </dev/null; }
known() { for p in "$@"; do apt-cache show --no-all-versions "$p" >/dev/null 2>&1 || return 1; done; }
install() { apt -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install --no-install-recommends "$@"; }
known "$@" || apt update >&2
install "$@" >&2 || { apt update >&2; install "$@" >&2; } # the second time with fresh lists: a listed version may be gone
AS_ROOT
}

# ---- daemons -------------------------------------------------------------------------------------------------------------------

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first of PORT, PORT+STEP, … where WIDTH ports in a row are silent.
free_port() { # port step width
  local port=$1 end=$(($1 + 40 * $2)) i
  while [ "$port" -lt "$end" ]; do
    for ((i = 0; i < $3; i++)); do listening $((port + i)) && break; done
    [ "$i" -lt "$3" ] || { printf %s "$port"; return; }
    port=$((port + $2))
  done
  die "no free port from $1 on"
}

# The port of a service: what the environment says, else the one used last time, else the default; another one when it is taken.
choose_port() { # name wanted default step width
  local file=$data_folder/$1.port port
  port=${2:-$(cat "$file" 2>/dev/null || printf %s "$3")}
  if [ -z "${2:-}" ]; then
    port=$(free_port "$port" "$4" "$5")
  elif listening "$port"; then
    die "$1: port $port is taken by something else"
  fi
  printf %s "$port" >"$file"
  printf %s "$port"
}

# Starts a daemon that keeps nothing of ours: no terminal, no output, no other descriptor (a lock, the pipe of `up.sh | tee`).
spawn() { # user folder log command…
  local user=$1 folder=$2 log=$3
  shift 3
  if is_root; then set -- setpriv --reuid="$user" --regid="$user" --init-groups --no-new-privs -- "$@"; fi
  (
    cd "$folder"
    close_descriptors
    exec setsid "$@"
  ) </dev/null >>"$log" 2>&1 &
  disown $!
}
close_descriptors() {
  local fd
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    [ "$fd" -le 2 ] || eval "exec $fd>&-" 2>/dev/null || true
  done
}

# The process of a pid file, if it lives and is ours: after a kill -9 or a reboot the number may be somebody else's.
our_pid() { # pid-file folder
  local pid
  pid=$(head -n 1 "$1" 2>/dev/null) || return 1
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && case $(readlink "/proc/$pid/cwd") in "$2" | "$2"/*) printf %s "$pid" ;; *) return 1 ;; esac
}

wait_for() { # seconds condition…
  local tries=$(($1 * 10))
  shift
  while ! "$@"; do
    [ $((tries -= 1)) -gt 0 ] || return 1
    sleep 0.1
  done
}

stop_pid() { # name pid-file folder signal seconds
  local pid
  if pid=$(our_pid "$2" "$3"); then
    kill -"$4" "$pid"
    if ! wait_for "$5" gone "$pid"; then
      say "$1: pid $pid did not stop in $5 s, killing it"
      kill -9 "$pid" 2>/dev/null || true
      wait_for 5 gone "$pid" || true
    fi
    say "$1: stopped"
  else
    say "$1: not running"
  fi
  rm -f "$2"
}
gone() { ! kill -0 "$1" 2>/dev/null; }

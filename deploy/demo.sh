#!/usr/bin/env bash
# usage: deploy/demo.sh [--dicom DIR] [--out DIR] [--HSENet:Section:Key=value …]
# Makes sure of PostgreSQL, builds the worker (Debug: the same output as the tests') and runs its `demo` command: a chest CT goes over
# DICOM to the worker, its draft report comes back. Results: .local/demo or --out. The exit code is the command's.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
case ${1:-} in -h | --help) sed -n '2,4s/^# //p' "$root/deploy/demo.sh"; exit ;; esac
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v dotnet >/dev/null || { echo "error: the .NET 10 SDK (dotnet) is not on the PATH" >&2; exit 1; }

# Settings count relative paths from the repository; those given here count from the caller's folder.
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --dicom | --out) arguments+=("$1"); [ $# -lt 2 ] || { shift; arguments+=("$(realpath -m -- "$1")"); } ;;
    --dicom=* | --out=*) arguments+=("${1%%=*}" "$(realpath -m -- "${1#*=}")") ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

"$root/deploy/dev/up.sh" postgres
cd "$root"
set -a && . .local/env && set +a
toolkit=${DicomToolkit:-in-tree}
echo "building with the DICOM toolkit $toolkit$([ "$toolkit" = fo-dicom ] || echo " (the stand-in; DicomToolkit=fo-dicom takes the package)")" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet build Worker/HSENet.Worker.csproj -v q -nodeReuse:false >"$log" 2>&1 || { grep -E 'error' "$log" | sort -u | head -n 20 >&2; exit 1; }
rm -f "$log"
exec dotnet ".artifacts/${DicomToolkit:-in-tree}-${Torch:-cpu}/bin/HSENet.Worker/debug_linux-x64/hsenet-worker.dll" demo "${arguments[@]}"

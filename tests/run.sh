#!/usr/bin/env bash
# usage: tests/run.sh [PROJECT …] [OPTION-OF-DOTNET-TEST …]      for example  tests/run.sh Model --filter Golden
#        tests/run.sh --faults [OPTION-OF-THE-FAULT-SUITE …]     for example  tests/run.sh --faults --case gateway-receive --times 20 --seed 7
#        tests/run.sh --attacks [SECONDS]                        the attack suite, each attack so long (default 60)
# Starts what the tests need, builds once, runs the test projects one after the other (Model means HSENet.Model.Tests; none: all).
# The last line is the sum. Fails on a failed test, a project that crashes, hangs or is not built, and when there was no test at all.
# Results: .artifacts/test-results/PROJECT.trx and .log.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

case ${1:-} in -h | --help) sed -n '2,7s/^# //p' tests/run.sh; exit ;; esac

passed=0 failed=0 skipped=0
finish() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" = 0 ] && [ $((passed + skipped)) -gt 0 ]; exit; }
broken() { echo "FAILED: $*"; failed=$((failed + 1)); }

if [ "${1:-}" = --faults ]; then
  shift
  deploy/dev/up.sh rabbitmq postgres tools
  dotnet build tests/HSENet.Faults -v q -nodeReuse:false >/dev/null
  exec dotnet ".artifacts/${DicomToolkit:-in-tree}-${Torch:-cpu}/bin/HSENet.Faults/debug_linux-x64/HSENet.Faults.dll" "$@"
fi

if [ "${1:-}" = --attacks ]; then
  export HSENET_ATTACK_SECONDS=${2:-60}
  set -- EndToEnd --filter AttackTests
fi

projects=()
while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
  name=${1#HSENet.} && name=HSENet.${name%.Tests}.Tests
  [ -f "tests/$name/$name.csproj" ] || { broken "there is no test project $name; there are: $(find tests -name 'HSENet.*.Tests.csproj' -printf '%f\n' | sed 's/^HSENet\.//; s/\.Tests\.csproj$//' | sort | paste -sd' ')"; finish; }
  projects+=("$name")
  shift
done
[ ${#projects[@]} -gt 0 ] || mapfile -t projects < <(find tests -name 'HSENet.*.Tests.csproj' -printf '%f\n' | sed 's/\.csproj$//' | sort)

deploy/dev/up.sh postgres rabbitmq tools || { broken "the services did not start"; finish; }
set -a && . .local/env && set +a
unset "${!HSENet__@}" # up.sh's settings for a worker are not for tests: each says itself which its worker has
[ -n "${HSENET_SHARED:-}" ] || [ ! -d ../shared/data ] || { HSENET_SHARED=$(cd ../shared && pwd -P) && export HSENET_SHARED; }
export HSENET_REQUIRE_SERVICES=1

results=$PWD/.artifacts/test-results
mkdir -p "$results" && rm -rf "${results:?}"/*
toolkit=${DicomToolkit:-in-tree}
echo "building with the DICOM toolkit $toolkit$([ "$toolkit" = fo-dicom ] || echo " (the stand-in; DicomToolkit=fo-dicom takes the package)")"
dotnet build HSENet.sln -v q -nodeReuse:false >"$results/build.log" 2>&1 ||
  { grep -E ': error|MSB[0-9]+' "$results/build.log" | sort -u | head -n 20; broken "the build"; finish; }

# What a test has started and left behind (its process was killed) is told by this mark in its environment.
run_mark=HSENET_TEST_RUN=$$-$RANDOM
sweep() {
  local process
  for process in /proc/[0-9]*; do
    if grep -qzsxF "$run_mark" "$process/environ"; then
      echo "left behind: $(tr '\0' ' ' <"$process/cmdline" | cut -c1-120)"
      kill -9 "${process#/proc/}" || true
    fi
  done 2>/dev/null
}
count() { sed -n 's/.*<Counters [^>]*\b'"$1"'="\([0-9]*\)".*/\1/p' "$results/$name.trx" | head -n 1; }

for name in "${projects[@]}"; do
  echo "== $name"
  assembly=.artifacts/${DicomToolkit:-in-tree}-${Torch:-cpu}/bin/$name/debug_linux-x64/$name.dll
  [ -f "$assembly" ] || { broken "$name was not built; is it in HSENet.sln?"; continue; }
  code=0
  env "$run_mark" timeout -k 30 3600 dotnet test "$assembly" --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' \
    --results-directory "$results" --blame-hang-timeout 10m --blame-hang-dump-type none "$@" >"$results/$name.log" 2>&1 || code=$?
  sweep
  find "$results" -name '*.dmp' -delete # gigabytes, asked for or not
  grep -vE "^(VSTest version|A total of|Starting test|Results File:|Data collector 'Blame'|Additionally, path|The active |  Skipped |$)|\[(SKIP|FAIL)\]$" "$results/$name.log" || true
  [ -f "$results/$name.trx" ] || { broken "$name ended with $code and no results"; continue; }
  if [ "$(count total)" = 0 ] && [ $# = 0 ] && grep -rqE '^ *\[(Fact|Theory|Property)' "tests/$name" --include='*.cs'; then
    broken "$name has tests, and none was found"
    continue
  fi
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed)))
  skipped=$((skipped + $(count total) - $(count executed)))
  if [ "$(count failed)" = 0 ] && { [ "$code" != 0 ] || ! grep -q '<ResultSummary outcome="Completed"' "$results/$name.trx"; }; then
    broken "$name ended with $code before it was done"
  fi
done
finish

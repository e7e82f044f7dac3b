# Sourced by every script: where things are, and how to speak.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${GLASSBROKER_TOOLS:-$root/.tools}
# shellcheck source=scripts/versions.env
. "$root/scripts/versions.env"

# One line of progress.
say() { printf '%s: %s\n' "${speaker:-$(basename "$0")}" "$*" >&2; }

# What failed, what it needed, what to do; then stop.
give_up() {
  say "FAILED: $1"
  shift
  local line
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command with its output in a log under .tools/logs; shows the end of the log when the command fails.
logged() {
  local name=$1 log=$tools/logs/$1.log
  shift
  mkdir -p "$tools/logs"
  if "$@" >"$log" 2>&1; then return 0; fi
  say "$name failed; the last lines it wrote (all of it: $log):"
  # Without the lines of stack traces.
  grep -vE '^[a-z ]* at |^ +[0-9]+: ' "$log" | tail -n 12 | sed 's/^/    /' >&2
  return 1
}

# Flags for rustc with which a module that ships names no folder of this machine.
placeless() {
  local folder flags=${RUSTFLAGS:-}
  for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do flags+=" --remap-path-prefix=$folder="; done
  printf '%s\n' "${flags# }"
}

# The first of the named programs that there is.
first_of() {
  local name
  for name in "$@"; do
    if [ -n "$name" ] && have "$name"; then command -v "$name" && return 0; fi
  done
  return 0
}
find_browser() { first_of "${CHROMIUM:-}" chromium chromium-browser google-chrome; }
find_driver() { first_of "${CHROMEDRIVER:-}" chromedriver; }

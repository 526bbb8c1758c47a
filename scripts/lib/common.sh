# shellcheck shell=bash
# What the scripts share. Source it after `set -euo pipefail`.

# The project's folder, from wherever the script was called.
FRANK_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

if [ -t 1 ]; then
  FRANK_BOLD=$'\e[1m' FRANK_PLAIN=$'\e[0m'
else
  FRANK_BOLD='' FRANK_PLAIN=''
fi

say() { printf '%s\n' "$*"; }
heading() { printf '\n%s%s%s\n' "$FRANK_BOLD" "$*" "$FRANK_PLAIN"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Prints the packages of scripts/dependencies.
dependencies() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*$//' "$FRANK_ROOT/scripts/dependencies"; }

# build PRESET [TARGET...]: configures and builds; Ninja shows the progress.
build() {
  local preset=$1
  shift
  heading "Building ($preset)"
  cmake --preset "$preset" -S "$FRANK_ROOT" >"$FRANK_ROOT/build/configure-$preset.log" 2>&1 || {
    cat "$FRANK_ROOT/build/configure-$preset.log" >&2
    die "cmake could not configure the build"
  }
  cmake --build "$FRANK_ROOT/build/$preset" ${1:+--target "$@"}
}

# Prints N ports that are free now.
free_ports() {
  python3 - "$1" <<'PYTHON'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets:
    s.bind(("127.0.0.1", 0))
for s in sockets:
    print(s.getsockname()[1])
PYTHON
}

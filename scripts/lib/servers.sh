# shellcheck shell=bash
# Starting and ending the two servers of a run folder (scripts/dev-keys).
# FRANK_RUN is the folder, FRANK_BIN the folder of the programs. Which process a
# server is stands in NAME/pid, since a subshell may have started it.

# start_server NAME: starts frank-NAME without waiting; its log is NAME/log. On
# FRANK_APART_CORE if it is FRANK_APART.
start_server() {
  local folder=$FRANK_RUN/$1 pinned=()
  [ "$1" != "${FRANK_APART:-}" ] || pinned=(taskset -c "$FRANK_APART_CORE")
  rm -f "$folder/address" "$folder/web.address"
  "${pinned[@]}" "$FRANK_BIN/frank-$1" --config "$folder/config" >>"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
}

# Says whether the process of frank-NAME runs; one that ended and that nobody
# has waited for does not.
server_runs() {
  local state
  state=$(sed -n 's/^State:[[:space:]]*//p' \
    "/proc/$(cat "$FRANK_RUN/$1/pid")/status" 2>/dev/null) || return 1
  case $state in '' | Z* | X*) return 1 ;; esac
}

# wait_for_server NAME: waits until it serves; its log's end if it does not.
wait_for_server() {
  local folder=$FRANK_RUN/$1 tries
  for tries in {1..300}; do
    [ ! -s "$folder/address" ] || return 0
    server_runs "$1" || break
    sleep 0.1
  done
  tail -n 5 "$folder/log" >&2
  die "frank-$1 did not start (after $tries tries)"
}

# end_server NAME [SIGNAL]: ends it and waits; TERM lets it drain, KILL does not.
end_server() {
  [ -s "$FRANK_RUN/$1/pid" ] || return 0
  local tries
  # It may end by itself meanwhile, as by an interrupt that reached it too.
  ! server_runs "$1" ||
    kill -s "${2:-TERM}" "$(cat "$FRANK_RUN/$1/pid")" 2>/dev/null || true
  for tries in {1..600}; do
    server_runs "$1" || break
    sleep 0.05
  done
  [ "$tries" -lt 600 ] || die "frank-$1 does not end"
  rm -f "$FRANK_RUN/$1/pid"
}

end_servers() {
  end_server platform
  end_server moderation
}

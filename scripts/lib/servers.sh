# shellcheck shell=bash
# Starting and ending the two servers of a run folder (scripts/dev-keys).
# FRANK_RUN is the folder, FRANK_BIN the folder of the programs.

declare -A FRANK_SERVER_PID=()

# start_server NAME: starts frank-NAME without waiting; its log is NAME/log.
start_server() {
  local folder=$FRANK_RUN/$1
  rm -f "$folder/address"
  "$FRANK_BIN/frank-$1" --config "$folder/config" >>"$folder/log" 2>&1 &
  FRANK_SERVER_PID[$1]=$!
}

# wait_for_server NAME: waits until it serves; its log's end if it does not.
wait_for_server() {
  local folder=$FRANK_RUN/$1 tries
  for tries in {1..300}; do
    [ ! -s "$folder/address" ] || return 0
    kill -0 "${FRANK_SERVER_PID[$1]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 5 "$folder/log" >&2
  die "frank-$1 did not start (after $tries tries)"
}

# end_server NAME [SIGNAL]: TERM lets it drain, KILL does not.
end_server() {
  local pid=${FRANK_SERVER_PID[$1]:-}
  [ -n "$pid" ] || return 0
  kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  unset "FRANK_SERVER_PID[$1]"
}

end_servers() {
  end_server platform
  end_server moderation
}

# shellcheck shell=bash
# An installation that frank-load can load: development keys, and beside them a
# messenger that delivers by itself, for the stamps. FRANK_RUN and FRANK_BIN are
# as in servers.sh; story.sh is sourced as well.

FRANK_STAMP_AUTHORITY=mimi://stamp.example

# keep_apart NAME: frank-NAME will be started on the first core that this process
# may use, and everything else on the others.
keep_apart() {
  local range core cores=()
  case $1 in platform | moderation) ;; *) die "there is no server $1" ;; esac
  for range in $(taskset -cp $$ | sed -e 's/.*: //' -e 's/,/ /g'); do
    for core in $(seq "${range%-*}" "${range#*-}"); do cores+=("$core"); done
  done
  [ ${#cores[@]} -gt 1 ] || die "the profile needs two cores"
  # shellcheck disable=SC2034 # for start_server
  FRANK_APART=$1 FRANK_APART_CORE=${cores[0]}
  taskset -cp "$(IFS=,; echo "${cores[*]:1}")" $$ >/dev/null
}

# Lets the platform stamp for another messenger, whose token is
# operator/stamp.token. For set_up.
add_stamp_credential() {
  local start=$((($(date +%s) - 3600) * 1000)) token_sha256
  "$FRANK_BIN/frank" keys ring --authority "$FRANK_STAMP_AUTHORITY" \
    --form "${FRANK_STAMP_FORM:-batched}" --windows 2 --days 90 --start "$start" \
    --platform "$FRANK_RUN/platform/stamp.ring" \
    --moderation "$FRANK_RUN/moderation/stamp.ring" >/dev/null
  "$FRANK_BIN/frank" keys franking-keys --ring "$FRANK_RUN/platform/stamp.ring" \
    --identity "$FRANK_RUN/operator/identity.key" \
    --out "$FRANK_RUN/platform/stamp.record" >/dev/null
  token_sha256=$("$FRANK_BIN/frank" --json keys token \
    --out "$FRANK_RUN/operator/stamp.token" | jq -r .token_sha256)
  cat >>"$FRANK_RUN/platform/config" <<CONFIG
key_ring_file: "stamp.ring"
franking_keys_file: "stamp.record"
stamp_credential {
  name: "stamp"
  token_sha256: "$token_sha256"
  authority: "$FRANK_STAMP_AUTHORITY"
}
CONFIG
  echo 'key_ring_file: "stamp.ring"' >>"$FRANK_RUN/moderation/config"
}

# Many who review, as each may do one thing at a time with what they hold. For
# set_up.
add_load_moderators() {
  local i token_sha256
  mkdir "$FRANK_RUN/moderators/load"
  for i in $(seq "${FRANK_LOAD_MODERATORS:-64}"); do
    token_sha256=$("$FRANK_BIN/frank" --json keys token \
      --out "$FRANK_RUN/moderators/load/$i.token" | jq -r .token_sha256)
    echo "moderator { id: \"load-$i\" role: \"reviewer\" token_sha256: \"$token_sha256\" }" \
      >>"$FRANK_RUN/moderation/config"
  done
}

# gives NAME OPTION…: whether --NAME is among these.
gives() {
  local name=$1 option
  shift
  for option in "$@"; do
    case $option in "--$name" | "--$name="*) return 0 ;; esac
  done
  return 1
}

# overridden ARRAY OPTION…: takes out of an array of --NAME=VALUE what the
# options give too.
overridden() {
  local -n kept=$1
  local all=("${kept[@]}") option name
  shift
  kept=()
  for option in "${all[@]}"; do
    name=${option%%=*}
    gives "${name#--}" "$@" || kept+=("$option")
  done
}

# load ARG…: runs frank-load against the servers of FRANK_RUN.
load() {
  local moderators=() token
  for token in "$FRANK_RUN"/moderators/load/*.token; do
    moderators+=(--moderator-token-file "$token")
  done
  "$FRANK_BIN/frank-load" \
    --platform "$(cat "$FRANK_RUN/ports/platform")" \
    --moderation "$(cat "$FRANK_RUN/ports/moderation")" \
    --ca "$FRANK_RUN/public/ca.pem" \
    --moderation-key "$FRANK_RUN/public/identity.pub" \
    --stamp-token-file "$FRANK_RUN/operator/stamp.token" \
    --stamp-authority "$FRANK_STAMP_AUTHORITY" \
    "${moderators[@]}" \
    --population "$FRANK_RUN/operator/population" \
    --pid "platform=$(cat "$FRANK_RUN/platform/pid")" \
    --pid "moderation=$(cat "$FRANK_RUN/moderation/pid")" \
    --metrics "$(cat "$FRANK_RUN/platform/metrics.address")" \
    --metrics "$(cat "$FRANK_RUN/moderation/metrics.address")" "$@"
}

# shellcheck shell=bash
# How a story sets itself up, runs commands, shows them, and insists on what they
# answer. FRANK_RUN, FRANK_BIN and STORY_KILL are set by whoever sources it.

STORY_STEP=0
STORY_TURN=0
STORY_ANSWER=''

# set_up [FUNCTION…]: makes an installation in FRANK_RUN, which is new, lets the
# functions change it, and starts both servers.
set_up() {
  local ports change
  mapfile -t ports < <(free_ports 2)
  "$FRANK_ROOT/scripts/dev-keys" "$FRANK_RUN" "${ports[@]}" >/dev/null
  mkdir -m 700 "$FRANK_RUN/homes" "$FRANK_RUN/ports"
  echo "127.0.0.1:${ports[0]}" >"$FRANK_RUN/ports/platform"
  echo "127.0.0.1:${ports[1]}" >"$FRANK_RUN/ports/moderation"
  for change in "$@"; do "$change"; done
  trap end_servers EXIT
  start_server platform
  start_server moderation
  wait_for_server platform
  wait_for_server moderation
}

# Prints the options that every new device needs, one a line.
new_device() {
  printf '%s\n' --server "$(cat "$FRANK_RUN/ports/platform")" \
    --ca "$FRANK_RUN/public/ca.pem" \
    --moderation-key "$FRANK_RUN/public/identity.pub"
}

# step TITLE: a numbered heading. With STORY_KILL, both servers are killed and
# started again, and what follows meets them wherever they are.
step() {
  STORY_STEP=$((STORY_STEP + 1))
  heading "$STORY_STEP. $*"
  [ -z "$STORY_KILL" ] || disturb platform moderation
}

disturb() { # servers
  local server
  for server in "$@"; do
    end_server "$server" KILL
    start_server "$server"
  done
}

# With STORY_KILL, one server in turn is killed before each command too.
perhaps_disturb() {
  [ -n "$STORY_KILL" ] || return 0
  STORY_TURN=$((STORY_TURN + 1))
  if [ $((STORY_TURN % 2)) -eq 0 ]; then disturb platform; else disturb moderation; fi
}

tell() { printf '   %s\n' "$*"; }

# The environment by which `frank` knows who speaks.
as() { # name of a home or a moderator
  if [ -e "$FRANK_RUN/moderators/$1.token" ]; then
    export FRANK_MOD_SERVER FRANK_MOD_CA FRANK_MOD_TOKEN_FILE
    FRANK_MOD_SERVER=$(cat "$FRANK_RUN/ports/moderation")
    FRANK_MOD_CA=$FRANK_RUN/public/ca.pem
    FRANK_MOD_TOKEN_FILE=$FRANK_RUN/moderators/$1.token
  else
    export FRANK_HOME=$FRANK_RUN/homes/$1
  fi
}

# Runs `frank`, or what STORY_PROGRAM names; where a server is away (exit code 6) it tries again for half a
# minute. A send that was broken off on its way is finished rather than made anew.
patient_frank() {
  local tries code finished
  for tries in {1..60}; do
    code=0
    "$FRANK_BIN/${STORY_PROGRAM:-frank}" "$@" 2>"$FRANK_RUN/stderr" || code=$?
    [ "$code" -eq 6 ] || return "$code"
    sleep 0.5
    [ "$1" = send ] || continue
    finished=$("$FRANK_BIN/frank" send "$2" --resume 2>"$FRANK_RUN/stderr") || code=$?
    case $finished in
      *accepted*) printf '%s\n' "$finished"; return 0 ;;
    esac
  done
  printf 'gave up after %d tries\n' "$tries" >>"$FRANK_RUN/stderr"
  return 6
}

# quiet WHO ARG…: prints what `frank ARG… --json` answers; fails as it fails.
quiet() {
  local who=$1
  shift
  perhaps_disturb
  as "$who"
  patient_frank "$@" --json
}

# Words of a command line as a person would type them.
typed() {
  local word shown=
  for word in "$@"; do
    word=${word//$FRANK_RUN\//}
    if [ ${#word} -gt 60 ]; then word="${word:0:57}…"; fi
    word=${word//$'\n'/ }
    case $word in *[\ \'\"…]*) word="\"$word\"" ;; esac
    shown+=" $word"
  done
  printf '%s' "$shown"
}

# run WHO ARG…: shows the command and its answer, which must be success and is
# kept in STORY_ANSWER.
run() {
  local who=$1 output
  shift
  printf '   %s$ %s%s\n' "$who" "${STORY_PROGRAM:-frank}" "$(typed "$@")"
  perhaps_disturb
  as "$who"
  if ! output=$(patient_frank "$@"); then
    cat "$FRANK_RUN/stderr" >&2
    die "step $STORY_STEP: the command failed"
  fi
  # shellcheck disable=SC2034 # for whoever sources this
  STORY_ANSWER=$output
  [ -z "$output" ] || printf "%s\n" "$output" | sed "s/^/      /"
}

# refuse CODE WHO ARG…: shows a command that must fail with that exit code.
refuse() {
  local expected=$1 who=$2 code=0
  shift 2
  printf '   %s$ %s%s\n' "$who" "${STORY_PROGRAM:-frank}" "$(typed "$@")"
  perhaps_disturb
  as "$who"
  patient_frank "$@" >"$FRANK_RUN/stdout" || code=$?
  sed 's/^/      /' "$FRANK_RUN/stdout" "$FRANK_RUN/stderr"
  [ "$code" -eq "$expected" ] ||
    die "step $STORY_STEP: exit code $code instead of $expected"
  printf '      (exit code %d)\n' "$code"
}

# expect WHAT, JSON, JQ-CONDITION [jq arguments]: insists that the condition
# holds for the array of the objects.
expect() {
  local what=$1 json=$2 condition=$3
  shift 3
  if ! jq -s -e "$@" "$condition" <<<"$json" >/dev/null; then
    printf '%s\n' "$json" >&2
    die "step $STORY_STEP: expected that $what"
  fi
  tell "✓ $what"
}

# await WHAT, JQ-CONDITION, WHO, ARG…: asks until the condition holds.
await() {
  local what=$1 condition=$2 tries answer
  shift 2
  for tries in {1..120}; do
    answer=$(quiet "$@") || answer=
    if jq -s -e "$condition" <<<"$answer" >/dev/null 2>&1; then
      tell "✓ $what"
      return 0
    fi
    sleep 0.25
  done
  printf '%s\n' "$answer" >&2
  die "step $STORY_STEP: waited in vain ($tries tries) until $what"
}

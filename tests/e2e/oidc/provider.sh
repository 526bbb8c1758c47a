# shellcheck shell=bash
# Starting the provider of a test, with the certificate of the run folder's platform.
# Source it after common.sh and servers.sh.

# start_provider PACKAGES FOLDER [TOOL]: starts PACKAGES/provider.mjs, which keeps its
# log in FOLDER, and sets `issuer` and `provider_pid`. TOOL: provider.mjs.
start_provider() {
  local packages=$1 folder=$2 tries
  shift 2
  rm -f "$folder/port"
  node "$packages/provider.mjs" "$FRANK_RUN/platform/tls.key" \
    "$FRANK_RUN/platform/tls.pem" "$folder/port" "$@" >>"$folder/provider.log" 2>&1 &
  # shellcheck disable=SC2034 # both are for whoever sources this
  provider_pid=$!
  for tries in {1..150}; do
    [ ! -s "$folder/port" ] || break
    sleep 0.2
  done
  [ -s "$folder/port" ] || die "the provider did not start ($tries tries)"
  # shellcheck disable=SC2034
  issuer=https://localhost:$(cat "$folder/port")
}

# configure_provider AUTHORITY_FILE [FIELDS]: has moderation trust its tokens.
configure_provider() {
  sed -i '/^oidc {/d' "$FRANK_RUN/moderation/config"
  echo "oidc { issuer: \"$issuer\" audience: \"frank\" jwks: \"$issuer/jwks\"" \
    "authority_file: \"$1\" roles_claim: \"roles\"" \
    "child_safety_value: \"child-safety\" ${2:-} }" >>"$FRANK_RUN/moderation/config"
}

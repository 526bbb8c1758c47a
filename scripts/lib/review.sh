# shellcheck shell=bash
# Installing and building the review tool. Source it after common.sh.

# use_review_node: puts the node that the tool's package.json names first in PATH.
# Debian's is older than what the packages ask for, and npm silently leaves out
# parts of them that the node which runs it is too old for.
use_review_node() {
  local version folder
  version=$(sed -n 's/^ *"node": "\([0-9.]*\)",*$/\1/p' "$FRANK_ROOT/review/package.json")
  folder=$FRANK_ROOT/build/node-$version
  if [ ! -x "$folder/node_modules/.bin/node" ]; then
    mkdir -p "$folder"
    # Newer versions of npm run no script of a package that this does not name.
    echo '{"private": true, "allowScripts": {"node": true}}' >"$folder/package.json"
    npm install --no-save --no-package-lock --no-audit --no-fund --prefix "$folder" "node@$version"
  fi
  PATH=$folder/node_modules/.bin:$PATH
}

# install_review: what npm brings, if the lock file is another than last time.
install_review() {
  local folder=$FRANK_ROOT/review
  local installed=$folder/node_modules/.installed-lock
  cmp -s "$folder/package-lock.json" "$installed" && return 0
  heading "Installing the review tool's packages"
  (use_review_node && cd "$folder" && npm ci --no-progress --no-audit --no-fund)
  cp "$folder/package-lock.json" "$installed"
}

# Says whether something that the tool is made of is newer than the tool.
review_is_old() {
  local built=$FRANK_ROOT/review/dist/index.html
  [ ! -e "$built" ] && return 0
  cd "$FRANK_ROOT/review" || return 0
  find src scripts index.html vite.config.ts package-lock.json ../proto/frank/v1 \
    -newer "$built" -print -quit | grep -q .
}

# build_review: the files that frank-moderation serves, into review/dist.
build_review() {
  install_review
  (review_is_old) || return 0
  heading "Building the review tool"
  (cd "$FRANK_ROOT/review" && npm run --silent build)
}

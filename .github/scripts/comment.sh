#!/usr/bin/env bash
# Makes the comment of a pull request from the summaries in FOLDER. STACKS names the stacks, separated by blanks: one
# without a summary didn't get as far, and the comment says so. COMMIT and RUN_URL are told in it.
#
#   comment.sh FOLDER FILE
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
folder=$(realpath -m "$1")
given=()
read -r -a stacks <<<"${STACKS:-}"
for stack in "${stacks[@]}"; do
  if [ -s "$folder/$stack.json" ]; then given+=("$stack=$folder/$stack.json"); else given+=(--without "$stack"); fi
done
node cli/mcpaas.ts preview-comment "${given[@]}" --commit "$COMMIT" --url "$RUN_URL" >"$2"

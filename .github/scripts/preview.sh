#!/usr/bin/env bash
# Previews a stack under the policy pack and writes what it would do to FOLDER/STACK.json, for the comment; also when
# the preview fails, whose exit code this has. With --drift it asks Azure and the clusters instead
# what is there, and runs nothing of the program: a preview breaks off at the first field that somebody else owns.
#
#   preview.sh STACK FOLDER [--drift]
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
stack=$1 folder=$2
mkdir -p "$folder"
# Only here, and only until the end: the engine's debug messages are in it, and they hold secrets in clear text.
events=$(mktemp)
trap 'rm -f "$events"' EXIT
command=(preview --policy-pack policies)
if [ "${3:-}" = --drift ]; then command=(refresh --preview-only); fi

status=0
PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true \
  pulumi "${command[@]}" --stack "$stack" --json --color never --non-interactive >"$events" || status=$?

node cli/mcpaas.ts preview-comment "$stack=$events" --json >"$folder/$stack.json"
node cli/mcpaas.ts preview-comment "$stack=$folder/$stack.json" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$status"

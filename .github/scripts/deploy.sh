#!/usr/bin/env bash
# Brings a stack up to date under the policy pack, and looks whether anything is left to do.
#
#   deploy.sh STACK
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"
flags=(--stack "$1" --policy-pack policies --non-interactive --color never)
pulumi up --yes --skip-preview --suppress-outputs "${flags[@]}"
pulumi preview --expect-no-changes --suppress-outputs "${flags[@]}"

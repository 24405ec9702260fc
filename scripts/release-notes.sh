#!/usr/bin/env bash
# Prints the section of CHANGELOG.md about one version: the text of its release. Fails if there is none.
#
#     scripts/release-notes.sh VERSION      such as 1.2.3, v1.2.3 or Unreleased
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: $0 VERSION}
notes=$(awk -v heading="## [${version#v}]" '
    /^## / || /^\[[^]]*\]: / { is_inside = index($0, heading) == 1; next }
    is_inside
' CHANGELOG.md)
if [[ -z ${notes//[[:space:]]/} ]]; then
    printf 'CHANGELOG.md has no section about version %s\n' "${version#v}" >&2
    exit 1
fi
# The command substitution has removed the blank lines at the end, this removes those at the start.
printf '%s\n' "$notes" | sed '/./,$!d'

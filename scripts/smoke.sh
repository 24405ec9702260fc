#!/usr/bin/env bash
# Tries a built program: a whole job against the sandbox, with a small video. Needs no account.
#
#     scripts/smoke.sh COMMAND...      such as target/release/mavi
#     VIDEO=/v/talk.mp4 scripts/smoke.sh docker run --rm -v "$PWD/docs/demo:/v" mavi
set -euo pipefail
cd "$(dirname "$0")/.."

"$@" --version
cues=$("$@" sandbox --delay 1s --parse-delay 1s -- mavi transcribe "${VIDEO:-docs/demo/talk.mp4}" -f srt)
first_cue='00:00:01,200 --> 00:00:06,840'
if [[ $cues != *"$first_cue"* ]]; then
    printf 'the first cue is not the one expected:\n%s\n' "$cues"
    exit 1
fi
printf '%s\n' "$cues" | head -n 3

#!/usr/bin/env bash
# Makes docs/progress.svg: the terminal while five films are in work, and one is finished. Takes three
# quarters of a minute. The argument is a release binary.
#
#     cargo build --release && docs/demo/progress.sh target/release/mavi
set -euo pipefail
mavi=$(realpath "$1")
here=$(realpath "$(dirname "$0")")

films=$(mktemp -d)
trap 'rm -rf "$films"' EXIT
cd "$films"
size=20
for name in intro 'keynote day 1' 'keynote day 2' panel 'lightning talks' closing; do
    head -c "${size}000000" /dev/zero | tr '\0' "${name:0:1}" > "$name.mp4"
    size=$((size + 31))
done
ln -s "$mavi" mavi

# The intro is transcribed before, so that it is finished at once: the record has it.
run='mavi transcribe -q intro.mp4 -o intro.srt
     printf "$ mavi transcribe *.mp4 -o \"{stem}.srt\"\n"
     exec mavi transcribe intro.mp4 key*.mp4 panel.mp4 light*.mp4 closing.mp4 -o "{stem}.srt"'
HOME=$films PATH=$films:$PATH "$here/snapshot.py" 43.5 "$here/../progress.svg" \
    mavi sandbox --delay 9s --parse-delay 6s --fault upload-throttle:6s:1 -- bash -c "$run"

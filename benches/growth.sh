#!/usr/bin/env bash
# How the cost of the commands grows with their work: each at 1×, 10× and 100×, against the sandbox
# with its rate limits off and mavi's own raised. Prints one table; everything is under target/.
#
#   benches/growth.sh
#
# Installs nothing. Needs (Debian's packages): time python3.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -z ${GROWTH_BOUNDED-} ]]; then
    GROWTH_BOUNDED=1 exec timeout 600 "$PWD/benches/growth.sh" "$@"
fi
if [[ ! -x /usr/bin/time ]]; then
    printf 'missing: time\non Debian: apt-get install time\n' >&2
    exit 2
fi

readonly work=target/growth
rm -rf "$work"
mkdir -p "$work"
cargo build --release --locked --quiet
readonly mavi="$PWD/target/release/mavi"
python3 benches/peers/data.py target/peers

unset "${!MAVI_@}" "${!XDG_@}" {http,https,all,no}_proxy {HTTP,HTTPS,ALL,NO}_PROXY
cat > "$work/config.toml" <<'TOML'
jobs = 16
[limits]
submit_audio_per_minute = 1000000
submit_video_per_minute = 1000000
get_per_minute = 1000000
TOML
export MAVI_CONFIG="$PWD/$work/config.toml"
coproc SANDBOX { exec "$mavi" sandbox --delay 1s 2> "$work/sandbox.log"; }
until [[ -n ${MAVI_TOKEN-} ]]; do
    read -r line <&"${SANDBOX[0]}"
    eval "$line"
done
trap 'kill "$SANDBOX_PID" 2> /dev/null || true' EXIT

row() { printf '| %s | %s | %s | %s | %s |\n' "$@"; }
# measure WHAT SIZE COMMAND...: seconds of wall clock and of processor, and the peak memory.
measure() {
    local what=$1 size=$2 figures
    shift 2
    /usr/bin/time -f '%e %U %S %M' -o "$work/figures" "$@" > "$work/out" 2> "$work/err" || {
        cat "$work/err" >&2
        exit 1
    }
    read -ra figures < "$work/figures"
    row "$what" "$size" "${figures[0]}" \
        "$(python3 -c "print(f'{${figures[1]} + ${figures[2]}:.2f}')")" "$((figures[3] / 1024))" \
        >> "$work/rows"
}

for size in 10000 100000 1000000; do
    file=target/peers/$size.json
    measure 'convert, segments' "$size" "$mavi" convert "$file" -f srt
    measure 'convert --reflow, segments' "$size" "$mavi" convert "$file" -f srt --reflow
done
for size in 20 200 2000; do
    export HOME="$PWD/$work/home-$size"
    mkdir -p "$HOME"
    seq -f 'VI%.0f' "$size" > "$work/videos"
    measure 'submit, videos' "$size" "$mavi" submit --quiet - < "$work/videos"
    measure 'wait, tasks' "$size" "$mavi" wait --quiet --pending -f jsonl
    measure 'tasks, records' "$size" "$mavi" tasks -f json
done
for copies in 10 100; do
    export HOME="$PWD/$work/home-$copies-copies"
    mkdir -p "$HOME/.local/state/mavi"
    # A long history, made of the records of a real one under other numbers.
    for ((copy = 0; copy < copies; copy++)); do
        sed -E "s/\"(id|taskNo)\":\"/&$copy-/g" "$work/home-2000/.local/state/mavi/journal.jsonl"
    done > "$HOME/.local/state/mavi/journal.jsonl"
    measure 'tasks, records' $((2000 * copies)) "$mavi" tasks -f json
done

row command size 'wall, s' 'cpu, s' 'memory, MB'
row --- --: --: --: --:
sort --stable --field-separator='|' --key=2,2 "$work/rows"

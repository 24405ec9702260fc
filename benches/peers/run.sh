#!/usr/bin/env bash
# Compares mavi with what people use in its place, all in one run on this machine, and says which of
# the project's goals hold. Prints one table of ratios; everything that it makes is under target/.
#
#   benches/peers/run.sh [--clean-build]
#
# --clean-build also times a release build from nothing, on two jobs (some minutes more).
# Installs nothing. Needs (Debian's packages): hyperfine time python3 openssl curl jq ca-certificates.
# Compares with node, ffmpeg and xh too where they are installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly here=benches/peers
readonly work=target/peers

# However slow the machine is: the end comes within ten minutes, with what was measured until then.
if [[ -z ${PEERS_BOUNDED-} ]]; then
    rm -rf "$work/results"
    mkdir -p "$work/results"
    status=0
    PEERS_BOUNDED=1 timeout 590 "$PWD/$here/run.sh" "$@" || status=$?
    if ((status == 124)); then
        printf 'out of time: what is missing in the table was not measured\n' >&2
    elif ((status != 0)); then
        exit "$status"
    fi
    python3 "$here/table.py" "$work/results"
    exit "$status"
fi

readonly bundle=/etc/ssl/certs/ca-certificates.crt

missing=()
for tool in hyperfine python3 openssl curl jq; do
    command -v "$tool" > /dev/null || missing+=("$tool")
done
[[ -x /usr/bin/time ]] || missing+=(time)
[[ -r $bundle ]] || missing+=(ca-certificates)
if ((${#missing[@]} > 0)); then
    printf 'missing: %s\n' "${missing[*]}" >&2
    printf 'on Debian: apt-get install %s\n' "${missing[*]}" >&2
    exit 2
fi
has() { command -v "$1" > /dev/null; }
for tool in node ffmpeg xh; do
    has "$tool" || printf 'not installed, so not compared: %s\n' "$tool" >&2
done

rm -rf "$work/home" "$work/tls"
mkdir -p "$work/home" "$work/tls"

cargo build --release --locked --quiet
readonly mavi="$PWD/target/release/mavi"
stat -c %s "$mavi" > "$work/results/binary"
if [[ ${1-} == --clean-build ]]; then
    rm -rf "$work/build"
    /usr/bin/time -f %e -o "$work/results/build" \
        cargo build --release --locked --quiet --jobs 2 --target-dir "$work/build"
    rm -rf "$work/build"
fi

# The floor of a start: a program in Rust that prints a line and nothing else.
printf 'fn main() {\n    println!("a line");\n}\n' > "$work/line.rs"
rustc -C opt-level=3 -o "$work/line" "$work/line.rs"

python3 "$here/data.py" "$work"
stat -c %s "$work/1000000.json" > "$work/results/input"

# A throw-away authority for a server on loopback.
(
    cd "$work/tls"
    new_key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    openssl req -x509 "${new_key[@]}" -days 2 -subj /CN=throw-away \
        -keyout ca.key -out ca.pem
    openssl req "${new_key[@]}" -subj /CN=localhost -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out server.pem
) > "$work/tls/log" 2>&1
cat "$bundle" "$work/tls/ca.pem" > "$work/tls/bundle.pem"

coproc SERVER {
    exec python3 "$here/server.py" "$work/reply.json" "$work/tls/server.pem" "$work/tls/server.key"
}
read -r http https <&"${SERVER[0]}"
readonly path="api/serve/video/getTranscription?taskNo=T1"

# Nothing of whoever runs this: no configuration, no proxy, a journal of its own. Every program
# trusts the same authorities.
unset "${!MAVI_@}" "${!XDG_@}" {http,https,all,no}_proxy {HTTP,HTTPS,ALL,NO}_PROXY \
    CURL_CA_BUNDLE SSL_CERT_DIR
python=$(python3 -c 'import sys; print(sys.executable)')
export HOME="$PWD/$work/home" MAVI_TOKEN=throw-away SSL_CERT_FILE="$PWD/$work/tls/bundle.pem"
# Nothing waits for the rate limits of the service.
printf '%s\n' '[limits]' 'get_per_minute = 1000000' 'get_per_day = 1000000' \
    'upload_per_minute = 1000000' > "$work/config.toml"
export MAVI_CONFIG="$PWD/$work/config.toml"

# compare GROUP ROUNDS RUNS (NAME COMMAND)...: the commands in turn, round after round, so that a
# machine whose speed drifts is unfair to nobody; then once more each for its peak memory.
compare() {
    local group=$1 rounds=$2 runs=$3 named=() round name
    shift 3
    printf '%s\n' "measuring: $group" >&2
    local each=("$@")
    while (($# > 0)); do
        named+=(--command-name "$1" "$2")
        shift 2
    done
    for ((round = 1; round <= rounds; round++)); do
        if ((round > 1 && SECONDS > 400)); then
            printf 'short of time: %s rounds of %s\n' $((round - 1)) "$group" >&2
            break
        fi
        hyperfine --shell=none --warmup $((runs > 1 ? 2 : 0)) --runs "$runs" --style basic \
            --export-json "$work/results/$group.$round.json" "${named[@]}" \
            > "$work/results/log" 2>&1 || {
            cat "$work/results/log" >&2
            exit 1
        }
    done
    set -- "${each[@]}"
    while (($# > 0)); do
        name=$1
        eval "/usr/bin/time -f '$name\t%M' -a -o '$work/results/$group.memory' $2" \
            > /dev/null < /dev/null
        shift 2
    done
}

compare start 9 50 mavi "$mavi --version" true /bin/true 'a line in Rust' "$work/line"

for scheme in http https; do
    url="$scheme://localhost:${!scheme}"
    peers=(curl "curl -s $url/$path"
        'curl, jq' "sh -c 'curl -s \"$url/$path\" | jq -r -f $here/segments.jq'")
    if has xh; then
        peers+=(xh "xh --ignore-stdin --verify $SSL_CERT_FILE --body $url/$path")
    fi
    compare "$scheme" 7 20 mavi "$mavi --base-url $url --quiet get T1 -f srt" "${peers[@]}"
done

# Without a record, so that nothing has to be looked for in it. The file has no blocks on the disk.
truncate -s 1G "$work/film.mp4"
url="http://localhost:$http"
compare upload 5 1 \
    mavi "sh -c 'MAVI_STATE_DIR=\$(mktemp -d -p $PWD/$work) exec $mavi --base-url $url --quiet upload $work/film.mp4'" \
    curl "curl -s -F file=@$work/film.mp4 $url/api/serve/video/upload" \
    sha256sum "sha256sum $work/film.mp4"
rm "$work/film.mp4"

# Only what does the same work is compared: to the byte.
file="$work/1000.json"
"$mavi" convert "$file" -f srt -o "$work/1000.srt"
jq -r -f "$here/segments.jq" "$file" | cmp - "$work/1000.srt"
"$python" "$here/segments.py" "$file" | cmp - "$work/1000.srt"
if has node; then
    node "$here/segments.mjs" "$file" | cmp - "$work/1000.srt"
fi

for size in 1000 100000 1000000; do
    file="$work/$size.json"
    case $size in
        1000) rounds=5 runs=10 ;;
        100000) rounds=3 runs=2 ;;
        *) rounds=3 runs=1 ;;
    esac
    plain="$mavi convert $file -f srt"
    peers=(python "$python $here/segments.py $file" cat "cat $file" 'mavi --reflow' "$plain --reflow")
    if has node; then
        peers+=(node "node $here/segments.mjs $file")
    fi
    if has ffmpeg; then
        # It reads no JSON: it is given half of the work, from SubRip to WebVTT.
        "$mavi" convert "$file" -f srt -o "$work/$size.srt"
        peers+=(ffmpeg "ffmpeg -v error -nostdin -i $work/$size.srt -f webvtt -")
    fi
    compare "convert-$size" "$rounds" "$runs" mavi "$plain" "${peers[@]}"
    # Apart and seldom, because it takes longer than all others together: so long that mavi, before
    # and after it, is run more often.
    some=(mavi "$plain" mavi "$plain" mavi "$plain")
    compare "jq-$size" 1 $((runs > 1 ? 3 : 1)) "${some[@]}" jq "jq -r -f $here/segments.jq $file" \
        "${some[@]}"
done

# Segments that are whole paragraphs, as the service writes them for VIDEO.
for language in en zh ja th; do
    plain="$mavi convert $work/paragraphs-$language.json -f srt"
    compare "paragraphs-$language" 3 5 mavi "$plain" 'mavi --reflow' "$plain --reflow"
done

exec {SERVER[1]}>&-

#!/usr/bin/env bash
# Tests install.sh with made-up releases on a server of this machine. Needs Python, curl and unzip.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$(mktemp -d)"
python=python3
python3 --version > /dev/null 2>&1 || python=python

# A release of one version: an archive for each target, whose program says its version.
make_release() {
    local version=$1 directory=site/download/v$1 target name
    mkdir -p "$directory"
    for target in {x86_64,aarch64}-{unknown-linux-musl,apple-darwin} x86_64-pc-windows-msvc; do
        name=mavi-$version-$target
        mkdir "$name"
        printf '#!/bin/sh\necho mavi %s\n' "$version" > "$name/mavi"
        chmod +x "$name/mavi"
        case $target in
            *windows*) "$python" -m zipfile -c "$directory/$name.zip" "$name" ;;
            *) tar -czf "$directory/$name.tar.gz" "$name" ;;
        esac
        rm -r "$name"
    done
    (cd "$directory" && hash_files -- *) > "$version.sums"
    mv "$version.sums" "$directory/SHA256SUMS"
}

hash_files() {
    if command -v sha256sum > /dev/null; then sha256sum --text "$@"; else shasum -a 256 "$@"; fi
}

# Runs install.sh as the runner does, with an empty file for each thing that it may write.
install() {
    local system=$1 version=$2
    mkdir -p temp
    : > output
    : > path
    env RUNNER_OS="${system%-*}" RUNNER_ARCH="${system#*-}" RUNNER_TEMP="$PWD/temp" \
        GITHUB_OUTPUT="$PWD/output" GITHUB_PATH="$PWD/path" VERSION="$version" \
        RELEASES="http://127.0.0.1:$port" "$here/install.sh" > log 2>&1
}

expect() {
    local system=$1 version=$2 installed=$3
    install "$system" "$version" || { cat log; exit 1; }
    [[ $(< output) == "version=$installed" && -s path ]] || { cat log output path; exit 1; }
    [[ $("$(< path)/mavi") == "mavi $installed" ]]
    printf 'ok: %s %s\n' "$system" "$version"
}

expect_failure() {
    local system=$1 version=$2 message=$3
    if install "$system" "$version"; then
        printf 'installed for %s %s, which must fail\n' "$system" "$version"
        exit 1
    fi
    grep -qF "::error title=setup-mavi::" log
    grep -qF "$message" log || { cat log; exit 1; }
    [[ ! -s path ]]
    printf 'ok: %s %s fails: %s\n' "$system" "$version" "$message"
}

make_release 1.2.3
make_release 1.10.0-rc.1
mkdir site/latest
cp -r site/download/v1.2.3 site/latest/download
make_release 6.6.6
printf 'another' | tee site/download/v6.6.6/mavi-*.tar.gz > /dev/null
make_release 7.7.7
sed -i.old '/linux/d' site/download/v7.7.7/SHA256SUMS

"$python" -u -m http.server 0 --bind 127.0.0.1 --directory site > server 2>&1 &
server=$!
trap 'kill "$server"' EXIT
port=
for _ in {1..100}; do
    port=$(sed -n 's/^Serving HTTP on .* port \([0-9]*\) .*/\1/p' server)
    [[ -z $port ]] || break
    sleep 0.1
done

for system in Linux-X64 Linux-ARM64 macOS-X64 macOS-ARM64 Windows-X64; do
    expect "$system" 1.2.3 1.2.3
done
expect Linux-X64 v1.10.0-rc.1 1.10.0-rc.1
expect Linux-X64 latest 1.2.3
expect_failure Linux-X64 9.9.9 'is 9.9.9 a version of mavi?'
expect_failure Linux-X64 '../1.2.3' "is not a version such as 1.2.3"
expect_failure Linux-X64 6.6.6 'its SHA-256 differs'
expect_failure Linux-X64 7.7.7 'the release has no archive'
expect_failure Linux-RISCV64 1.2.3 'there is no mavi for Linux on RISCV64'

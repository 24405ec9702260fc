#!/usr/bin/env bash
# Makes the container image `mavi` of the static program for this machine, and tries it.
#
#     scripts/container.sh [docker|podman]
set -euo pipefail
cd "$(dirname "$0")/.."

engine=${1:-docker}
target=$(uname -m)-unknown-linux-musl
context=target/container

cargo build --release --locked --target "$target"
rm -rf "$context"
mkdir -p "$context/root"/{usr/bin,etc/ssl/certs,home/mavi,tmp}
cp "target/$target/release/mavi" "$context/root/usr/bin/"
cp LICENSE-APACHE LICENSE-MIT "$context/root/"
# Debian's and Ubuntu's bundle of certificates (ca-certificates).
cp -L /etc/ssl/certs/ca-certificates.crt "$context/root/etc/ssl/certs/"
echo 'mavi:x:65532:65532::/home/mavi:' > "$context/root/etc/passwd"
# Any user may run it: `--user "$(id -u)"` writes results that are the caller's.
chmod 1777 "$context/root"/{tmp,home/mavi}

"$engine" build --file scripts/container/Containerfile --tag mavi "$context"
VIDEO=/v/talk.mp4 scripts/smoke.sh "$engine" run --rm --volume "$PWD/docs/demo:/v:ro" mavi

#!/usr/bin/env bash
# Makes what a release consists of, in target/dist: a tarball with the program, man pages, completion
# scripts and licences, a Debian package where cargo-deb is installed, and their checksums.
#
#     scripts/dist.sh [TARGET]      such as x86_64-unknown-linux-musl; without one, this machine's
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=mavi-$version-$target
built=target/$target/release
dist=target/dist

cargo build --release --locked --target "$target"

rm -rf "$dist"
mkdir -p "$dist/$name/completions"
"$built/mavi" man "$dist/$name/man/man1"
cp "$built/mavi" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT config.example.toml "$dist/$name"
cp completions/* "$dist/$name/completions"
tar -C "$dist" --owner=0 --group=0 --numeric-owner -czf "$dist/$name.tar.gz" "$name"

# The Debian package takes the man pages from here.
rm -rf target/man
cp -r "$dist/$name/man/man1" target/man
if command -v cargo-deb > /dev/null; then
    cargo deb --no-build --target "$target" --output "$dist/"
else
    echo "cargo-deb is not installed: no Debian package" >&2
fi

rm -r "${dist:?}/$name"
(cd "$dist" && sha256sum -- * > SHA256SUMS && cat SHA256SUMS)

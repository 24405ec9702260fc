#!/usr/bin/env bash
# Makes the archive of a release in target/dist: the program, man pages, completion scripts and
# licences. scripts/deb.sh makes the Debian package.
#
#     scripts/dist.sh [TARGET]      such as x86_64-unknown-linux-musl; without one, this machine's
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=mavi-$version-$target
dist=target/dist

cargo build --release --locked --target "$target"
program=target/$target/release/mavi
[[ $target != *-windows-* ]] || program=$program.exe

rm -rf "${dist:?}/$name"*
mkdir -p "$dist/$name/completions"
"$program" man "$dist/$name/man/man1"
cp "$program" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT config.example.toml "$dist/$name"
cp completions/* "$dist/$name/completions"

cd "$dist"
if [[ $target == *-windows-* ]]; then
    archive=$name.zip
    python=python3
    python3 --version > /dev/null 2>&1 || python=python
    "$python" -m zipfile -c "$archive" "$name"
else
    archive=$name.tar.gz
    case $(tar --version) in
        *GNU*) root=(--owner=0 --group=0 --numeric-owner) ;;
        *) root=(--uid 0 --gid 0 --numeric-owner) ;;
    esac
    tar "${root[@]}" -czf "$archive" "$name"
fi
rm -r "${name:?}"
printf '%s\n' "$dist/$archive"

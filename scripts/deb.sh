#!/usr/bin/env bash
# Makes the Debian package of a release in target/dist, for this machine. It runs on the distribution it
# is built on and on later ones. Needs cargo-deb (`cargo install cargo-deb`); where lintian is installed,
# what it warns about is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
dist=target/dist
parts=target/deb

cargo build --release --locked
rm -rf "$parts"
mkdir -p "$parts" "$dist"
rm -f "$dist"/mavi_*.deb
target/release/mavi man "$parts/man"
date=$(date --rfc-email --date="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}")
maintainer=$(sed -n '/^\[package.metadata.deb\]/,/^\[[a-z]*\]/s/^maintainer = "\(.*\)"/\1/p' Cargo.toml)
cat > "$parts/changelog" << END
mavi ($version-1) unstable; urgency=medium

  * New release: see /usr/share/doc/mavi/changelog.gz.

 -- $maintainer  $date
END
cargo deb --no-build --output "$dist/"
if command -v lintian > /dev/null; then
    lintian --fail-on error,warning "$dist"/mavi_*.deb
else
    echo 'lintian is not installed: the package is not checked' >&2
fi

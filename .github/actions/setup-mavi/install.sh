#!/usr/bin/env bash
# Downloads the archive of a release for this runner, checks its SHA-256, unpacks it, and adds the program
# to the PATH of later steps. action.yml sets VERSION and RELEASES, the runner everything else.
set -euo pipefail

fail() {
    printf '::error title=setup-mavi::%s\n' "$1"
    exit 1
}

fetch() {
    curl --proto "=${RELEASES%%:*}" --fail --silent --show-error --location --retry 3 \
        --output "$2" "$1" || fail "could not download $1; is $VERSION a version of mavi?"
}

case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) suffix=x86_64-unknown-linux-musl.tar.gz ;;
    Linux-ARM64) suffix=aarch64-unknown-linux-musl.tar.gz ;;
    macOS-X64) suffix=x86_64-apple-darwin.tar.gz ;;
    macOS-ARM64) suffix=aarch64-apple-darwin.tar.gz ;;
    # Windows on ARM runs programs for x86-64.
    Windows-*) suffix=x86_64-pc-windows-msvc.zip ;;
    *) fail "there is no mavi for $RUNNER_OS on $RUNNER_ARCH; build it with cargo" ;;
esac
case $VERSION in
    latest) from=$RELEASES/latest/download ;;
    *[!0-9A-Za-z.+-]*) fail "'$VERSION' is not a version such as 1.2.3" ;;
    *) from=$RELEASES/download/v${VERSION#v} ;;
esac

cd "$(mktemp -d "$RUNNER_TEMP/setup-mavi-XXXXXX")"
fetch "$from/SHA256SUMS" SHA256SUMS
# Lines are a hash, two spaces and a name.
line=$(grep -E "^[0-9a-f]{64}  mavi-[0-9A-Za-z.+-]+-${suffix//./\\.}\$" SHA256SUMS) ||
    fail "the release has no archive for $suffix"
archive=${line#*  }
fetch "$from/$archive" "$archive"
if command -v sha256sum > /dev/null; then
    check=(sha256sum --check)
else
    check=(shasum -a 256 --check)
fi
"${check[@]}" <<< "$line" || fail "$archive is not the file that was released: its SHA-256 differs"

case $archive in
    *.zip) unzip -q "$archive" ;;
    *) tar -xzf "$archive" ;;
esac
name=${archive%.tar.gz}
name=${name%.zip}
directory=$PWD/$name
shown=$("$directory/mavi" --version)
printf 'installed %s\n' "$shown"
printf 'version=%s\n' "${shown#mavi }" >> "$GITHUB_OUTPUT"
# The runner wants its own kind of path.
if command -v cygpath > /dev/null; then
    directory=$(cygpath -w "$directory")
fi
printf '%s\n' "$directory" >> "$GITHUB_PATH"

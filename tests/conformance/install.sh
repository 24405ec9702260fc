#!/usr/bin/env bash
# Installs what tests/conformance/run.py and page.py need: ffmpeg, jq, Python and a browser from Debian,
# where they are missing, and the pinned parsers from PyPI into a virtual environment below target/.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing=()
command -v ffprobe > /dev/null || missing+=(ffmpeg)
command -v jq > /dev/null || missing+=(jq)
command -v chromium chromium-browser google-chrome google-chrome-stable > /dev/null || missing+=(chromium)
python3 -c 'import ensurepip, venv' 2> /dev/null || missing+=(python3 python3-venv)
if ((${#missing[@]})); then
    as_root=()
    ((EUID == 0)) || as_root=(sudo)
    apt=(apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)
    "${as_root[@]}" "${apt[@]}" update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
fi

python3 -m venv target/conformance
target/conformance/bin/pip install --quiet --disable-pip-version-check \
    --requirement tests/conformance/requirements.txt

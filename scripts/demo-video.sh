#!/usr/bin/env bash
# Makes docs/demo/talk.mp4, the video of the README's first command: five seconds of a ferry and the hum
# of its engine. Needs ffmpeg (Debian: apt-get install ffmpeg). The same version of
# ffmpeg writes the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

islands='drawbox=x=0:y=44:w=46:h=6:color=0x2a3550:t=fill,drawbox=x=98:y=46:w=62:h=4:color=0x2a3550:t=fill'
sea='drawbox=x=0:y=50:w=160:h=40:color=0x14324a:t=fill'
ferry='drawbox=x=56:y=46:w=44:h=9:color=0xe8e4d8:t=fill,drawbox=x=66:y=38:w=22:h=8:color=0xc94f3d:t=fill'
ffmpeg -v error -y -fflags +bitexact \
    -f lavfi -i "color=c=0x8fa3bf:size=160x90:rate=5:duration=5,$islands,$sea,$ferry" \
    -f lavfi -i 'sine=frequency=220:sample_rate=16000:duration=5,volume=0.05' \
    -c:v libx264 -preset veryslow -crf 32 -pix_fmt yuv420p \
    -c:a aac -b:a 8k -ac 1 \
    -flags:v +bitexact -flags:a +bitexact -map_metadata -1 -movflags +faststart \
    docs/demo/talk.mp4

"""A reply of the API to SubRip with Python's standard library: segments.py FILE"""

import json
import sys


def clock(seconds):
    milliseconds = round(float(seconds) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{seconds:02},{milliseconds:03}"


with open(sys.argv[1], encoding="utf-8") as source:
    reply = json.load(source)
with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False) as out:
    for number, segment in enumerate(reply["data"]["transcriptions"], start=1):
        times = f"{clock(segment['startTime'])} --> {clock(segment['endTime'])}"
        out.write(f"{number}\n{times}\n{segment['content'].strip()}\n\n")

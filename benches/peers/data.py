"""Makes the transcriptions that the comparison reads: the same bytes in every run.

    data.py FOLDER        replies of 193 (25 kB), 1,000, 10,000, 100,000 and 1,000,000 segments

Each is a reply of the API as it comes over the wire, on one line: mostly short English speech, some
text in other scripts, some quotes and line breaks, times as numbers and, now and then, as strings.
"""

import json
import pathlib
import random
import sys

# The last one is about 138 MB.
SIZES = {"reply": 193, "1000": 1_000, "10000": 10_000, "100000": 100_000, "1000000": 1_000_000}

WORDS = (
    "so the and what you have there is a small problem with every answer that we hear today because "
    "nobody knows how long it takes before somebody asks again whether anything happened while"
).split()
RARE = ("\u201cyes\u201d", "caf\u00e9", "\u4f60\u597d\uff0c\u4e16\u754c", "Stra\u00dfe", '"no"', "Q&A", "then\nnow")


def segments(count):
    """`count` segments as JSON text, one at a time."""
    dice = random.Random(6)
    now = 0.0
    for number in range(count):
        words = dice.choices(WORDS, k=dice.randrange(6, 19))
        if dice.random() < 0.15:
            words[dice.randrange(len(words))] = dice.choice(RARE)
        end = round(now + dice.uniform(0.8, 6.5), 3)
        start_time, end_time = (now, end) if dice.random() < 0.95 else (str(now), str(end))
        yield json.dumps(
            {"id": number, "startTime": start_time, "endTime": end_time, "content": " " + " ".join(words)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        now = round(end + dice.choice((0, 0, 0.25)), 3)


def write(path, count):
    """Writes a whole reply. It appears under its name only when it is complete."""
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8", newline="") as out:
        out.write('{"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO",')
        out.write('"videoNo":"VI1","taskNo":"T1","transcriptions":[')
        for number, segment in enumerate(segments(count)):
            out.write("," if number else "")
            out.write(segment)
        out.write("]}}")
    temporary.rename(path)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, count in SIZES.items():
        path = folder / f"{name}.json"
        if not path.exists():
            write(path, count)


main()

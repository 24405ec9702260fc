"""Makes the transcriptions that the comparison reads: the same bytes in every run.

    data.py FOLDER        replies of 193 (25 kB), 1,000, 10,000, 100,000 and 1,000,000 segments, and of
                          2,000 whole paragraphs in each of four languages

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
# Sentences of the paragraphs, by language: enough words for breaks of every kind.
SENTENCES = {
    "en": (
        "The boat leaves at a quarter past seven, and nobody has told the captain yet. ",
        "Have you seen what is left of the old harbour (the one behind the mill)? ",
        "She said that it would take a week, which is why we have brought everything with us. ",
    ),
    "zh": (
        "船七点一刻出发，可是还没有人告诉船长。",
        "你看到旧港口剩下的部分了吗？就是磨坊后面的那一个。",
        "她说需要一个星期，所以我们把所有的东西都带来了。",
    ),
    "ja": (
        "船は七時十五分に出ますが、まだ誰も船長に伝えていません。",
        "古い港の残りを見ましたか。水車小屋の後ろにあるものです。",
        "彼女は一週間かかると言ったので、私たちは全部持ってきました。",
    ),
    "th": (
        "เรือจะออกตอนเจ็ดโมงสิบห้านาที แต่ยังไม่มีใครบอกกัปตัน ",
        "คุณเห็นส่วนที่เหลือของท่าเรือเก่าหรือยัง ",
        "เธอบอกว่าจะใช้เวลาหนึ่งสัปดาห์ เราจึงนำทุกอย่างมาด้วย ",
    ),
}


def paragraphs(language, count=2_000):
    """`count` segments of 45 seconds as JSON text, one at a time."""
    dice = random.Random(7)
    for number in range(count):
        text = "".join(dice.choices(SENTENCES[language], k=8)).strip()
        fields = {"id": number, "startTime": number * 45, "endTime": number * 45 + 45, "content": text}
        yield json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


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


def write(path, segments):
    """Writes a whole reply, unless it is there. It appears under its name only when it is complete."""
    if path.exists():
        return
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8", newline="") as out:
        out.write('{"code":"0000","msg":"success","data":{"status":"FINISH","type":"AUDIO",')
        out.write('"videoNo":"VI1","taskNo":"T1","transcriptions":[')
        for number, segment in enumerate(segments):
            out.write("," if number else "")
            out.write(segment)
        out.write("]}}")
    temporary.rename(path)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, count in SIZES.items():
        write(folder / f"{name}.json", segments(count))
    for language in SENTENCES:
        write(folder / f"paragraphs-{language}.json", paragraphs(language))


main()

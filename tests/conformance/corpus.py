"""Transcriptions as awkward as they come.

A case is a list of segments. Every text is put together from words and from what may stand between
words, so that what has to come out is known without asking the program under test.
"""

import random
from dataclasses import dataclass, field

ESCAPE = "\x1b"
LINE_BREAKS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@dataclass
class Segment:
    """Times in milliseconds, None where they are missing; the words, and the text that holds them."""

    start: int | None
    end: int | None
    words: list[str]
    text: str | None
    extra: dict = field(default_factory=dict)
    #: The times in seconds as received, where they are no whole milliseconds.
    received: tuple[float, float] | None = None

    def json(self):
        members = dict(self.extra)
        times = self.received or [time if time is None else time / 1000 for time in (self.start, self.end)]
        for name, time in zip(("startTime", "endTime"), times):
            if time is not None:
                members[name] = time
        if self.text is not None:
            members["content"] = self.text
        return members


def said(text, start=1000, end=4000):
    """A segment with a text that holds nothing but words and spaces."""
    return Segment(start, end, text.split(), text)


def given(text, start, start_millis, end, end_millis):
    """A segment with times in seconds, and what a person says that they are in milliseconds."""
    return Segment(start_millis, end_millis, text.split(), text, received=(start, end))


def spread(texts, length=3000, pause=1000):
    """A segment for each text, one after another."""
    step = length + pause
    return [said(text, n * step, n * step + length) for n, text in enumerate(texts)]


def joined(words, gap, start=1000, end=4000):
    """A segment with the same between all words, and around them."""
    return Segment(start, end, words, gap + gap.join(words) + gap)


SCRIPTS = [
    "The quick brown fox jumps over the lazy dog.",
    "Ça va ? « Très bien », dit-elle — œuvre, naïve, Noël.",
    "Größe, Straße, Übermut: fünfzig Prozent.",
    "Съешь же ещё этих мягких французских булок, да выпей чаю.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    "שָׁלוֹם עולם, מה שלומך היום?",
    "السلام عليكم، كيف حالك اليوم؟ ١٢٣٤",
    "یہ اردو ہے۔ خدا حافظ",
    "नमस्ते दुनिया। क्षत्रिय ज्ञान श्री",
    "আমার সোনার বাংলা",
    "தமிழ் மொழி வாழ்க",
    "ภาษาไทยเป็นภาษาที่มีระดับเสียง",
    "ພາສາລາວ ຍິນດີຕ້ອນຮັບ",
    "ភាសាខ្មែរជាភាសាផ្លូវការ",
    "မြန်မာဘာသာစကား",
    "བོད་སྐད་དང་ཡི་གེ།",
    "አማርኛ ቋንቋ። ሰላም፣ ጤና",
    "Հայերեն լեզու։",
    "ქართული ენა",
    "你好，世界！转录一个视频需要多长时间？",
    "日本語のカタカナとひらがな、漢字。ﾊﾝｶｸ",
    "안녕하세요 여러분, 반갑습니다.",
    "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ",
    "👩‍👩‍👧 👍🏽 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣",
    "e\u0301te\u0301 Z\u0351\u036b\u0343a\u0329l\u0348g\u034eo",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 𓀀 𠜎",
]

MARKUP = [
    "a & b &amp; c &lt; d &nbsp; e &#38; f",
    "<i>italic</i> <b> <font color=red>red</font> <v Roger>hi a<b b>a <00:00:02.000> <c.loud>",
    "a --> b -> c ---> d -->-->",
    "{\\an8} {b} [music] (laughs) ♪ la ♪ >> SPEAKER:",
    "NOTE this is no comment",
    "WEBVTT",
    "STYLE ::cue REGION id:x",
    "\"quotes\" 'and' “more” ,;\t| back\\slash %s ${HOME} `x`",
    "=SUM(A1) +1 -1 @x",
    "X1:5 X2:7 Y1:1",
]

NUMBERS = ["1", "42", "1984", "007", "-5", "1.2.3", "٤٢", "3.", "10:20:30", "00:00:01,000", "00:01.500"]

WORDS = ["hello", "world.", "你好，世界", "&", "<i>", "</i>", "a>b", "42", "NOTE", "é", "👩‍👩‍👧", '"x"', "שלום",
         "-", "1984", "00:00:01,000", "a,b", "-->", "สวัสดี", "::", "&amp;", "7"]
GAPS = [" ", " ", " ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u3000", "\n\u200b\n", " \x1b[31;1m", " \x1b]0;title\x07 ",
        "\n \u00a0\u3000\n", *LINE_BREAKS]


def at_random(seed, most):
    """Segments of any kind: unordered, overlapping, reversed, without times or without words."""
    random_ = random.Random(seed)
    segments = []
    for _ in range(random_.randint(0, most)):
        words = random_.choices(WORDS, k=random_.randint(0, 12))
        text = random_.choice(GAPS) + "".join(word + random_.choice(GAPS) for word in words)
        start = random_.choice([random_.randint(-3000, 20_000), random_.randint(0, 90 * 3_600_000)])
        end = start + random_.randint(-500, 9000)
        start = start if random_.random() < 0.95 else None
        segments.append(Segment(start, end if random_.random() < 0.9 else None, words, text))
    return segments


def prose(seed, characters):
    """A paragraph of about so many characters."""
    random_ = random.Random(seed)
    stock = "the camera moves along a quiet street while people talk about Mr. Smith and 3.14 percent in the U.S.".split()
    words = []
    while len(" ".join(words)) < characters:
        sentence = random_.choices(stock, k=random_.randint(3, 25))
        sentence[len(sentence) // 2] += ","
        sentence[-1] += random_.choice(".?!")
        words += [sentence[0].capitalize(), *sentence[1:]]
    return " ".join(words)


def cases():
    """Every case with its name."""
    yield "no segments", []
    yield "no text", [Segment(0, 1000, [], ""), Segment(1000, 2000, [], " \u00a0\n\u200b"), Segment(2000, 3000, [], None)]
    yield "one word", [said("Yes.", 0, 700)]
    yield "every script", spread(SCRIPTS)
    yield "what looks like markup", spread(MARKUP)
    yield "lines of digits", [joined(NUMBERS, "\n", 0, 20_000), *[said(n, 21_000 + i * 2000, 22_500 + i * 2000) for i, n in enumerate(NUMBERS)]]
    yield "a number last", [said("In what year?", 0, 1500), Segment(2000, 3000, ["In", "1984"], "In\n1984")]
    yield "what looks like a cue", [
        joined(["before", "2", "00:00:05,000", "-->", "00:00:09,000", "after"], gap, n * 9000, n * 9000 + 5000)
        for n, gap in enumerate([" ", "\n", "\n\n", "\r\n\r\n"])
    ]
    yield "every line break", [
        joined(["one", "two", "three"], line_break * count, n * 4000, n * 4000 + 3000)
        for n, (line_break, count) in enumerate((b, c) for b in LINE_BREAKS for c in (1, 2, 3))
    ]
    yield "blank lines that are not empty", [
        joined(["one", "two"], f"\n{blank}\n", n * 4000, n * 4000 + 3000)
        for n, blank in enumerate([" ", "\u00a0", "\u3000", "\u2003", "\u200b", "\u200b \u2060", "\ufeff", "\t", "\u00ad", ESCAPE + "[0m"])
    ]
    yield "control characters", [
        Segment(0, 2000, ["bell", "nul", "del"], "be\x07ll n\0ul\x7f\x9c del"),
        Segment(3000, 5000, ["red", "link", "title"], f"{ESCAPE}[31;1mred{ESCAPE}[0m {ESCAPE}]8;;https://x{ESCAPE}\\link{ESCAPE}]8;;{ESCAPE}\\ \x9b2Jtitle"),
        Segment(6000, 8000, ["never", "closed"], f"{ESCAPE}]never closed"),
    ]
    yield "byte order marks", [Segment(0, 2000, ["first", "second"], "\ufefffirst second\ufeff")]
    yield "zero, negative and reversed times", [
        said("negative", -5000, 1000), said("both negative", -3000, -2000), said("zero", 4000, 4000),
        said("at zero", 0, 0), said("reversed", 9000, 8000), said("last", 12_000, 12_000),
    ]
    yield "overlapping", [
        said("A long segment over all the others, which has two sentences. This is the other one.", 0, 20_000),
        said("inside", 2000, 3000), said("touching", 3000, 4000), said("into the next", 4000, 9000),
        said("next", 8000, 21_000), said("same", 8000, 21_000),
    ]
    yield "unordered", [said(f"number {n}", n * 2000, n * 2000 + 1500) for n in (5, 3, 1, 4, 2, 0)]
    yield "missing times", [
        Segment(None, None, ["neither"], "neither"), Segment(2000, None, ["no", "end"], "no end"),
        Segment(None, 9000, ["no", "start"], "no start"), Segment(10_000, 11_000, ["both"], "both"),
        Segment(None, None, ["last"], "last"),
    ]
    yield "huge times", [said("a day", 86_400_000, 86_401_000), said("a hundred hours", 360_000_000, 360_001_500), said("and more", 3_599_999_999, 3_600_000_001)]
    yield "times that round", [
        given("up", 59.9996, 60_000, 61.9994, 61_999),
        given("and over", 3599.9995, 3_600_000, 3600.00149, 3_600_001),
        given("half", 3601.0005, 3_601_001, 3602.0015, 3_602_002),
        given("down", 4000.0004999999, 4_000_000, 4000.9999999, 4_001_000),
    ]
    yield "identical segments", [said("Same.", 1000, 2000), said("Same.", 3000, 4000), said("Same.", 5000, 6000)]
    yield "unknown fields", [Segment(0, 1000, ["known"], "known", {"speaker": "A", "words": [{"w": 1}], "id": "x", "sentiment": None})]
    yield "short and close", [said(word, n * 300, n * 300 + 250) for n, word in enumerate("One two three, four. Five six seven eight!".split())]
    yield "too much for its time", [said(prose(1, 900), 0, 3000), said(prose(2, 300), 3000, 3004), said("then", 3004, 5000)]
    yield "long paragraphs", [said(prose(n, 2000), n * 60_000, n * 60_000 + 55_000) for n in range(8)]
    yield "long without a space", [said("你好世界，" * 200 + "。", 0, 60_000), said("x" * 500, 61_000, 70_000), said("https://example.com/" + "path/" * 60, 71_000, 80_000), said("👩‍👩‍👧" * 120, 81_000, 95_000), said("ภาษาไทยเป็นภาษา" * 40, 96_000, 130_000)]
    yield "ten thousand segments", [said(f"{prose(n % 50, 60)} {n}", n * 5000, n * 5000 + 4800) for n in range(10_000)]
    for seed in range(24):
        yield f"at random, {seed}", at_random(seed, 10)

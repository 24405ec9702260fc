#!/usr/bin/env python3
"""Runs awkward transcriptions through mavi and its output through parsers that we did not write.

    target/conformance/bin/python tests/conformance/run.py target/debug/mavi

Same number of cues, same times to the millisecond, same words: for srt and vtt as they are, and for
csv, json and jsonl as received. With --reflow all parsers agree, no character but white space is lost,
added or moved, cues stay for 7 s at most and have two lines of 42 columns unless a word is wider, and
where no segments overlap neither do cues, which take free time only up to the gap before the next
segment. Prints what differs and exits with 1.
"""

import bisect
import csv
import html
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

# The checks must leave the folder as it was.
sys.dont_write_bytecode = True

import corpus
import parsers

STAY = 2000
# The limits of --reflow.
LONGEST = 7000
LINES = 2
WIDTH = 42
GAP = 83
# A space, also that of Chinese and Japanese, or two of their characters that are not marks.
MAY_BREAK = re.compile("[ \u3000]|[\u4e00-\u9fff]{2}")


def mavi(binary, source, *arguments):
    """What a run prints on stdout; it must succeed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(source.parent)}
    command = [binary, "convert", str(source), *arguments]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit status {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def expected_cues(segments):
    """The cues that must come of `segments`, by the documented repairs."""
    placed = []
    neighbour = 0
    for number, segment in enumerate(segments):
        start = max(segment.start if segment.start is not None else neighbour, 0)
        neighbour = segment.end if segment.end is not None and segment.end > start else start
        end = segment.end
        if end is None and number + 1 < len(segments):
            end = segments[number + 1].start
        placed.append((start, number, end, segment.words))
    placed = sorted((one for one in placed if one[3]), key=lambda one: one[:2])
    cues = []
    for start, _, end, words in placed:
        if end is None or end <= start:
            later = [other[0] for other in placed if other[0] > start]
            end = min([start + STAY, *later])
        cues.append((start, end, words))
    return cues


def without_arrows(cues):
    """SubRip cannot hold the arrow."""
    return [(start, end, [word.replace("-->", "→") for word in words]) for start, end, words in cues]


# Around a line from right to left in srt (Unicode Bidirectional Algorithm, UAX #9): RLE and PDF.
EMBEDDING = "\u202b\u202c"


def without_embedding(cues):
    """Players know no direction of srt, so lines from right to left say theirs."""
    return [(start, end, [word.strip(EMBEDDING) for word in words]) for start, end, words in cues]


def check_embedding(lines):
    """The marks are around whole lines, and nowhere else."""
    for line in lines:
        inner = line[1:-1] if line[:1] == EMBEDDING[0] and line[-1:] == EMBEDDING[1] else line
        if any(mark in inner for mark in EMBEDDING):
            raise AssertionError(f"srt: embedding in {line!r}")


def distinct(cues):
    """ffmpeg merges cues that are the same, and orders those that start together by itself."""
    return sorted({(start, end, tuple(words)) for start, end, words in cues})


def same(name, found, expected):
    """Fails with the first difference."""
    if found != expected:
        pairs = [pair for pair in zip(found, expected) if pair[0] != pair[1]]
        first = f"\n  read     {pairs[0][0]}\n  expected {pairs[0][1]}" if pairs else ""
        raise AssertionError(f"{name}: {len(found)} for {len(expected)}{first}")


def check_parsers(folder, text, kind, expected):
    path = folder / f"out.{kind}"
    path.write_text(text, encoding="utf-8", newline="")
    read = parsers.read_all(path, text, kind)
    if any(start >= 100 * 3_600_000 for start, _, _ in expected):
        # It reads two digits of hours.
        del read["pysubs2"]
    for name, cues in read.items():
        cues = without_embedding(cues) if kind == "srt" else cues
        if name == "ffmpeg":
            same(f"{name} reads {kind}", distinct(cues), distinct(expected))
        else:
            same(f"{name} reads {kind}", cues, expected)


def check_cues(binary, source, segments):
    expected = expected_cues(segments)
    check_parsers(source.parent, mavi(binary, source, "-f", "srt"), "srt", without_arrows(expected))
    check_parsers(source.parent, mavi(binary, source, "-f", "vtt"), "vtt", expected)


def plain_cues(text, kind):
    """A reader of our own for what mavi writes, so that --reflow has something to compare with."""
    mark = "," if kind == "srt" else "."
    body = text.removeprefix("WEBVTT\n").strip("\n")
    cues = []
    for block in body.split("\n\n") if body else []:
        lines = block.split("\n")[1 if kind == "srt" else 0:]
        start, end = (parsers.clock(time.replace(mark, ".")) for time in lines[0].split(" --> "))
        cues.append((start, end, lines[1:]))
    return cues


def bare(words):
    return "".join("".join(words).split())


def columns(line):
    """How wide the line is, a little too narrow rather than too wide for signs that combine."""
    # Of characters that are joined to one, and of one with a skin colour, the first counts.
    line = re.sub("\u200d.|[\U0001f3fb-\U0001f3ff]", "", line)
    shown = (c for c in line if unicodedata.category(c) not in ("Mn", "Me", "Mc", "Cf"))
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown)


def is_squeezed(lines, said):
    """Whether the lines are all of a segment that has not a millisecond for each of its cues."""
    text = bare(line.strip(EMBEDDING) for line in lines)
    return any(end - start < len(words) and bare(words) == text for start, end, words in said)


def check_gaps(kind, cues, said):
    """Cues keep apart, by the gap unless they are hurried; into the time between two segments they reach no further than to the gap."""
    for (start, end, lines), (next_start, _, _) in zip(cues, cues[1:]):
        if end > (next_start - GAP if end - start > 5 * GAP else next_start):
            raise AssertionError(f"{kind} --reflow: {lines} until {end}, the next from {next_start}")
    ends = [end for _, end, _ in cues]
    for (_, own_end, _), (next_start, _, _) in zip(said, said[1:]):
        free_until = max(own_end, next_start - GAP)
        if bisect.bisect_right(ends, free_until) < bisect.bisect_right(ends, next_start):
            raise AssertionError(f"{kind} --reflow: a cue ends from {free_until} to {next_start}")


def check_reflow(binary, source, segments):
    before = expected_cues(segments)
    apart = all(one[1] <= next_[0] for one, next_ in zip(before, before[1:]))
    for kind in ("srt", "vtt"):
        said = without_arrows(before) if kind == "srt" else before
        text = mavi(binary, source, "-f", kind, "--reflow")
        cues = plain_cues(text, kind)
        read = parsers.unescaped if kind == "vtt" else str.split
        shown = [(start, end, read(" ".join(lines))) for start, end, lines in cues]
        if kind == "srt":
            check_embedding(line for _, _, lines in cues for line in lines)
            shown = without_embedding(shown)
        check_parsers(source.parent, text, kind, shown)

        found, wanted = (bare(word for cue in some for word in cue[2]) for some in (shown, said))
        if apart:
            same(f"{kind} --reflow: text", found, wanted)
        same(f"{kind} --reflow: characters", sorted(found), sorted(wanted))
        same(f"{kind} --reflow: order", cues, sorted(cues, key=lambda cue: cue[0]))
        for start, end, lines in cues:
            if not (start < end <= start + LONGEST and (len(lines) <= LINES or is_squeezed(lines, said))):
                raise AssertionError(f"{kind} --reflow: {start} {end} {lines}")
            for line in lines:
                shown = html.unescape(line) if kind == "vtt" else line
                if columns(shown) > WIDTH and MAY_BREAK.search(shown):
                    raise AssertionError(f"{kind} --reflow: {columns(shown)} columns: {shown}")
        if apart:
            check_gaps(kind, cues, said)


def check_tables(binary, source, segments):
    rows = list(csv.reader(io.StringIO(mavi(binary, source, "-f", "csv"), newline="")))
    same("csv: header", rows[0], ["task_no", "id", "start", "end", "content", "video_no", "type"])
    tsv = [line.split("\t") for line in mavi(binary, source, "-f", "tsv").splitlines(keepends=False)]
    for name, table in (("csv", rows[1:]), ("tsv", tsv[1:])):
        found = [[row[2], row[3], [w for w in row[4].split() if w.strip("\u200b\u2060\u00ad")]] for row in table]
        times = [["" if time is None else f"{time / 1000:.3f}" for time in (one.start, one.end)] for one in segments]
        same(name, found, [[*time, one.words] for time, one in zip(times, segments)])


def check_json(binary, source, segments):
    for kind in ("json", "jsonl"):
        written = mavi(binary, source, "-f", kind)
        query = ["jq", "-c", ".transcriptions[]"]
        done = subprocess.run(query, input=written.encode(), capture_output=True, check=True)
        found = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
        same(kind, found, [one.json() for one in segments])


def main():
    binary = Path(sys.argv[1]).resolve()
    failures = checks = 0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.json"
        for name, segments in corpus.cases():
            task = {"taskNo": "T1", "videoNo": "V1", "type": "AUDIO", "status": "FINISH"}
            task["transcriptions"] = [segment.json() for segment in segments]
            source.write_text(json.dumps(task, ensure_ascii=len(name) % 2 == 0), encoding="utf-8")
            for check in (check_cues, check_reflow, check_tables, check_json):
                checks += 1
                try:
                    check(str(binary), source, segments)
                except Exception as error:
                    failures += 1
                    print(f"{name}: {check.__name__}: {type(error).__name__}: {error}"[:2000])
    print(f"{checks} checks, {failures} failed")
    return 1 if failures or not checks else 0


if __name__ == "__main__":
    sys.exit(main())

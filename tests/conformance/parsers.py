"""Subtitles as parsers read them that we did not write.

Each gives a list of cues: start and end in milliseconds, and the words.
"""

import html
import json
import re
import subprocess

import pysubs2
import srt
import webvtt


def millis(delta):
    return round(delta.total_seconds() * 1000)


def read_srt(text):
    return [(millis(cue.start), millis(cue.end), cue.content.split()) for cue in srt.parse(text)]


def read_pysubs2(text, kind):
    events = pysubs2.SSAFile.from_string(text, format_=kind, keep_html_tags=True)
    return [(event.start, event.end, event.text.replace("\\N", "\n").split()) for event in events]


def clock(text):
    hours, minutes, seconds = text.split(":")
    whole, fraction = seconds.split(".")
    assert len(fraction) == 3
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1000 + int(fraction)


def read_webvtt(text):
    return [(clock(cue.start), clock(cue.end), unescaped(cue.raw_text)) for cue in webvtt.from_string(text)]


def unescaped(text):
    return [html.unescape(word) for word in text.split()]


HEX = re.compile(r"^[0-9a-f]{8}: ((?:[0-9a-f]{2,4} )+)", re.MULTILINE)


def read_ffmpeg(path):
    """The packets, before anything is made of their text."""
    probe = ["ffprobe", "-v", "error", "-show_packets", "-show_data", "-of", "json", str(path)]
    done = subprocess.run(probe, capture_output=True, check=True, text=True)
    if done.stderr:
        raise AssertionError(done.stderr)
    cues = []
    for packet in json.loads(done.stdout)["packets"]:
        text = bytes.fromhex("".join(HEX.findall(packet["data"]))).decode()
        start = round(float(packet["pts_time"]) * 1000)
        cues.append((start, start + round(float(packet["duration_time"]) * 1000), text.split()))
    return cues


def read_all(path, text, kind):
    """What each parser makes of the file at `path`, which holds `text`; by the parser's name."""
    if kind == "srt":
        read = {"srt": read_srt(text), "pysubs2": read_pysubs2(text, "srt")}
    else:
        cues = read_pysubs2(text, "vtt")
        read = {
            "webvtt-py": read_webvtt(text),
            "pysubs2": [(start, end, [html.unescape(word) for word in words]) for start, end, words in cues],
        }
    cues = read_ffmpeg(path) if "-->" in text else []
    if kind == "vtt":
        cues = [(start, end, [html.unescape(word) for word in words]) for start, end, words in cues]
    read["ffmpeg"] = cues
    return read

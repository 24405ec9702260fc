#!/usr/bin/env python3
"""Opens web pages that mavi makes in a real browser, from files, and uses them as a person would.

    target/conformance/bin/python tests/conformance/page.py target/debug/mavi

Nothing is loaded but the page and its media, and the console stays empty: nothing breaks the content security
policy. Every text is shown as it is. The search filters; a click on a time seeks; the caption that is being
said is marked and in view; the track has the cues of the .srt. Light and dark differ; a page prints.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

# The checks must leave the folder as it was.
sys.dont_write_bytecode = True

import parsers
from browser import Browser

# Ten captions of two seconds each, and a few more once they are reflowed.
TEXTS = [
    "Good morning, everyone, and welcome aboard.",
    "<b>bold</b> & \"quoted\" &amp; <script>alert(1)</script> <!-- </p></li></script>",
    "مرحبا، كيف حالك؟",
    "- OK זה בסדר, נכון?\n- כן!",
    "首先，让我们看看它的价格。",
    "skip to the (search) [term] a.b*c+? of $1",
    "สวัสดีครับ",
    "नमस्ते 👩‍👩‍👧",
    "An ever longer line, which no reader could read in time, and which a reflow splits into cues",
    "The end, everyone.",
]
MARKS = "\u200f\u2068\u2069"
# The film goes on for long after its captions: a slow machine must not get to its end.
SECONDS = 90


def mavi(binary, folder, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    command = [binary, "--quiet", "convert", "in.json", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, env=environment, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit status {done.returncode}: {done.stderr.decode()}")
    return done.stdout.decode()


def make_inputs(folder):
    """The transcription, and a film: a clip without sound that every browser plays."""
    segments = [
        {"startTime": 2 * number, "endTime": 2 * number + 2, "content": text}
        for number, text in enumerate(TEXTS)
    ]
    task = {"taskNo": "T<1>", "videoNo": "V&1", "type": "AUDIO", "transcriptions": segments}
    (folder / "in.json").write_text(json.dumps(task), encoding="utf-8")
    media = folder / "films & more" / "50% #1? é.webm"
    media.parent.mkdir()
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", f"color=navy:s=64x36:r=5:d={SECONDS}",
         "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "10", media],
        check=True,
    )
    return media


def same(name, found, expected):
    if found != expected:
        raise AssertionError(f"{name}:\n  found    {found}\n  expected {expected}")


def shown(browser):
    """The captions that are in sight, as they are read."""
    texts = browser.run("[...document.querySelectorAll('li:not([hidden]) p')].map(p => p.textContent)")
    return ["".join(c for c in text if c not in MARKS) for text in texts]


def type_in(browser, text):
    browser.press("/")
    same("what has the focus after /", browser.run("document.activeElement.type"), "search")
    browser.ask("Input.insertText", text=text)


def check_reading(browser, folder):
    browser.look(width=1200)
    browser.open(folder / "page.html")
    same("texts", shown(browser), TEXTS)
    same("title", browser.run("document.title"), "in")
    kinds = browser.run("[...new Set([...document.querySelectorAll('main *')].map(e => e.localName))].sort()")
    same("elements", kinds, ["a", "li", "ol", "p"])
    same("focus", browser.run("document.activeElement.localName"), "body")

    for words, found in (("everyone", [0, 9]), ("(search) [term] a.b*c+?", [5]), ("</P></li>", [1]),
                         ("OK זה", [3]), ("让我们", [4]), ("nowhere", [])):
        type_in(browser, words)
        same(f"search for {words}", shown(browser), [TEXTS[number] for number in found])
        same("count", browser.run("document.querySelector('output').textContent"), f"{len(found)} of 10")
        marked = browser.run("[...document.querySelectorAll('mark')].map(mark => mark.textContent.toLowerCase())")
        same("marked", marked, [words.lower()] * len(found))
        browser.press("Escape")
        same("texts after the search", shown(browser), TEXTS)
        same("marks after the search", browser.run("document.querySelectorAll('mark').length"), 0)

    # The part of an address after # leads to a caption.
    browser.look(width=600, height=200)
    browser.open(folder / "page.html", "#t=18")
    browser.wait_for("scrollY > 0")
    same("target", browser.run("document.querySelector(':target').textContent"), "0:18" + TEXTS[9])


def check_looks(browser, folder):
    colours = set()
    for scheme in ("light", "dark"):
        browser.look(width=380, scheme=scheme, touch=True)
        for page in ("page.html", "play.html"):
            browser.open(folder / page)
            colours.add(browser.run("getComputedStyle(document.body).backgroundColor"))
            width = browser.run("document.documentElement.scrollWidth")
            same(f"width of {page} on a phone", width, 380)
    same("backgrounds", len(colours), 2)
    browser.look(scheme="dark")
    browser.ask("Emulation.setEmulatedMedia", media="print")
    same("paper", browser.run("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
    same("player on paper", browser.run("getComputedStyle(document.querySelector('.player')).display"), "none")
    browser.ask("Emulation.setEmulatedMedia", media="")
    pdf = base64.b64decode(browser.ask("Page.printToPDF")["data"])
    if not (pdf.startswith(b"%PDF-") and len(pdf) > 5000):
        raise AssertionError(f"no PDF: {len(pdf)} bytes")


def decoded(url):
    """Which characters of a path are encoded is free."""
    return urllib.parse.unquote(url)


def check_playing(browser, folder, media):
    browser.look(width=1000, height=400)
    browser.open(folder / "play.html")
    browser.wait_for("video.readyState >= 2")
    same("media", decoded(browser.run("video.currentSrc")), decoded(media.resolve().as_uri()))
    cues = browser.run("[...video.textTracks[0].cues].map(cue => [cue.startTime, cue.endTime, cue.text])")
    cues = [(round(1000 * start), round(1000 * end), parsers.unescaped(without_marks(text)))
            for start, end, text in cues]
    same("cues of the track", cues, srt_cues((folder / "in.srt").read_text(encoding="utf-8")))
    same("captions in the list", browser.run("document.querySelectorAll('li').length"), len(cues))

    # It plays from where it is clicked, and marks the caption that is said: the last one stays marked.
    browser.run("document.querySelector('[id=\"t=16\"] a').scrollIntoView()")
    browser.click("[id='t=16'] a")
    browser.wait_for("video.currentTime > 16 && !video.paused && current?.start >= 16")
    is_marked = "document.querySelectorAll('[aria-current]').length === 1 && current.item.ariaCurrent === 'true'"
    browser.wait_for(f"video.currentTime > 18 && current.item.id === 't=18' && {is_marked}")
    browser.wait_for("(() => { const { top, bottom } = current.item.getBoundingClientRect();"
                     " return top > 0 && bottom < innerHeight; })()")
    browser.run("video.pause()")
    browser.run("video.currentTime = 12.5")
    browser.wait_for(f"current.item.id === 't=12' && {is_marked}")
    browser.wait_for("video.textTracks[0].activeCues[0]?.startTime === 12")
    browser.run("video.currentTime = 0")
    browser.wait_for(f"current.item.id === 't=0' && {is_marked}")
    browser.press(" ")
    browser.wait_for("!video.paused")
    browser.press(" ")
    browser.wait_for("video.paused")

    browser.open(folder / "play.html", "#t=4")
    browser.wait_for("video.currentTime === 4 && current?.item.id === 't=4'")


def without_marks(text):
    return "".join(c for c in text if c not in MARKS)


def srt_cues(text):
    """The cues of the .srt, without the marks of direction, which are others there."""
    cues = []
    for block in text.strip("\n").split("\n\n"):
        _, times, *lines = block.split("\n")
        start, end = (parsers.clock(time.replace(",", ".")) for time in times.split(" --> "))
        text = " ".join(line.strip("\u202b\u202c") for line in lines)
        cues.append((start, end, text.replace("→", "-->").split()))
    return cues


def main():
    binary = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        folder = Path(folder).resolve() / "a b"
        folder.mkdir()
        media = make_inputs(folder)
        mavi(binary, folder, "-o", "page.html")
        mavi(binary, folder, "-o", "in.srt", "--reflow")
        mavi(binary, folder, "-o", "play.html", "--reflow", "--media", media)
        check_reading(browser, folder)
        check_looks(browser, folder)
        check_playing(browser, folder, media)
        same("complaints of the browser", browser.complaints, [])
        # Its own icons are data.
        loaded = {url.partition("#")[0] for url in browser.requests if not url.startswith("data:")}
        pages = {(folder / page).as_uri() for page in ("page.html", "play.html")}
        loaded, expected = loaded - {"about:blank"}, pages | {media.as_uri()}
    same("what was loaded", {decoded(url) for url in loaded}, {decoded(url) for url in expected})
    print("the pages work")


if __name__ == "__main__":
    main()

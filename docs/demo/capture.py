#!/usr/bin/env python3
"""Makes docs/demo.svg: the picture of a real run in the README.

Runs the commands of SESSION on a pseudo-terminal, against the sandbox of the real program, keeps a
small model of the screen, and writes what a person would see as an SVG. Standard library only:

    cargo build --release && docs/demo/capture.py target/release/mavi
"""

import fcntl
import os
import pty
import re
import struct
import sys
import tempfile
import termios
import unicodedata
from html import escape
from pathlib import Path

COLUMNS, ROWS = 94, 200
SESSION = [
    "mavi submit mavi_video_demo --wait",
    "mavi wait --last -o bakery.srt && head -n 7 bakery.srt",
    "mavi wait --last -f jsonl | jq -c '.transcriptions[7]'",
]
PROMPT = "\x1b[32m$\x1b[0m "

# Geometry and colours of the picture: a dark terminal reads well on light and dark pages alike.
CELL, LINE, MARGIN = 8.43, 20, 18
BACKGROUND, FOREGROUND = "#16191f", "#d7dae0"
COLOURS = {
    30: "#5c6370", 31: "#ef7b83", 32: "#8fcf7a", 33: "#e5c07b",
    34: "#6cb6ff", 35: "#cf8ef4", 36: "#56c5cf", 37: "#d7dae0",
}  # fmt: skip


def record(program: Path) -> str:
    """Everything that the session writes to its terminal."""
    script = "\necho\n".join(f"echo {quote(PROMPT + line)}\n{line}" for line in SESSION)
    with tempfile.TemporaryDirectory() as home:
        pid, terminal = pty.fork()
        if pid == 0:
            size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.chdir(home)
            path = os.environ["PATH"]
            env = {"HOME": home, "PATH": path, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
            sandbox = ["sandbox", "--seed", "7", "--delay", "1s", "--"]
            shell = ["bash", "-c", script]
            os.execve(program, [str(program), *sandbox, *shell], env)
        seen = bytearray()
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError:  # how the end of a pseudo-terminal looks on Linux
                break
            if not part:
                break
            seen += part
        _, status = os.waitpid(pid, 0)
        if status != 0:
            sys.exit(f"the session failed ({status}):\n{seen.decode()}")
    return seen.decode()


def quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def columns(text: str) -> int:
    """The cells that the text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Screen:
    """As much of a terminal as a spinner and some colour need."""

    def __init__(self) -> None:
        self.rows: list[list[tuple[str, str]]] = [[]]
        self.row = self.column = 0
        self.style = ""

    def feed(self, text: str) -> None:
        for sequence, character in re.findall(r"\x1b\[([0-9;?]*[A-Za-z])|(.)", text, re.DOTALL):
            if sequence:
                self.control(sequence[-1], sequence[:-1])
            elif character == "\n":
                self.row += 1
            elif character == "\r":
                self.column = 0
            else:
                self.put(character)

    def put(self, character: str) -> None:
        width = columns(character)
        if self.column + width > COLUMNS:
            self.row, self.column = self.row + 1, 0
        while len(self.rows) <= self.row:
            self.rows.append([])
        row = self.rows[self.row]
        row.extend([(" ", "")] * (self.column + width - len(row)))
        row[self.column] = (character, self.style)
        # The second cell of a wide character belongs to it.
        row[self.column + 1 : self.column + width] = [("", self.style)] * (width - 1)
        self.column += width

    def control(self, letter: str, parameters: str) -> None:
        if letter == "m":
            for code in (int(part or 0) for part in parameters.split(";")):
                if code == 0:
                    self.style = ""
                elif code == 1:
                    self.style += "font-weight:bold;"
                elif code == 2:
                    self.style += "opacity:.6;"
                elif code in COLOURS:
                    self.style += f"fill:{COLOURS[code]};"
        elif letter == "K" and self.row < len(self.rows):
            del self.rows[self.row][0 if parameters == "2" else self.column :]
        elif letter == "A":
            self.row = max(0, self.row - int(parameters or 1))
        elif letter == "B":
            self.row += int(parameters or 1)
        elif letter not in "hlKAB":
            sys.exit(f"unknown control sequence: {parameters}{letter}")

    def lines(self) -> list[list[tuple[str, str]]]:
        """The rows without the empty ones at the end."""
        rows = list(self.rows)
        while rows and not "".join(character for character, _ in rows[-1]).strip():
            rows.pop()
        return rows


def runs(row: list[tuple[str, str]]) -> list[tuple[int, str, str]]:
    """The row as pieces of one style: column, text, style."""
    pieces: list[tuple[int, str, str]] = []
    for column, (character, style) in enumerate(row):
        if pieces and pieces[-1][2] == style:
            start, text, _ = pieces.pop()
            pieces.append((start, text + character, style))
        else:
            pieces.append((column, character, style))
    return [piece for piece in pieces if piece[1].strip()]


def svg(rows: list[list[tuple[str, str]]]) -> str:
    width = round(COLUMNS * CELL + 2 * MARGIN)
    height = len(rows) * LINE + 2 * MARGIN
    words = " ".join("".join(character for character, _ in row).strip() for row in rows)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">',
        "<title>mavi in a terminal</title>",
        f"<desc>{escape(words)}</desc>",
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        f'<g fill="{FOREGROUND}" font-size="14" xml:space="preserve" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace">',
    ]
    for number, row in enumerate(rows):
        y = MARGIN + number * LINE + 15
        for column, text, style in runs(row):
            x = MARGIN + column * CELL
            # The length keeps columns straight in whatever font the viewer has.
            length = columns(text) * CELL
            styled = f' style="{style}"' if style else ""
            out.append(
                f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}"{styled}>{escape(text)}</text>'
            )
    return "\n".join([*out, "</g>", "</svg>", ""])


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    screen = Screen()
    screen.feed(record(Path(sys.argv[1]).resolve()))
    target = Path(__file__).resolve().parent.parent / "demo.svg"
    target.write_text(svg(screen.lines()), encoding="utf-8")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes a picture of a terminal while a program is at work: bars, spinner and all.

Runs the command on a pseudo-terminal, and writes what stands on its screen after so many seconds as an
SVG in the style of docs/demo.svg. The command is then interrupted, as by Ctrl-C. Standard library only:

    docs/demo/snapshot.py SECONDS TARGET.svg COMMAND [ARGUMENT...]

With `-` in place of the seconds, the screen is read from stdin, such as that of a terminal multiplexer:

    tmux capture-pane -e -p | docs/demo/snapshot.py - TARGET.svg
"""

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

from capture import COLUMNS, Screen, svg

ROWS = 24
# Seconds without output after which a drawing is complete; the next one follows after 0.1.
PAUSE = 0.03


def observe(command: list[str], seconds: float) -> Screen:
    """The screen of the command after so many seconds, or at its end."""
    pid, terminal = pty.fork()
    if pid == 0:
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        os.execvpe(command[0], command, env)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    seen, end = "", time.monotonic() + seconds
    # The last drawing is read to its end: a pause follows it.
    while select.select([terminal], [], [], max(end - time.monotonic(), PAUSE))[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how the end of a pseudo-terminal looks on Linux
            break
        if not part:
            break
        seen += decoder.decode(part)
    os.killpg(pid, signal.SIGINT)
    os.close(terminal)
    os.waitpid(pid, 0)
    screen = Screen()
    screen.feed(seen)
    return screen


def main() -> None:
    arguments = sys.argv[1:]
    if len(arguments) == 2 and arguments[0] == "-":
        screen = Screen()
        screen.feed(sys.stdin.read().replace("\n", "\r\n"))
    elif len(arguments) > 2:
        screen = observe(arguments[2:], float(arguments[0]))
    else:
        sys.exit(__doc__)
    target = Path(arguments[1])
    target.write_text(svg(screen.lines()), encoding="utf-8")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()

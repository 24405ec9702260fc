#!/usr/bin/env python3
"""Tests the end of a run by an event of the console, on Windows. Elsewhere it sends SIGINT in its place.

    python tests/windows/console_events.py target/debug/mavi.exe

Ctrl-Break stands for Ctrl-C, which cannot be sent to the processes of one group alone.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile

MAVI = str(pathlib.Path(sys.argv[1]).resolve())
VIDEO = str(pathlib.Path(__file__).resolve().parents[2] / "docs" / "demo" / "talk.mp4")


def interrupt_once(arguments, stream, text):
    """Runs the program, interrupts it once `text` is on `stream`, and returns status and stderr."""
    if os.name == "nt":
        group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        group = {"start_new_session": True}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    run = subprocess.Popen([MAVI, *arguments], text=True, **pipes, **group)
    before = ""
    for line in getattr(run, stream):
        before += line
        if text in line:
            break
    else:
        sys.exit(f"{arguments}: ended before it wrote {text!r}, with status {run.wait()}:\n{before}")
    if os.name == "nt":
        run.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        os.killpg(run.pid, signal.SIGINT)
    _, stderr = run.communicate(timeout=60)
    return run.returncode, stderr


def check(condition, what):
    if not condition:
        sys.exit(f"failed: {what}")
    print(f"ok: {what}")


def main():
    status, _ = interrupt_once(["sandbox"], "stdout", "MAVI_STATE_DIR")
    check(status == 130, f"the sandbox ends with status 130: {status}")

    with tempfile.TemporaryDirectory() as directory:
        output = os.path.join(directory, "talk.srt")
        run = ["sandbox", "--delay", "1h", "--parse-delay", "1s", "--", "mavi", "transcribe"]
        status, stderr = interrupt_once([*run, VIDEO, "-o", output], "stderr", ": task ")
        check(status == 130, f"an interrupted run ends with status 130: {status}")
        check("to resume, run: mavi transcribe" in stderr, f"it says how to resume:\n{stderr}")
        check(os.listdir(directory) == [], "it leaves no file")


if __name__ == "__main__":
    main()

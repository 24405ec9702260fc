#!/usr/bin/env python3
"""Measures what only a run against a service shows: how close a batch of files comes to the best that its
stages allow, how several processes share one account's rate limits, and how soon a run ends after its last
result. Prints one table. Takes five minutes, most of it waiting; needs nothing but Python.

    cargo build --release && benches/service.py [target/release/mavi]
"""

import collections
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

MAVI = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/mavi").resolve())
GETS_PER_MINUTE = 50  # documented by the service
SHARED_SECONDS = 180
FILES = 20
UPLOAD, PARSE, TASK = 2, 5, 5  # seconds a file


def environment(home, **more):
    """Nothing of whoever runs this: no configuration, no proxy, a record of its own."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "MAVI_TOKEN": "throw-away", **more}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def respond(self, reply, **headers):
        body = json.dumps(reply).encode()
        self.send_response(200)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def batch_of_files(folder):
    """The seconds that `mavi transcribe` takes for all files, without rate limits."""
    limits = "\n".join(
        f"{call}_per_{span} = 1000000"
        for call in ("submit_audio", "submit_video", "get", "upload", "list")
        for span in ("minute", "day")
    )
    (folder / "config.toml").write_text(f"[limits]\n{limits}\n")
    for number in range(FILES):
        (folder / f"film-{number}.mp4").write_bytes(os.urandom(1 << 16))
    files = [str(path) for path in sorted(folder.glob("film-*.mp4"))]
    sandbox = [MAVI, "sandbox", "--rate-limits", "off", "--fault", f"upload-throttle:{UPLOAD}s:1"]
    sandbox += ["--parse-delay", f"{PARSE}s", "--delay", f"{TASK}s", "--"]
    command = [MAVI, "--quiet", "transcribe", *files, "-o", f"{folder}/{{stem}}.srt"]
    env = environment(folder, MAVI_CONFIG=str(folder / "config.toml"))
    start = time.monotonic()
    subprocess.run(sandbox + command, env=env, check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def shared_limits(folder, processes=5, tasks=200):
    """The gets of several processes that wait for tasks of one account: refused, answered, per process."""
    window, lock = collections.deque(), threading.Lock()
    refused, answered = 0, collections.Counter()

    class Account(Handler):
        def do_GET(self):
            nonlocal refused
            task = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)["taskNo"][0]
            now = time.monotonic()
            with lock:
                while window and window[0] <= now - 60:
                    window.popleft()
                is_allowed = len(window) < GETS_PER_MINUTE
                if is_allowed:
                    window.append(now)
                    answered[task.split("-")[0]] += 1
                else:
                    refused += 1
            data = {"status": "UNFINISHED", "taskNo": task, "videoNo": "VI1", "type": "AUDIO"}
            self.respond({"code": "0000", "msg": "success", "data": data} if is_allowed else {"code": "0429"})

    server, url = serve(Account)
    running = [
        subprocess.Popen(
            [MAVI, "--base-url", url, "--quiet", "wait", "--timeout", f"{SHARED_SECONDS}s"]
            + [f"{process}-{task}" for task in range(tasks)],
            env=environment(folder),
            stderr=subprocess.DEVNULL,
        )
        for process in range(processes)
    ]
    for process in running:
        process.wait()
    server.shutdown()
    return refused, answered


def end_of_a_run(folder, jobs=4):
    """The seconds from the last result to the end of the run, and the threads that it had at most: the
    results come by callback, while the service has told the run to ask again in 25 seconds."""
    callbacks, last = [], 0

    class Service(Handler):
        def do_GET(self):
            self.respond({"code": "0429"}, Retry_After=25)

        def do_POST(self):
            callbacks.append(self.body()["callBackURI"])
            self.respond({"code": "0000", "msg": "success", "data": {"taskNo": f"T{len(callbacks)}"}})

    server, url = serve(Service)
    command = [MAVI, "--base-url", url, "--quiet", "--jobs", str(jobs), "submit", "VI1", "VI2", "VI3"]
    command += ["--wait", "--listen", "127.0.0.1:0", "--interval", "1s", "--format", "csv"]
    run = subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    threads, started, is_called = 0, time.monotonic(), False
    while run.poll() is None:
        status = pathlib.Path(f"/proc/{run.pid}/status")
        if status.exists() and "Threads:" in (text := status.read_text()):
            threads = max(threads, int(text.split("Threads:")[1].split()[0]))
        if not is_called and time.monotonic() - started > 4:
            is_called = True
            for number, address in enumerate(callbacks, 1):
                result = {"status": "FINISH", "taskNo": f"T{number}", "type": "AUDIO", "transcriptions": []}
                urllib.request.urlopen(address, json.dumps(result).encode(), timeout=10).read()
                last = time.monotonic()
        if time.monotonic() - started > 60:
            run.kill()
        time.sleep(0.005)
    server.shutdown()
    return time.monotonic() - last, threads


def row(what, value, goal, holds):
    print(f"| {what} | {value} | {goal} | {'holds' if holds else 'MISSED'} |", flush=True)


def main():
    print("| what | measured | goal | |\n| --- | --: | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        seconds, threads = end_of_a_run(folder)
        row("end of a run after its last result", f"{seconds:.2f} s", "≤ 1 s", seconds <= 1)
        row("threads, `--jobs 4`, with a receiver", threads, "≤ 8", threads <= 8)
    with tempfile.TemporaryDirectory() as folder:
        seconds = batch_of_files(pathlib.Path(folder))
        best = FILES * UPLOAD + PARSE + TASK
        text = f"{FILES} files, {UPLOAD} s to upload, {PARSE} s to parse, {TASK} s to transcribe"
        goal = f"≤ 1.15 × {best} s, one upload after the other"
        row(text, f"{seconds:.1f} s: {seconds / best:.2f}", goal, seconds <= 1.15 * best)
    with tempfile.TemporaryDirectory() as folder:
        refused, answered = shared_limits(folder)
        budget = GETS_PER_MINUTE * SHARED_SECONDS // 60
        used, least = answered.total() / budget, min(answered.values(), default=0)
        row("5 processes × 200 tasks of one account: gets refused", refused, "0", refused == 0)
        row(f"the same: used of the {budget} allowed", f"{used:.0%}", "≥ 90 %", used >= 0.9)
        fair = len(answered) == 5 and least >= budget / 5 / 2
        row("the same: fewest of one process", least, f"≥ half of {budget // 5}", fair)


main()

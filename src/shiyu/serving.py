"""Running the product: the HTTP server, the jobs, the sealer, as one group of processes that ends together."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from django.db import close_old_connections
from procrastinate.contrib.django import app as jobs

from shiyu.audit.jobs import seal_entries
from shiyu.notices.jobs import send_waiting

SEAL_EVERY = 1.0  # seconds
SEND_EVERY = 10.0


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def http_command(host: str, port: int, workers: int) -> Sequence[str]:
    """The command line of the HTTP server."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    quiet = ["--log-level", "warning", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *options, *quiet, "shiyu.wsgi:application"]


def serve(arguments: argparse.Namespace) -> int:
    """Run server and jobs until interrupted. A taken port is said in one sentence."""
    host, port = arguments.host, arguments.port
    if not port_is_free(host, port):
        print(f"端口 {port} 已被占用，请加 --port 换一个 / port {port} is taken: choose another with --port", file=sys.stderr)
        return 2
    return run_group([http_command(host, port, arguments.workers), [sys.executable, "-m", "shiyu", "worker"]])


def run_group(commands: Sequence[Sequence[str]]) -> int:
    """Run several processes; when one ends or a signal comes, end all (each by its own id) and say which."""
    environment = dict(os.environ)
    children = [subprocess.Popen(list(command), env=environment) for command in commands]
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    ended = None
    while not stopping.is_set() and ended is None:
        stopping.wait(0.3)
        ended = next((child for child in children if child.poll() is not None), None)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
    if ended is not None and not stopping.is_set():
        print(f"进程意外结束 / a process ended: {' '.join(map(str, ended.args))}", file=sys.stderr)  # type: ignore[arg-type]
        return 1
    return 0


def worker(arguments: argparse.Namespace) -> int:
    """Run the jobs, the sealer and the sender until interrupted."""
    stopping = threading.Event()
    threads = [
        threading.Thread(target=_every, args=(SEAL_EVERY, seal_entries, stopping), daemon=True),
        threading.Thread(target=_every, args=(SEND_EVERY, send_waiting, stopping), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        # Polling stays on beside LISTEN/NOTIFY: some connection poolers drop notifications.
        jobs.run_worker(concurrency=2, wait=True, fetch_job_polling_interval=5, install_signal_handlers=True)
    finally:
        stopping.set()
    return 0


def _every(seconds: float, work: object, stopping: threading.Event) -> None:
    """Call `work` again and again; a database that is away for a moment is no reason to stop."""
    while not stopping.wait(seconds):
        try:
            close_old_connections()
            work()  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - said and tried again
            print(f"{getattr(work, '__name__', work)}: {error}", file=sys.stderr)
            time.sleep(5)

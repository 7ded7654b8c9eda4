"""Running the product: the HTTP server, the jobs, the sealer, as one group of processes that ends together."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from procrastinate.contrib.django import app as jobs

from shiyu.audit.jobs import run_due, seal_entries, take_up_again
from shiyu.demo import PASSWORD
from shiyu.exchange.jobs import send_due
from shiyu.lib.ports import is_free
from shiyu.notices.jobs import send_waiting
from shiyu.people.queries import toured_people

SEAL_EVERY = 1.0  # seconds
SEND_EVERY = 10.0
LOOK_EVERY = 5.0
TAKE_UP_EVERY = 30.0


def http_command(host: str, port: int, workers: int) -> Sequence[str]:
    """The command line of the HTTP server."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    quiet = ["--log-level", "warning", "--respawn-failed-workers", "--blocking-threads", "2"]
    return [sys.executable, "-m", "granian", *options, *quiet, "shiyu.wsgi:application"]


def serve(arguments: argparse.Namespace) -> int:
    """Run server and jobs until interrupted. A taken port is said in one sentence."""
    host, port = arguments.host, arguments.port
    if not is_free(host, port):
        print(
            f"端口 {port} 已被占用，请加 --port 换一个 / port {port} is taken: choose another with --port",
            file=sys.stderr,
        )
        return 2
    if settings.PRODUCTION:  # outside production static files are served from where they lie
        call_command("collectstatic", interactive=False, verbosity=0)
    return run_group([http_command(host, port, arguments.workers), [sys.executable, "-m", "shiyu", "worker"]])


def demo_serve(arguments: argparse.Namespace) -> int:
    """Serve the demo: says where it is and who one can be, each with what to try first."""
    people = toured_people()
    print(f"\n市域演示 Shiyu demo:  http://127.0.0.1:{arguments.port}/\n密码 password: {PASSWORD}\n")
    for person in people:
        print(f"  {person.username:18}{person.name}\n  {'':18}{person.tour_zh}\n  {'':18}{person.tour_en}")
    print("\n按 Ctrl-C 停止 / Ctrl-C stops\n", flush=True)
    arguments.host, arguments.workers = "127.0.0.1", 2
    return serve(arguments)


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
    """Run the jobs, the periodic ones, the sealer and the sender until interrupted."""
    stopping = threading.Event()
    threads = [
        threading.Thread(target=_every, args=(SEAL_EVERY, seal_entries, stopping), daemon=True),
        threading.Thread(target=_every, args=(SEND_EVERY, send_waiting, stopping), daemon=True),
        threading.Thread(target=_every, args=(SEND_EVERY, send_due, stopping), daemon=True),
        threading.Thread(target=_every, args=(LOOK_EVERY, run_due, stopping), daemon=True),
        threading.Thread(target=_every, args=(TAKE_UP_EVERY, take_up_again, stopping), daemon=True),
    ]
    for thread in threads:
        thread.start()
    # Django's connector only queues; a worker listens with a connection of its own.
    connector = jobs.connector.get_worker_connector()  # type: ignore[attr-defined]
    try:
        with jobs.replace_connector(connector) as running:
            # Polling stays on beside LISTEN/NOTIFY: some connection poolers drop notifications.
            # What is done leaves the queue, or it would grow for ever; what failed stays, and /healthz says so.
            running.run_worker(
                concurrency=2, wait=True, fetch_job_polling_interval=5, delete_jobs="successful"
            )
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

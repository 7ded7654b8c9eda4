"""Fetch the demo's first pages as a newcomer would: first_pages.py ADDRESS PID-OF-THE-DEMO."""

import os
import sys
import time
import urllib.request

WAIT = 600  # seconds: a first build on a slow machine


def fetch(address: str) -> tuple[str, str]:
    """The address one arrives at, and the text there."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.url, answer.read().decode()


def wait_for(address: str, process: int) -> None:
    """Until the demo answers; sooner where its process has ended."""
    began = time.monotonic()
    while time.monotonic() - began < WAIT:
        try:
            fetch(address + "/sign-in/")
        except OSError:
            try:
                os.kill(process, 0)
            except ProcessLookupError:
                sys.exit("the demo ended before it answered")
            time.sleep(1)
        else:
            print(f"first page after {time.monotonic() - began:.0f} s")
            return
    sys.exit(f"the demo did not answer within {WAIT} s")


def main(address: str, process: int) -> None:
    wait_for(address, process)
    _url, page = fetch(address + "/sign-in/")
    assert "市域" in page and "clerk" in page, "the sign-in page does not name its people"
    assert fetch(address + "/static/ui/style.css")[1], "no style sheet"
    assert "/sign-in/" in fetch(address + "/")[0], "the desk is open to somebody who is not signed in"
    print("the demo answers")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

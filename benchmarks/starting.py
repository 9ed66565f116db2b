"""How long the chat page takes to be there: until the server answers, then until something is seen.

`python -m benchmarks.starting` prints the table and writes it to starting.md, the figures to
starting.json. Each time, `quoth chat --no-browser` is started on `seeds/`, with its index built, in
a process of its own, and then a browser that has seen nothing yet opens the page. The files that
Python reads have been read by the system before.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import describe
from benchmarks.report import figure
from benchmarks.workspace import ROOT, say

SERVER_SECONDS, PAINT_SECONDS = 5, 2  # required, at most
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)
PATIENCE_SECONDS = 120
EACH_SECONDS = 0.01
_PAINTED = "performance.getEntriesByType('paint').find((e) => e.name === 'first-contentful-paint')"
_READY = "#q-report .q-report"


@contextmanager
def served(index: Path) -> Iterator[tuple[str, float]]:
    """Address of a server that was started on the shipped documents, and seconds until it answers.

    Args:
        index: Folder of their index; an empty one is built.

    Raises:
        RuntimeError: It ended, or did not answer in time.
    """
    port = _free_port()
    command = [sys.executable, "-m", "ui.cli", "chat", "--no-browser", "--port", str(port)]
    command += ["--documents", str(ROOT / "seeds"), "--index", str(index)]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(index.parent / "gradio")}
    begun = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - begun > PATIENCE_SECONDS:
                    raise RuntimeError(f"The server did not answer: {_last_words(process)}")
                time.sleep(EACH_SECONDS)
            yield f"http://127.0.0.1:{port}/", time.perf_counter() - begun
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    """Whether the page is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.client.OK
    except ConnectionError:
        return False
    finally:
        connection.close()


def _last_words(process: subprocess.Popen[bytes]) -> str:
    process.terminate()
    return process.communicate()[1].decode(errors="replace")[-400:]


def opened(browser: Browser, address: str) -> dict[str, float]:
    """What it takes a browser that has stored nothing to open a page.

    Returns:
        `paint` and `ready`, seconds from the request until something is seen, and until the
        documents are listed; `requests`, and their `bytes` as they were sent.
    """
    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_default_timeout(1_000 * PATIENCE_SECONDS)
        weights: list[int] = []
        weigh(page, weights)
        begun = time.perf_counter()
        page.goto(address)
        page.wait_for_selector(_READY)
        ready = time.perf_counter() - begun
        painted: float = page.wait_for_function(_PAINTED).evaluate("(entry) => entry.startTime")
        return {
            "paint": painted / 1_000,
            "ready": ready,
            "requests": len(weights),
            "bytes": sum(weights),
        }
    finally:
        context.close()


def weigh(page: Page, weights: list[int]) -> None:
    """Add the bytes of each answer that the page gets, with its headers, as they are sent."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on(
        "Network.loadingFinished", lambda told: weights.append(int(told["encodedDataLength"]))
    )


def measure(index: Path, *, n_times: int) -> list[dict[str, float]]:
    """The figures of each start; the first one, which builds the index, is not counted."""
    found = which_browser()
    runs = []
    with sync_playwright() as playwright:
        for number in range(n_times + 1):
            say(f"start {number} of {n_times}" if number else "building the index")
            browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
            try:
                with served(index) as (address, seconds):
                    runs.append({"server": seconds} | opened(browser, address))
            finally:
                browser.close()
    return runs[1:]


def which_browser() -> str:
    """Path of the Chromium that is installed.

    Raises:
        FileNotFoundError: None is.
    """
    for name in BROWSERS:
        if path := which(name):
            return path
    raise FileNotFoundError(f"None of {', '.join(BROWSERS)} is installed. Install chromium.")


def markdown(kept: dict[str, Any]) -> str:
    """The table."""
    runs: Sequence[dict[str, float]] = kept["runs"]
    machine = kept["machine"]
    rows = (
        ("until the server answers, s", "server", SERVER_SECONDS),
        ("then until the browser shows something, s", "paint", PAINT_SECONDS),
        ("then until the documents are listed and looked through, s", "ready", None),
    )
    lines = ["| | median | slowest | must reach |", "|---|--:|--:|--:|"]
    for what, name, most in rows:
        seconds = [run[name] for run in runs]
        limit = f"{most}" if most else ""
        lines.append(f"| {what} | {figure(median(seconds))} | {figure(max(seconds))} | {limit} |")
    for what, name, unit in (("what is sent, MB", "bytes", 1e6), ("in requests", "requests", 1)):
        many = [run[name] / unit for run in runs]
        shown = [figure(each) if unit > 1 else f"{each:.0f}" for each in (median(many), max(many))]
        lines.append(f"| {what} | {shown[0]} | {shown[1]} | |")
    lines += [
        "",
        f"{len(runs)} starts; the browser has stored nothing. Measured on {machine['date']}, "
        f"{machine['cores']} cores of {machine['cpu']}, load {machine['load']} at the start.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measures, prints and keeps."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.starting", description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how many starts (default: 5)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write")
    options = parser.parse_args()
    machine = describe()
    with tempfile.TemporaryDirectory(prefix="quoth-starting-") as folder:
        runs = measure(Path(folder) / "index", n_times=options.times)
    kept = {"machine": machine, "runs": runs}
    table = markdown(kept)
    print(table)
    (options.out / "starting.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    (options.out / "starting.md").write_text(table, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

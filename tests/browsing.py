"""The page in a real browser, served by a real process: what every browser test begins with."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree, which

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
SEED = next((ROOT / "seeds").glob("*.txt"))
LAVROV = "How many drones did Lavrov cite?"
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds: the machines that test are slow and shared
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and documents folder of a server that serves all tests."""
    folder = tmp_path_factory.mktemp("served") / "notes"
    folder.mkdir()
    command = [sys.executable, "-m", "ui.cli", "chat", "--no-browser", "--writable"]
    command += ["--documents", str(folder)]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(folder.parent / "gradio")}
    environment.pop("QUOTH_INDEX", None)
    (folder / SEED.name).write_bytes(SEED.read_bytes())
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert found, "the server says where it is"
            yield found[0], folder
        finally:
            process.terminate()


@pytest.fixture
def folder(served: tuple[str, Path]) -> Path:
    """The documents folder, as it ships."""
    folder = served[1]
    for path in folder.iterdir():
        rmtree(path) if path.is_dir() else path.unlink()
    (folder / SEED.name).write_bytes(SEED.read_bytes())
    return folder


@pytest.fixture
def address(served: tuple[str, Path], folder: Path) -> str:
    return served[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page; at the end of each test it has asked no other host, alerted or erred."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: troubles.extend(_foreign(request.url)))
    page.goto(address)
    expect(page.locator("#q-report .q-report")).to_be_visible(timeout=PATIENCE)
    yield page
    context.close()
    assert troubles == []


def _foreign(url: str) -> list[str]:
    here = url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
    return [] if here else [f"a request to {url}"]


def ask(page: Page, question: str) -> Locator:
    """Ask, and give the bubble with the answer."""
    bubbles = page.locator("#q-talk .q-answer")
    before = bubbles.count()
    page.locator("#q-question-box textarea").fill(question)
    page.keyboard.press("Enter")
    expect(bubbles).to_have_count(before + 1)
    return bubbles.last


def in_view(page: Page, mark: Locator) -> None:
    """The mark stands inside the visible part of the source pane."""
    expect(mark).to_be_visible()
    page.wait_for_function(
        """() => {
          const mark = document.querySelector('#q-pane mark.q-now')?.getBoundingClientRect();
          const pane = document.querySelector('#q-pane .q-scroll')?.getBoundingClientRect();
          return mark && pane && mark.top >= pane.top && mark.bottom <= pane.bottom
            && mark.bottom <= window.innerHeight;
        }"""
    )


def sync(page: Page, said: str) -> None:
    page.get_by_role("button", name="Sync").click()
    expect(page.locator("#q-report")).to_contain_text(said)

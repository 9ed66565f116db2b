"""Every screen as a person meets it: axe-core finds no serious fault, and a picture is kept.

The pictures go to `.screens/`, for looking at.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import LAVROV, ROOT, address, ask, browser, folder, served
from playwright.sync_api import Browser, Page, expect

__all__ = ["address", "browser", "folder", "served"]  # fixtures

SCREENS = ROOT / ".screens"
FAULTS = {"serious", "critical"}
# Gradio's own: the examples are buttons in an element that is said to be a list.
OF_GRADIO = {("aria-required-children", ".examples")}
WINDOWS = [(1440, 900, "light"), (1024, 768, "dark"), (390, 844, "light"), (390, 844, "dark")]


def looked_at(page: Page, name: str) -> None:
    """Keep a picture; nothing is wider than the window, and axe-core finds no fault of ours."""
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")
    width = page.viewport_size
    assert width
    assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ours = [
        (fault["id"], node["target"], node["html"][:200])
        for fault in found
        if fault["impact"] in FAULTS
        for node in fault["nodes"]
        if (fault["id"], node["target"][0]) not in OF_GRADIO
    ]
    assert ours == [], name


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height", "scheme"), WINDOWS)
def test_every_screen_serves_everyone(
    browser: Browser, address: str, folder: Path, width: int, height: int, scheme: str
) -> None:
    rows = "\n".join(f"{place},{n}" for n, place in enumerate(["Bergen", "Oslo", "Narvik"], 31))
    (folder / "ports.csv").write_text(f"Port,Ships\n{rows}\n")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4 nothing else")
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",  # axe-core would measure a colour on its way
    )
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#q-report .q-report")).to_be_attached()
    expect(page.locator("#q-talk .example").first).to_be_visible()
    kind = f"{width}-{scheme}"
    looked_at(page, f"{kind}-start")
    ask(page, LAVROV)
    expect(page.locator("#q-pane mark.q-now")).to_be_visible()
    looked_at(page, f"{kind}-answer")
    expect(ask(page, "Who is the mayor of Paris?").locator(".q-refused")).to_be_visible()
    looked_at(page, f"{kind}-refusal")
    page.get_by_role("button", name="Settings and quality").click()
    expect(page.locator("#q-speed svg, #q-speed img").first).to_be_visible()
    looked_at(page, f"{kind}-settings")
    page.keyboard.press("Escape")
    page.locator("#q-listed .q-show", has_text="ports").click()
    expect(page.locator("#q-pane table")).to_be_visible()
    looked_at(page, f"{kind}-table")
    context.close()

"""Page: what somebody meets who comes to it for the first time with a folder of their own."""

from pathlib import Path

import pytest
from browsing import LAVROV, address, ask, browser, folder, page, served, sync
from playwright.sync_api import Page, expect

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

FOCUSED = "document.activeElement.getAttribute('title') ?? document.activeElement.className"


@pytest.mark.browser
def test_tab_stops_once_at_the_list_and_the_arrows_walk_it(page: Page, folder: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"The note {name} is short.")
    sync(page, "3 added")
    page.locator("#q-finder .q-sort").focus()
    seen = []
    for key in ("Tab", "ArrowDown", "ArrowDown", "Tab", "Tab"):
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert seen == ["a.txt", "b.txt", "c.txt", "Remove", "q-add-files"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#q-pane")).to_contain_text("The note c.txt is short.")


@pytest.mark.browser
def test_a_file_that_was_replaced_comes_back(page: Page, folder: Path, tmp_path: Path) -> None:
    report = page.locator("#q-report")
    (folder / "fees.txt").write_text("A ticket costs 6 euros.")
    (tmp_path / "fees.txt").write_text("A ticket costs 7 euros.")
    sync(page, "1 added")
    page.locator("#q-add .q-files").set_input_files(tmp_path / "fees.txt")
    expect(report).to_contain_text("has been replaced")
    assert (folder / "fees.txt").read_text() == "A ticket costs 7 euros."
    report.get_by_role("button", name="Undo").click()
    expect(report).to_contain_text("fees.txt is back")
    assert (folder / "fees.txt").read_text() == "A ticket costs 6 euros."


@pytest.mark.browser
def test_where_to_search_is_asked_when_there_is_a_choice_and_the_link_stands_with_the_buttons(
    page: Page, folder: Path
) -> None:
    where = page.get_by_role("heading", name="Where it searches")
    opener = page.get_by_role("button", name="Settings and quality")
    opener.click()
    expect(page.get_by_role("heading", name="How sure it must be")).to_be_visible()
    expect(where).to_be_hidden()
    page.keyboard.press("Escape")
    (folder / "mill.md").write_text("The mill was built in 1742 by monks.")
    sync(page, "1 added")
    opener.click()
    expect(where).to_be_visible()
    page.keyboard.press("Escape")
    answered = ask(page, LAVROV)
    expect(answered.locator(".q-words")).to_have_text("91 drones")
    link, copy = answered.locator(".q-link"), page.get_by_role("button", name="Copy message")
    beside, box = link.bounding_box(), copy.last.bounding_box()
    assert beside
    assert box
    assert beside["x"] + beside["width"] <= box["x"]
    assert abs(beside["y"] + beside["height"] / 2 - box["y"] - box["height"] / 2) < 5

"""The documents' side in a real browser: found, sorted, brought, dropped, removed, put back."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from browsing import PATIENCE, ROOT, address, browser, folder, page, served, sync
from playwright.sync_api import Browser, Page, expect

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

DROP = """([kind, files]) => {
  const entry = (name, inside) => typeof inside === 'string'
    ? { isFile: true, name: name.split('/').pop(), fullPath: name,
        file: (done) => done(new File([inside], name.split('/').pop())) }
    : { isFile: false, name: name.split('/').pop(), fullPath: name, createReader: () => {
        let left = Object.entries(inside).map(([key, value]) => entry(`${name}/${key}`, value));
        return { readEntries: (done) => { done(left); left = []; } };
      } };
  const items = Object.entries(files).map(([name, inside]) => (
    { webkitGetAsEntry: () => entry(`/${name}`, inside) }));
  const event = new Event(kind, { bubbles: true, cancelable: true });
  event.dataTransfer = { types: ['Files'], items };
  document.body.dispatchEvent(event);
}"""


def titles(page: Page) -> list[str]:
    return page.locator("#q-listed .q-row:visible .q-title").all_inner_texts()


@pytest.mark.browser
def test_documents_are_found_and_sorted_as_one_types(page: Page, folder: Path) -> None:
    (folder / "tides").mkdir()
    (folder / "tides" / "low.md").write_text("# Äbbe\n\n" + "Low water comes twice a day. " * 200)
    (folder / "high.md").write_text("# Flood\n\nHigh water comes twice a day.")
    os.utime(folder / "high.md", (10**9, 10**9))
    (folder / "<b>.exe").write_bytes(b"MZ")
    sync(page, "2 added")
    expect(page.locator("#q-report")).to_contain_text("high.md")
    expect(page.locator("#q-listed .q-folder:visible")).to_have_text(["Top folder", "tides"])
    box = page.get_by_role("searchbox", name="Find a document")
    box.press_sequentially("ABBE low")
    expect(page.locator("#q-listed .q-row:visible")).to_have_count(1)
    expect(page.locator("#q-finder .q-tally")).to_have_text("1 of 3")
    assert titles(page) == ["Äbbe"]
    box.fill("nowhere")
    expect(page.locator("#q-finder .q-nothing")).to_be_visible()
    box.fill("")
    order = page.get_by_role("combobox", name="Sort")
    order.select_option("size")
    assert titles(page)[0] == "Äbbe"
    order.select_option("date")
    assert titles(page)[-1] == "Flood"
    skipped = page.locator("#q-listed .q-skipped")
    skipped.locator("summary").click()
    expect(skipped).to_contain_text("<b>.exe: no reader")


@pytest.mark.browser
def test_of_thousands_of_documents_each_is_found(page: Page, folder: Path) -> None:
    for n in range(520):
        (folder / f"n{n:03}.txt").write_text(f"Entry {n:03}.")
    sync(page, "520 added")
    expect(page.locator("#q-listed")).to_contain_text("And 21 more")
    page.get_by_role("searchbox", name="Find a document").fill("n519")
    expect(page.locator("#q-listed .q-row:visible")).to_have_count(1)
    expect(page.locator("#q-listed .q-row:visible")).to_contain_text("n519.txt")


@pytest.mark.browser
def test_files_and_folders_are_dropped_on_the_page(page: Page, folder: Path) -> None:
    page.evaluate(DROP, ["dragover", {}])
    expect(page.locator(".q-drop")).to_be_visible()
    dropped = {
        "hills": {
            "a.txt": "The hill Corvin is 312 metres high.",
            ".git": {"config": "secret"},
            "deep": {"b.txt": "The hill Darn is 99 metres high.", "p.exe": "MZ"},
        },
        "false.pdf": "Plain words.",
    }
    page.evaluate(DROP, ["drop", dropped])
    expect(page.locator(".q-drop")).to_be_hidden()
    report = page.locator("#q-report")
    expect(report).to_contain_text("hills/deep/b.txt was added")
    expect(report).to_contain_text("false.pdf was refused: its content")
    expect(report).to_contain_text("p.exe was refused")
    there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))
    assert there[1:] == ["hills/a.txt", "hills/deep/b.txt"]


@pytest.mark.browser
def test_an_upload_says_how_far_it_is_and_is_stopped(page: Page, folder: Path) -> None:
    page.route("**/upload", lambda route: None)  # it hangs, as on a slow line
    page.evaluate(DROP, ["drop", {"a.txt": "Some words.", "b.txt": "More words."}])
    expect(page.locator("#q-add .q-far")).to_contain_text("of 2 files")
    page.locator("#q-add").get_by_role("button", name="Stop").click()
    expect(page.locator("#q-add .q-sent")).to_have_text("Stopped. Nothing was added.")
    page.unroute("**/upload")
    assert len(list(folder.iterdir())) == 1


@pytest.mark.browser
def test_a_removal_is_undone_from_report_and_list(page: Page, folder: Path) -> None:
    file = next(folder.iterdir())
    content = file.read_bytes()
    for place in ("#q-report", "#q-listed"):
        row = page.locator("#q-listed .q-row").first
        row.hover()
        row.locator(".q-remove").click()
        row.locator(".q-delete").click()
        expect(page.locator("#q-report")).to_contain_text("was removed")
        assert not file.exists()
        if place == "#q-listed":
            page.locator("#q-listed .q-kept summary").click()
        page.locator(f"{place} .q-undo").click()
        expect(page.locator("#q-report")).to_contain_text("is back")
        assert file.read_bytes() == content


@pytest.mark.browser
def test_what_is_pressed_before_the_last_press_is_answered_counts(page: Page, folder: Path) -> None:
    names = ("ebb.txt", "flood.txt", "tide.txt")
    for name in names:
        (folder / name).write_text(f"The {name} is about high water.")
    sync(page, "3 added")

    def press(button: str) -> None:
        page.evaluate(
            "([button, names]) => document.querySelectorAll(`#q-listed ${button}`).forEach("
            "(each) => names.includes(each.value) && each.click())",
            [button, names],
        )

    press(".q-show")
    expect(page.locator("#q-pane .q-text")).to_contain_text("The tide.txt is about")
    press(".q-delete")
    expect(page.locator("#q-listed .q-row")).to_have_count(1)
    assert not [name for name in names if (folder / name).exists()]


@pytest.mark.browser
def test_a_named_folder_is_read_only_unless_it_is_said(browser: Browser, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text("The mill was built in 1742.")
    command = [sys.executable, "-m", "ui.cli", "chat", "--no-browser", "--documents", str(notes)]
    environment = os.environ | {"GRADIO_TEMP_DIR": str(tmp_path / "gradio")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert found
            config = httpx.get(found[0] + "config", timeout=60).json()
            targets = {event for each in config["dependencies"] for _, event in each["targets"]}
            assert {"find", "show", "cite"} <= targets
            assert not targets & {"bring", "remove", "undo", "forget"}
            page = browser.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(found[0])
            expect(page.locator("#q-listed .q-row")).to_have_count(1)
            expect(page.locator("#q-read-only")).to_contain_text("quoth chat --writable")
            expect(page.locator("input[type=file], .q-remove, .q-add-files")).to_have_count(0)
            page.close()
        finally:
            process.terminate()

"""Asking in a real browser: examples, steps, stop, edit, retry, copy, and what is heard."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import LAVROV, address, ask, browser, folder, page, served, sync
from playwright.sync_api import Page, expect

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

pytestmark = pytest.mark.browser

HARBOUR = "The Port of Skarn was founded in 1893 by fishermen. Rain fell."


@contextmanager
def much_to_read(folder: Path) -> Iterator[None]:
    """Files that keep the next sync busy, and are taken away again."""
    files = [folder / f"harbour{n}.txt" for n in range(20)]
    for n, file in enumerate(files):
        file.write_text("\n\n".join(f"Ship {i} of year {n}. " + "Sails. " * 70 for i in range(120)))
    yield
    for file in files:
        file.unlink()


def test_examples_come_from_the_documents_as_they_are(page: Page, folder: Path) -> None:
    examples = page.locator("#q-talk .example")
    expect(examples.filter(has_text="strike attempt")).to_be_visible()
    for file in folder.iterdir():
        file.unlink()
    (folder / "harbour.txt").write_text(HARBOUR)
    sync(page, "1 added")
    expect(examples).to_have_text(["When was the Port of Skarn founded?"])
    examples.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#q-talk .q-words")).to_have_text("1893")
    (folder / "harbour.txt").write_text("Milk, eggs, flour")
    page.get_by_role("button", name="Clear").click()
    sync(page, "1 changed")
    expect(page.locator("#q-talk .q-welcome")).to_be_visible()
    expect(examples).to_have_count(0)


def test_an_answer_is_heard_once_and_says_how_sure_it_is(page: Page) -> None:
    page.evaluate(
        """() => {
          window.heard = [];
          const said = document.querySelector("#q-heard");
          new MutationObserver(() => window.heard.push(said.textContent.trim()))
            .observe(said, { childList: true, characterData: true, subtree: true });
        }"""
    )
    bubble = ask(page, LAVROV)
    expect(page.locator("#q-heard[role=status]")).to_contain_text("Answer 1: 91 drones.")
    assert set(page.evaluate("window.heard")) == {page.locator("#q-heard").inner_text()}
    expect(page.locator("#q-talk [role=log]")).to_have_attribute("aria-live", "off")
    sure = bubble.locator(".q-sure summary")
    expect(sure).to_have_attribute("title", re.compile(r"^\d+% sure$"))
    expect(bubble.locator(".q-sure p")).to_be_hidden()
    sure.focus()
    page.keyboard.press("Enter")
    expect(bubble.locator(".q-sure p")).to_contain_text("Of 100 answers")


def test_a_question_is_stopped_and_what_is_typed_meanwhile_stays(page: Page, folder: Path) -> None:
    box = page.locator("#q-question-box textarea")
    stop = page.locator("#q-stop-answer")
    expect(stop).to_be_hidden()
    with much_to_read(folder):
        box.fill(LAVROV)
        page.keyboard.press("Enter")
        expect(page.locator("#q-talk .q-step")).to_be_visible()
        box.press_sequentially("Who is")
        stop.click()
        expect(page.locator("#q-talk .q-stopped")).to_contain_text("Stopped")
        expect(box).to_have_value("Who is")
        expect(stop).to_be_hidden()
    box.fill("")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#q-talk .q-words")).to_have_text("91 drones")
    expect(page.locator("#q-talk .q-stopped")).to_have_count(0)


def test_an_earlier_question_is_edited_in_the_box(page: Page) -> None:
    box = page.locator("#q-question-box textarea")
    ask(page, LAVROV)
    ask(page, "Where did he say they came from?")
    understood = page.locator("#q-talk .q-understood")
    expect(understood).to_contain_text("Where did Lavrov say they came from?")
    ask(page, "Who is the Ukrainian President?")
    understood.get_by_role("button", name="Edit").click()
    expect(box).to_have_value("Where did Lavrov say they came from?")
    expect(box).to_be_focused()
    note = page.locator("#q-note")
    expect(note).to_contain_text("Replaces question 2 and the question after it.")
    note.get_by_role("button", name="Cancel").click()
    expect(box).to_have_value("")
    page.get_by_role("button", name="Edit question 2").click()
    expect(box).to_have_value("Where did he say they came from?")
    box.fill("Who is the Russian Foreign Minister?")
    page.keyboard.press("Enter")
    expect(page.locator("#q-talk .q-question")).to_have_text(
        [LAVROV, "Who is the Russian Foreign Minister?"]
    )
    expect(page.locator("#q-talk .q-words").last).to_contain_text("Lavrov")
    expect(note).to_have_text("")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#q-heard")).to_contain_text("Answer 2")
    expect(page.locator("#q-talk .q-question")).to_have_count(2)


def test_a_conversation_is_copied_with_its_sources(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, LAVROV)
    source = re.compile(
        r"91 drones\n\n  \[1\] According to .*, «91 drones» were used .*\n"
        r"      Russia, Ukraine trade blame .*\(.*\.txt\), characters 352–360"
    )
    page.get_by_role("button", name="Copy message").last.click()
    assert source.fullmatch(page.evaluate("navigator.clipboard.readText()"))
    page.get_by_role("button", name="Copy conversation").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert LAVROV in copied
    assert source.search(copied)
    assert "<" not in copied

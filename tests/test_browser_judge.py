"""Judging and tuning in a real browser."""

import json
from pathlib import Path

import pytest
from browsing import LAVROV, address, ask, browser, folder, page, served, sync
from playwright.sync_api import Page, expect

from ui.judging import Judged, Judgement

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

UNANSWERED = "Which planet does the astronaut Gagarin orbit?"


@pytest.fixture
def judged(folder: Path) -> Judged:
    """The file of judgements, without any."""
    kept = Judged(folder.parent / ".quoth" / folder.name)
    kept.path.unlink(missing_ok=True)
    return kept


def select(page: Page, words: str) -> None:
    """Select words in the source pane, as a hand would."""
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(
            document.querySelector("#q-pane .q-scroll"), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + words.length);
            document.getSelection().removeAllRanges();
            document.getSelection().addRange(range);
            range.startContainer.parentElement.scrollIntoView({ block: "center" });
            return;
          }
          throw new Error(`no ${words} in the source`);
        }""",
        words,
    )


def open_settings(page: Page) -> None:
    page.get_by_role("button", name="Settings and quality").click()
    expect(page.locator("#q-tune-close")).to_be_focused()


def only(judged: Judged) -> Judgement:
    [judgement] = judged.read()
    return judgement


@pytest.mark.browser
def test_a_wrong_answer_is_put_right_from_the_source(page: Page, judged: Judged) -> None:
    ask(page, LAVROV)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.locator("#q-judge")).to_contain_text("is right")
    expect(page.locator("#q-judge")).to_contain_text(f"Kept in {judged.path} on this machine")
    assert only(judged).answers == ("91 drones",)
    select(page, "Russia on Monday")
    expect(page.locator(".q-this")).to_have_count(0)
    page.get_by_role("button", name="Dislike").click()
    expect(page.locator("#q-judge")).to_contain_text("is wrong")
    assert only(judged).answers is None
    select(page, "Russia on Monday")
    page.get_by_role("button", name="This is the answer").click()
    expect(page.locator("#q-judge")).to_contain_text("The right answer: Russia on Monday")
    expect(page.locator(".q-this")).to_be_hidden()
    assert only(judged).answers == ("Russia on Monday",)
    assert only(judged).right is False
    page.get_by_role("button", name="Disliked").click()
    expect(page.locator("#q-judge")).to_contain_text("Taken back")
    assert judged.read() == []


@pytest.mark.browser
def test_a_refusal_is_judged(page: Page, judged: Judged) -> None:
    bubble = ask(page, UNANSWERED)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.locator("#q-judge")).to_contain_text("rightly refused")
    assert only(judged).answers == ()
    ask(page, "Which moon does the astronaut Gagarin orbit?")
    bubble.locator("button.q-cite").first.click()
    expect(page.locator("#q-pane mark.q-now").first).to_be_visible()
    select(page, "Russia")
    page.get_by_role("button", name="This is the answer").click()
    expect(page.locator("#q-judge")).to_contain_text("it should have been answered")
    first, second = judged.read()
    assert first.question == UNANSWERED
    assert (second.answers, second.given, second.right) == (("Russia",), None, False)


@pytest.mark.browser
def test_a_wrong_answer_may_be_one_that_the_documents_do_not_hold(
    page: Page, judged: Judged
) -> None:
    ask(page, LAVROV)
    page.get_by_role("button", name="Dislike").click()
    page.get_by_role("button", name="The documents do not hold it").click()
    expect(page.locator("#q-judge")).to_contain_text("The documents do not hold it.")
    line = json.loads(judged.path.read_text(encoding="utf-8").splitlines()[-1])
    assert (line["answers"], line["given"], line["right"]) == ([], "91 drones", False)


@pytest.mark.browser
def test_settings_hold_for_questions_and_are_said(page: Page, folder: Path) -> None:
    (folder / "mill.md").write_text("The mill was built in 1742 by monks.", encoding="utf-8")
    sync(page, "1 added")
    open_settings(page)
    page.locator("#q-formats label", has_text="MD").click()
    expect(page.locator("#q-limits")).to_contain_text("Searching only MD")
    page.locator("#q-sure input[type=number]").fill("99")
    page.keyboard.press("Tab")
    limits = page.locator("#q-limits")
    expect(limits).to_contain_text("Searching only MD; answering only when 99% sure or more")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Settings and quality")).to_be_focused()
    refused = ask(page, LAVROV)
    expect(refused.locator(".q-refused")).to_be_visible()
    expect(refused).not_to_contain_text("Russia, Ukraine trade blame")
    # A page that is left while gradio waits for something calls that an error.
    page, left = page.context.new_page(), page
    page.goto(left.url)
    limits = page.locator("#q-limits")
    expect(limits).to_contain_text("Searching only MD")
    open_settings(page)
    page.get_by_role("button", name="Back to the defaults").click()
    expect(limits).to_have_text("")
    page.keyboard.press("Escape")
    expect(ask(page, LAVROV).locator(".q-words")).to_have_text("91 drones")


@pytest.mark.browser
def test_the_panel_shows_quality_and_speed(page: Page, judged: Judged) -> None:
    ask(page, LAVROV)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.locator("#q-judge")).to_contain_text("is right")
    open_settings(page)
    expect(page.locator("#q-quality")).to_contain_text("1 question judged in this page")
    expect(page.locator("#q-quality svg")).to_be_visible()
    expect(page.locator("#q-speed")).to_contain_text("since the server was started: half within")
    expect(page.locator("#q-speed svg")).to_have_count(1)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("#q-tune-close")).to_be_hidden()


@pytest.mark.browser
def test_who_wants_nothing_kept_sees_no_thumbs(page: Page, judged: Judged) -> None:
    open_settings(page)
    page.get_by_role("checkbox", name="Keep what I say of answers").uncheck()
    page.keyboard.press("Escape")
    ask(page, LAVROV)
    expect(page.get_by_role("button", name="Like", exact=True)).to_be_hidden()
    assert not judged.path.exists()

"""Conversations in a real browser: kept, found again, and never another tab's loss."""

import json
import re
from urllib.parse import quote

import pytest
from browsing import LAVROV, PATIENCE, address, ask, browser, folder, in_view, page, served
from playwright.sync_api import Locator, Page, expect

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

TRUMP = "What did Trump say about his phone call with Putin?"
PARIS = "Who is the mayor of Paris?"
SEALING = """async (record) => {
  const { secret, shelf } = window.gradio_config.components
    .find((component) => component.props?.elem_id === "q-shelf").props.props;
  const bytes = Uint8Array.from(secret.match(/../g), (pair) => parseInt(pair, 16));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt"]);
  const iv = new Uint8Array(12);
  const text = new TextEncoder().encode(JSON.stringify(record));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text));
  const stored = btoa(String.fromCharCode(...iv, ...sealed));
  localStorage.setItem(`quoth.${shelf}.${crypto.randomUUID()}`, stored);
  localStorage.setItem(`quoth.${shelf}.old`, "what an older version wrote");
}"""


def names(page: Page) -> Locator:
    return page.locator(".q-talk-list .q-talk-name")


def row(page: Page, name: str) -> Locator:
    return page.locator(".q-talk-list li").filter(has_text=name)


def new(page: Page) -> None:
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("#q-talk .q-answer")).to_have_count(0)


def tab(page: Page, address: str) -> Page:
    """Another tab. It may be left while gradio waits for something, which gradio calls an error."""
    other = page.context.new_page()
    other.add_init_script("window.alert = () => localStorage.setItem('alarm', '')")
    again(other, address)
    return other


def again(page: Page, address: str) -> None:
    """Open the page, or open it again."""
    page.goto(address)
    expect(page.locator("#q-report .q-report")).to_be_visible()


@pytest.mark.browser
def test_a_conversation_stands_again_after_a_reload(page: Page, address: str) -> None:
    page = tab(page, address)
    ask(page, LAVROV)
    ask(page, PARIS)
    expect(names(page)).to_have_text([LAVROV])
    expect(row(page, LAVROV)).to_contain_text("2 questions")
    kept = "Object.entries(localStorage).filter(([key]) => !key.startsWith('quoth-settings'))"
    stored = page.evaluate(kept)
    assert stored
    assert not re.search("Lavrov|drones|strike", str(stored)), "what is stored is encrypted"
    again(page, address)
    expect(page.locator("#q-talk .q-answer")).to_have_count(2)
    page.locator("button.q-cite[value='1.c1']").click()
    in_view(page, page.locator("#q-pane mark.q-now"))
    expect(page.locator("#q-pane mark.q-now")).to_have_text("91 drones")
    assert page.evaluate(kept) == stored, "nothing was kept twice"


@pytest.mark.browser
def test_conversations_are_opened_renamed_and_deleted(page: Page) -> None:
    ask(page, LAVROV)
    new(page)
    ask(page, PARIS)
    expect(names(page)).to_have_text([PARIS, LAVROV])
    page.get_by_role("button", name=f"Rename {PARIS}").press("Enter")
    page.keyboard.type("<b>The mayor</b>")
    page.keyboard.press("Enter")
    expect(names(page)).to_have_text(["<b>The mayor</b>", LAVROV])
    ask(page, TRUMP)  # a name that was given stays
    expect(row(page, "The mayor")).to_contain_text("2 questions")
    row(page, LAVROV).locator(".q-talk-open").click()
    expect(page.locator("#q-talk .q-words")).to_have_text(["91 drones"])
    expect(row(page, LAVROV).locator(".q-talk-open")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name=f"Delete {LAVROV}").press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=f"Delete {LAVROV}")).to_be_focused()
    page.keyboard.press("Enter")
    row(page, LAVROV).get_by_role("button", name="Delete", exact=True).click()
    expect(names(page)).to_have_text(["<b>The mayor</b>"])
    expect(page.locator("#q-talk .q-answer")).to_have_count(0)
    other = page.context.new_page()
    other.goto(page.url)
    expect(names(other)).to_have_text(["<b>The mayor</b>"])


@pytest.mark.browser
def test_what_two_tabs_ask_stays(page: Page, address: str) -> None:
    ask(page, LAVROV)
    expect(names(page)).to_have_text([LAVROV])
    other = page.context.new_page()
    other.goto(address)
    expect(names(other)).to_have_text([LAVROV])
    ask(other, PARIS)
    expect(names(page)).to_have_text([PARIS, LAVROV])
    row(other, LAVROV).locator(".q-talk-open").click()
    expect(other.locator("#q-talk .q-words")).to_have_text(["91 drones"])
    ask(other, TRUMP)
    expect(row(page, LAVROV)).to_contain_text("2 questions")
    ask(page, PARIS)  # beside what the other tab has added to the same conversation
    for tab in (page, other):
        expect(names(tab)).to_have_text([LAVROV, LAVROV, PARIS])
        expect(tab.locator(".q-talk-about", has_text="2 questions")).to_have_count(2)


@pytest.mark.browser
def test_a_store_that_was_tampered_with_breaks_nothing(page: Page, address: str) -> None:
    page = tab(page, address)
    ask(page, LAVROV)
    expect(names(page)).to_have_text([LAVROV])
    evil = "<img src=x onerror=alert(1)>"
    page.evaluate(SEALING, {"name": evil, "at": 1, "turns": [{"question": evil, "answer": {}}]})
    again(page, address)
    expect(names(page)).to_have_text([LAVROV, evil])
    row(page, evil).locator(".q-talk-open").click()
    expect(page.get_by_text("cannot be read any more")).to_be_visible()
    expect(page.locator("#q-talk .q-answer")).to_have_count(0)
    ask(page, PARIS)
    expect(names(page)).to_have_text([PARIS, LAVROV, evil])
    assert page.evaluate("localStorage.getItem('alarm')") is None


@pytest.mark.browser
def test_a_link_asks_its_question_once(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    question = f"{LAVROV} <img src=x onerror=alert(1)>"
    page = tab(page, f"{address}?q={quote(question)}")
    expect(page.locator("#q-talk .q-answer")).to_have_count(1)
    expect(page.locator("#q-talk .q-question")).to_have_text(question)
    expect(names(page)).to_have_text([question])
    assert page.url == address
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{address}?q={quote(question, safe='')}"
    again(page, link)
    expect(page.locator("#q-talk .q-answer")).to_have_count(1)
    expect(names(page)).to_have_text([question])
    other = tab(page, link)  # without a conversation: the answer is given as it is now
    expect(other.locator("#q-talk .q-answer")).to_have_count(1)
    expect(names(other)).to_have_text([question])
    other.goto(f"{address}?q={'why ' * 400}")
    expect(other.locator("#q-talk .q-trouble")).to_contain_text("Shorten it")
    expect(names(other)).to_have_text([question])
    assert other.evaluate("localStorage.getItem('alarm')") is None


@pytest.mark.browser
def test_a_conversation_is_saved_as_a_file(page: Page) -> None:
    expect(page.get_by_role("button", name="Save .md")).to_be_hidden()
    ask(page, LAVROV)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Conversations").press("Enter")
    with page.expect_download(timeout=PATIENCE) as begun:
        page.get_by_role("button", name="Save .md").click()
    assert begun.value.suggested_filename == "How-many-drones-did-Lavrov-cite.md"
    written = begun.value.path().read_text(encoding="utf-8")
    assert written.startswith(f"## {LAVROV}\n\n**91 drones**")
    assert "Russia, Ukraine trade blame" in written
    with page.expect_download(timeout=PATIENCE) as begun:
        page.get_by_role("button", name="Save .json").click()
    (turn,) = json.loads(begun.value.path().read_text(encoding="utf-8"))
    assert turn["question"] == LAVROV
    assert turn["answer"]["citations"][0]["cited_text"] == "91 drones"


@pytest.mark.browser
def test_a_full_store_loses_its_oldest_conversation_and_says_so(page: Page) -> None:
    ask(page, LAVROV)
    new(page)
    ask(page, PARIS)
    expect(names(page)).to_have_text([PARIS, LAVROV])
    page.evaluate(
        """() => {
          for (let n = 2 ** 22; n; n = n >> 1) {
            try { localStorage.setItem(`full${n}`, "x".repeat(n)); } catch { /* half of it */ }
          }
        }"""
    )
    new(page)
    ask(page, TRUMP)
    expect(page.locator("#q-talks-said")).to_contain_text("oldest conversations were deleted")
    expect(names(page)).to_contain_text([TRUMP])
    expect(row(page, LAVROV)).to_have_count(0)

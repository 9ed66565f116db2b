"""The page in a real browser, served by a real process over copies of the documents that ship."""

import json
import re
from pathlib import Path

import httpx
import pytest
from browsing import LAVROV, address, ask, browser, folder, in_view, page, served, sync
from playwright.sync_api import Page, expect

from qa.answer import Answer

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

HOSTILE = """\
<script>alert(1)</script><img src=https://pixel.invalid/a.png onerror=alert(2)>
![pixel](https://pixel.invalid/b.png) [press](javascript:alert(3)) <svg onload=alert(4)>
The password of the hostile gate is "swordfish <b onmouseover=alert(5)>!</b>" they say.
<iframe src="https://pixel.invalid/c"></iframe> $$\\href{javascript:alert(6)}{x}$$ {{7*7}}
"""


# ---- without a browser ----


def test_answer_is_the_only_public_endpoint(address: str) -> None:
    named = httpx.get(address + "gradio_api/info", timeout=60).json()["named_endpoints"]
    assert list(named) == ["/answer"]


def test_the_endpoint_gives_what_every_surface_gives(address: str) -> None:
    call = httpx.post(
        address + "gradio_api/call/answer", json={"data": [LAVROV]}, timeout=60
    ).json()
    told = httpx.get(address + "gradio_api/call/answer/" + call["event_id"], timeout=60).text
    assert "event: complete" in told
    answer = Answer.from_dict(json.loads(told.split("data: ")[1])[0])
    assert answer.text == "91 drones"
    assert answer.citations[0].quote == "91 drones"


def test_no_file_of_the_machine_is_served(address: str, folder: Path) -> None:
    document = next(folder.glob("*.txt"))
    for path in ("/etc/passwd", str(document), str(folder / ".." / "notes")):
        assert httpx.get(f"{address}gradio_api/file={path}", timeout=60).status_code in {403, 404}


# ---- with one ----


@pytest.mark.browser
def test_the_first_question_everybody_asks(page: Page) -> None:
    bubble = ask(page, LAVROV)
    expect(bubble.locator(".q-words")).to_have_text("91 drones")
    expect(bubble.locator("blockquote mark")).to_have_text("91 drones")
    mark = page.locator("#q-pane mark.q-now")
    expect(mark).to_have_text("91 drones")
    in_view(page, mark)
    expect(page.locator("#q-pane")).to_contain_text("Russia on Monday accused Ukraine")


@pytest.mark.browser
def test_an_example_is_asked_with_one_press(page: Page) -> None:
    page.get_by_role("button", name="How many drones were used in the strike attempt?").click()
    expect(page.locator("#q-talk .q-words")).to_have_text("91 drones")


@pytest.mark.browser
def test_a_citation_is_opened_from_the_keyboard(page: Page, folder: Path) -> None:
    long = "\n".join(f"Line {n} is filler about gardens." for n in range(1500))
    (folder / "long.txt").write_text(
        f"{long}\nThe gardener Gertrude Jekyll owns 34 spades.\n{long}"
    )
    ask(page, "How many spades does Gertrude Jekyll own?")
    in_view(page, page.locator("#q-pane mark.q-now"))
    ask(page, LAVROV)
    expect(page.locator("#q-pane mark.q-now")).to_have_text("91 drones")
    page.locator("button.q-cite[value='1.c1']").focus()
    page.keyboard.press("Enter")
    mark = page.locator("#q-pane mark.q-now")
    expect(mark).to_contain_text("34")
    in_view(page, mark)
    expect(page.locator("#q-pane .q-scroll")).to_be_focused()


@pytest.mark.browser
def test_a_long_sync_says_how_long_and_can_be_stopped(page: Page, folder: Path) -> None:
    files = [folder / f"harbour{n}.txt" for n in range(20)]
    for n, file in enumerate(files):
        file.write_text("\n\n".join(f"Ship {i} of year {n}. " + "Sails. " * 70 for i in range(120)))
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_hidden()
    page.get_by_role("button", name="Sync").click()
    expect(page.locator("#q-report")).to_contain_text(re.compile(r"/s, \d+:\d\d left"))
    stop.click()
    expect(page.locator("#q-report")).to_contain_text("Stopped. The index is as it was")
    expect(stop).to_be_hidden()
    for file in files:
        file.unlink()
    sync(page, "unchanged")
    expect(page.locator("#q-listed")).not_to_contain_text("harbour")


@pytest.mark.browser
def test_a_document_comes_and_goes(page: Page, folder: Path) -> None:
    question = "How many lighthouses does the Kingdom of Varnia operate?"
    file = folder / "varnia.txt"
    file.write_text("The Kingdom of Varnia operates 47 lighthouses along its northern coast.")
    sync(page, "1 added")
    expect(page.locator("#q-listed")).to_contain_text("varnia.txt")
    expect(ask(page, question).locator(".q-words")).to_contain_text("47")
    file.unlink()
    sync(page, "1 removed")
    bubble = ask(page, question)
    expect(bubble.locator(".q-refused")).to_be_visible()
    expect(bubble).not_to_contain_text("47 lighthouses")
    expect(page.locator("#q-listed")).not_to_contain_text("varnia.txt")


@pytest.mark.browser
def test_a_refusal_shows_the_nearest_passages(page: Page) -> None:
    bubble = ask(page, "Which planet does the astronaut Gagarin orbit?")
    expect(bubble.locator(".q-refused")).to_contain_text("Not in your documents")
    expect(bubble.locator(".q-missing")).to_contain_text("Gagarin")
    bubble.locator("button.q-cite").first.click()
    in_view(page, page.locator("#q-pane mark.q-now").first)


@pytest.mark.browser
def test_files_are_uploaded_through_the_page(page: Page, folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "Ärger & Söhne.txt"
    new.write_text("The firm Grummel was founded in Lübeck in 1893.", encoding="utf-8")
    page.locator("#q-add-files, input[type=file]").first.set_input_files(new)
    expect(page.locator("#q-report")).to_contain_text("was added")
    assert (folder / "Ärger & Söhne.txt").is_file()
    answer = ask(page, "When was the firm Grummel founded?")
    expect(answer.locator(".q-words")).to_contain_text("1893")


@pytest.mark.browser
def test_a_document_is_removed_after_a_second_press(page: Page, folder: Path) -> None:
    row = page.locator("#q-listed li").first
    row.hover()
    row.get_by_role("button", name="Remove").first.click()
    row.get_by_role("button", name="Keep").click()
    assert len(list(folder.glob("*.txt"))) == 1
    row.get_by_role("button", name="Remove").first.click()
    row.get_by_role("button", name="Delete").click()
    expect(page.locator("#q-report")).to_contain_text("was removed")
    assert list(folder.glob("*.txt")) == []
    expect(ask(page, LAVROV)).to_contain_text("There are no documents")


@pytest.mark.browser
def test_a_hostile_document_is_only_text(page: Page, folder: Path) -> None:
    (folder / "<img src=x onerror=alert(7)>.txt").write_text(HOSTILE)
    sync(page, "1 added")
    bubble = ask(page, "What is the password of the hostile gate?")
    expect(bubble).to_contain_text("<script>alert(1)</script>")
    bubble.locator("button.q-cite").first.click()
    expect(page.locator("#q-pane .q-text")).to_contain_text("![pixel](https://pixel.invalid/b.png)")
    expect(page.locator("#q-listed")).to_contain_text("<img src=x onerror=alert(7)>")
    for part in ("#q-pane", "#q-talk .q-answer", "#q-listed", "#q-report"):
        hostile = "img, svg, iframe, script, a, [onerror], [onload], [onmouseover], .katex"
        expect(page.locator(part).locator(hostile)).to_have_count(0)
    page.locator("#q-pane mark.q-now").hover()


@pytest.mark.browser
def test_a_hostile_question_is_only_text(page: Page) -> None:
    question = "![x](https://pixel.invalid/q.png) <img src=x onerror=alert(1)> **bold** $$x$$"
    ask(page, question)
    expect(page.locator("#q-talk .q-question")).to_have_text(question)
    expect(page.locator("#q-talk .user img, #q-talk .user strong")).to_have_count(0)


@pytest.mark.browser
def test_a_question_that_is_too_long_is_kept(page: Page) -> None:
    ask(page, LAVROV)
    question = "why " * 600
    assert "characters" in ask(page, question).inner_text()
    expect(page.locator("#q-question-box textarea")).to_have_value(question)
    expect(page.locator("#q-talk .q-trouble")).to_be_in_viewport(ratio=1)


@pytest.mark.browser
def test_what_is_copied_is_text(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, LAVROV)
    page.get_by_role("button", name="Copy message").last.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("91 drones\n")
    assert "<" not in copied


@pytest.mark.browser
def test_a_cleared_conversation_begins_anew(page: Page) -> None:
    ask(page, LAVROV)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#q-talk .q-answer")).to_have_count(0)
    expect(page.locator("#q-pane mark")).to_have_count(0)
    ask(page, LAVROV)
    expect(page.locator("button.q-cite[value='1.c1']")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_is_wider_than_its_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    ask(page, LAVROV)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("button.q-cite[value='1.c1']").click()
    in_view(page, page.locator("#q-pane mark.q-now"))

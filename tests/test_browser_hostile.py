"""Hostile documents in a real browser: on every screen their text and their names are text."""

import json
import re
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from browsing import address, ask, browser, folder, in_view, page, served, sync
from markdown_it import MarkdownIt
from openpyxl import Workbook
from playwright.sync_api import Browser, Download, Locator, Page, expect
from test_browser_judge import open_settings, select
from test_browser_library import DROP
from test_pdf import pages

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

TAG = "<img class=hostile src=https://pixel.invalid/t.png onerror=alarm(1)>"
MARKUP = (
    f"{TAG} <script class=hostile>alarm(2)</script> ![pixel](https://pixel.invalid/b.png) "
    "[press](javascript:alarm(3)) <b class=hostile onmouseover=alarm(4)>over</b> \u202e desrever "
    "\u2066isolated \U000e0068\U000e0069 $$\\href{javascript:alarm(5)}{x}$$ {{7*7}} &amp;lt;"
)
GATE = f'The password of the hostile gate is "swordfish {MARKUP}", they say.'
QUESTION = "What is the password of the hostile gate?"
REVERSED = "evil\u202efdp.txt"
HEBREW = "שלום"
NAMES = {
    f"{TAG.replace('/', '')}.html": f"<title>{TAG.replace('<', '&lt;')}</title><h1>Gate &lt;b&gt;"
    f"</h1><p>The gate of the page is open.</p><script>alarm(6)</script>{TAG}",
    "quote\"' onmouseover='alarm(7)' &amp;.md": f"# Notes {MARKUP}\n\n## Fees {MARKUP}\n\n{GATE}",
    REVERSED: "The toll of the reversed bridge is 40 crowns.",
    "two\nlines\u200b.txt": "The ferry of Holm has two decks.",
    f"{HEBREW}/{HEBREW} 12.txt": f"{HEBREW}\n\nThe tower of Haifa has 77 steps.",
    f"<b class=hostile>{'w' * 90}/deep.txt": "The well of Varn is deep.",
    "ports.csv": f'Port,"Fee {TAG}"\nSkarn,"six {MARKUP}"\nHolm,nine\n',
    f"{TAG.replace('/', '')}.pdf": "no PDF",
}
# Whatever a document brings must be text: no element or attribute of its own, nothing unseen that
# reorders what is read.
ALARM = "window.alarm = (n) => window.alarms.push(n); window.alarms = [];"
AUDIT = """() => {
  const steers = /[\\u202a-\\u202e\\u2066-\\u206f\\u{e0000}-\\u{e007f}]/u;
  const faults = [];
  for (const each of document.querySelectorAll("*")) {
    if (each.matches("script, style")) continue;
    if (each.matches(".hostile, iframe, object, embed, .katex")) faults.push(each.outerHTML);
    for (const { name, value } of each.attributes) {
      if (name.startsWith("on") || steers.test(value)) faults.push(`${name}=${value}`);
      if (!["href", "src", "action", "data"].includes(name)) continue;
      const { origin, protocol } = new URL(value, document.baseURI);
      const here = origin === location.origin || ["data:", "blob:"].includes(protocol);
      if (!here) faults.push(`${name}=${value}`);
    }
    for (const child of each.childNodes) {
      if (child.nodeType === Node.TEXT_NODE && steers.test(child.data)) faults.push(child.data);
    }
  }
  return [...faults, ...window.alarms];
}"""
RIGHTMOST = """(element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let found = { right: -Infinity };
  while (walker.nextNode()) {
    for (let at = 0; at < walker.currentNode.data.length; at += 1) {
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + 1);
      const { right } = range.getBoundingClientRect();
      if (right > found.right) found = { right, letter: walker.currentNode.data[at] };
    }
  }
  return found.letter;
}"""


@pytest.fixture
def hostile(page: Page, folder: Path) -> Page:
    """The page over documents that do what they can; it counts what they get to do."""
    for name, text in NAMES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    book = Workbook()
    book.active.title = "<b class=hostile>&amp;"
    for row in (["Port", f"Berths {TAG}"], ["Varn", f"eleven {MARKUP}"], ["Holm", "four"]):
        book.active.append(row)
    book.save(saved := BytesIO())
    (folder / "book.xlsx").write_bytes(saved.getvalue())
    printed = pages(["The mill of Varn was built in 1742. " + TAG], title=TAG)
    (folder / "printed.pdf").write_bytes(printed)
    mail = EmailMessage()
    mail["Subject"], mail["From"] = f"Tolls {TAG}", f'"{TAG}" <a@b.example>'
    mail.set_content(f"<p>The keeper of the lock is Ada.</p>{TAG}", subtype="html")
    (folder / "mail.eml").write_bytes(mail.as_bytes())
    page.context.add_init_script(ALARM)
    page.evaluate(ALARM)
    sync(page, "1 skipped")
    return page


def harmless(page: Page) -> None:
    """Nothing ran, nothing could, and nothing is wider than the window."""
    assert page.evaluate(AUDIT) == []
    size = page.viewport_size
    assert size
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def row(page: Page, words: str) -> Locator:
    return page.locator("#q-listed .q-row").filter(has_text=words)


def shown(page: Page, words: str) -> Locator:
    """The source pane with the document whose row has some words."""
    button = row(page, words).locator(".q-show")
    button.click()
    title = button.locator(".q-title").inner_text()
    expect(page.locator("#q-pane h2")).to_have_text(title)
    return page.locator("#q-pane")


@pytest.mark.browser
def test_an_alarm_would_ring_and_no_other_host_be_asked(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.add_init_script(ALARM)
    page.goto(address)
    tag = "<img src=data:, onerror=alarm(8)>"
    page.evaluate("(tag) => document.body.insertAdjacentHTML('beforeend', tag)", tag)
    page.wait_for_function("window.alarms[0] === 8")
    blocked = """() => new Promise((done) => {
      document.addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
      new Image().src = "https://pixel.invalid/a.png";
    })"""
    assert page.evaluate(blocked) == "https://pixel.invalid/a.png"
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)
    page.close()
    assert "frame-ancestors 'none'" in httpx.get(address).headers["Content-Security-Policy"]


@pytest.mark.browser
def test_names_are_text_in_list_report_and_settings(hostile: Page, folder: Path) -> None:
    page = hostile
    harmless(page)
    listed = page.locator("#q-listed")
    for name in ("evil⟨U+202E⟩fdp.txt", "two⟨U+000A⟩lines⟨U+200B⟩.txt", "onmouseover='alarm(7)'"):
        expect(listed.locator(".q-path").filter(has_text=name)).to_have_count(1)
    for words in ("fdp.txt", f"{HEBREW} 12.txt"):
        name = row(page, words).locator(".q-name")
        assert name.evaluate(RIGHTMOST) == "t", "the suffix is at the right end of a name"
    page.locator("#q-listed .q-skipped summary").click()
    expect(page.locator("#q-listed .q-skipped")).to_contain_text("onerror=alarm(1)>.pdf: ")
    page.get_by_role("searchbox", name="Find a document").fill("<img hostile")
    expect(page.locator("#q-listed .q-row:visible")).to_have_count(4)  # by name or by title
    page.get_by_role("searchbox", name="Find a document").fill("")
    page.get_by_role("combobox", name="Sort").select_option("size")
    harmless(page)
    for words in ("fdp.txt", "lines⟨"):
        row(page, words).hover()
        row(page, words).locator(".q-remove").click()
        row(page, words).locator(".q-delete").click()
        expect(page.locator("#q-report")).to_contain_text("was removed.")
        harmless(page)
        page.locator("#q-report .q-undo").click()
        expect(page.locator("#q-report")).to_contain_text("is back.")
    assert (folder / REVERSED).is_file()
    assert (folder / "two\nlines\u200b.txt").is_file()
    open_settings(page)
    page.locator("#q-folders input").click()
    page.get_by_role("option", name=re.compile("<b class=hostile>")).click()
    page.locator("#q-tune-close").click()
    expect(page.locator("#q-limits")).to_contain_text("<b class=hostile>")
    harmless(page)
    page.set_viewport_size({"width": 390, "height": 844})
    harmless(page)


@pytest.mark.browser
def test_what_documents_hold_is_text_in_the_source(hostile: Page) -> None:
    page = hostile
    for words, held in (
        ("onerror=alarm(1)>.html", "The gate of the page is open."),
        ("&amp;.md", "⟨U+202E⟩ desrever"),
        ("fdp.txt", "reversed bridge"),
        ("mail.eml", "The keeper of the lock is Ada."),
    ):
        pane = shown(page, words)
        expect(pane.locator(".q-text")).to_contain_text(held)
        harmless(page)
    pane = shown(page, "&amp;.md")
    expect(pane.locator(".q-text")).to_contain_text("Fees <img class=hostile")
    for words, held in (("ports.csv", "Fee <img"), ("book.xlsx", "Berths <img")):
        pane = shown(page, words)
        expect(pane.locator("thead")).to_contain_text(held)
        expect(pane.locator("tbody")).to_contain_text("![pixel](https://pixel.invalid/b.png)")
        harmless(page)
    expect(pane.locator("caption")).to_have_text("Sheet <b class=hostile>&amp;")
    pane = shown(page, "printed.pdf")
    expect(pane.locator(".q-picture")).to_have_attribute("alt", re.compile("onerror=alarm"))
    harmless(page)


@pytest.mark.browser
def test_what_documents_hold_is_text_in_answers_and_judgements(hostile: Page) -> None:
    page = hostile
    bubble = ask(page, QUESTION)
    expect(bubble).to_contain_text("<script class=hostile>alarm(2)</script>")
    in_view(page, page.locator("#q-pane mark.q-now"))
    page.locator("#q-pane details.q-read summary").click()
    harmless(page)
    page.locator("#q-pane details.q-read button.q-go").last.click()
    expect(page.locator("#q-pane .q-label").first).to_contain_text("Passage")
    hit = ask(page, "How many steps does the tower of Haifa have?").locator(".q-cite").first
    boxes = [
        hit.locator(part).bounding_box() for part in (".q-path", ".q-source-line > :last-child")
    ]
    path, where = boxes
    assert path
    assert where
    below = where["y"] >= path["y"] + path["height"] / 2
    assert below or where["x"] >= path["x"] + path["width"] - 1, "the place follows the name"
    refusal = ask(page, f"Which planet does {TAG} orbit?")
    expect(refusal.locator(".q-refused")).to_be_visible()
    harmless(page)
    page.locator("button.q-cite[value='1.c1']").click()
    expect(page.locator("#q-pane mark.q-now")).to_contain_text("swordfish")
    page.get_by_role("button", name="Dislike").first.click()
    expect(page.locator("#q-judge")).to_contain_text("You said")
    select(page, "<script class=hostile>")
    page.get_by_role("button", name="This is the answer").click()
    expect(page.locator("#q-judge")).to_contain_text("The right answer: <script class=hostile>")
    harmless(page)
    page.set_viewport_size({"width": 390, "height": 844})
    harmless(page)


@pytest.mark.browser
def test_what_documents_hold_is_text_in_kept_and_saved_conversations(
    hostile: Page, address: str
) -> None:
    page = hostile
    ask(page, QUESTION)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save .md").click()
    drawn = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text_of(saved.value))
    assert set(re.findall(r"<(\w+)", drawn)) <= {"h2", "p", "strong", "blockquote", "em"}
    assert "![pixel](https://pixel.invalid/b.png)" in drawn
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save .json").click()
    first = json.loads(text_of(saved.value))[0]
    assert "\u202e desrever" in first["answer"]["citations"][0]["passage"]
    page = page.context.new_page()  # one that is left may be said to have erred
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}?q={quote(f'{QUESTION} {TAG}')}")
    expect(page.locator("#q-talk .q-question")).to_have_text(f"{QUESTION} {TAG}")
    expect(page.locator("#q-talk .q-answer")).to_be_visible()
    page.locator("#q-talks-head").click()
    expect(page.locator(".q-talk-name").first).to_contain_text(f"{QUESTION} <img")
    harmless(page)


@pytest.mark.browser
def test_a_line_of_ten_megabytes_is_shown_where_it_matters(page: Page, folder: Path) -> None:
    told = " The toll of the gate of Varn is 88 crowns. "
    (folder / "line.txt").write_text("x" * 5_000_000 + told + "y" * 5_000_000)
    sent: list[int] = []
    page.on("requestfinished", lambda request: sent.append(request.sizes()["responseBodySize"]))
    sync(page, "1 added")
    bubble = ask(page, "How many crowns is the toll of the gate of Varn?")
    expect(bubble.locator(".q-words")).to_contain_text("88")
    mark = page.locator("#q-pane mark.q-now")
    expect(mark).to_contain_text("88")
    in_view(page, mark)
    expect(page.locator("#q-pane .q-note")).to_contain_text("A long document: characters 4,9")
    page.get_by_role("button", name="Show more below").click()
    expect(page.get_by_role("button", name="Show more below")).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(page.content()) < 2_000_000
    assert sum(sent) < 3_000_000


@pytest.mark.browser
def test_what_is_dropped_lands_in_the_folder_under_a_safe_name(page: Page, folder: Path) -> None:
    (folder / "kept.txt").write_text("The keeper of the weir is Per.")
    names = {
        f"{TAG.replace('/', '')}.txt",
        REVERSED,
        "CON.txt",
        "fake.pdf",
        "run.exe",
        "a\\..\\b.txt",
    }
    inside = {name: f"The weir has {n} gates." for n, name in enumerate(sorted(names))}
    before = {path.name for path in folder.parent.iterdir()}
    page.evaluate(DROP, ["drop", inside])
    report = page.locator("#q-report")
    expect(report).to_contain_text("4 files added")
    report.locator(".q-refused summary").click()
    expect(report).to_contain_text("its content is not that of a PDF file")
    expect(report).to_contain_text("Quoth does not read .exe files")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there >= {"kept.txt", "evilfdp.txt", "document CON.txt", "b.txt"}
    assert len([name for name in there if name.endswith((".pdf", ".exe", ".part"))]) == 0
    assert {path.name for path in folder.parent.iterdir()} == before
    assert page.evaluate("document.querySelectorAll('.hostile').length") == 0


def text_of(download: Download) -> str:
    """What was saved."""
    return Path(download.path()).read_text(encoding="utf-8")

"""The source pane in a real browser: from a citation to the page, the row and the line."""

from pathlib import Path

import httpx
import pytest
from browsing import address, ask, browser, folder, in_view, page, served, sync
from fpdf import FPDF
from playwright.sync_api import Page, expect

__all__ = ["address", "browser", "folder", "page", "served"]  # fixtures

FILLER = "The council met on the first Monday and heard reports on roads, water and schools. "
PORTS = "Port,Berths,Harbour master\n" + "".join(
    f"{name},{number},Captain {name}sen\n"
    for number, name in enumerate(("Skarn", "Holm", "Varn", "Ostby", "Lund", "Tarn", "Brek"), 3)
)


def harbour(hostile: str = "") -> bytes:
    """Four pages, the third of which says what is asked for."""
    document = FPDF()
    document.set_title(f"The harbour of Skarn{hostile}")
    document.set_font("Times", size=11)
    for number in range(1, 5):
        document.add_page()
        document.multi_cell(0, 6, f"Chapter {number}. {FILLER * 20}", new_x="LMARGIN", new_y="NEXT")
        if number == 3:
            document.multi_cell(0, 6, "The breakwater of Skarn was lengthened by forty metres.")
    return bytes(document.output())


def test_only_files_of_the_index_are_sent(address: str, folder: Path) -> None:
    document = next(folder.glob("*.txt"))
    (folder / "page.html").write_text("<script>alert(1)</script><p>The mill was built in 1742.")
    (folder / "out.txt").symlink_to("/etc/passwd")
    asking = address + "gradio_api/call/answer"
    call = httpx.post(asking, json={"data": ["When was the mill built?"]}, timeout=60).json()
    assert "1742" in httpx.get(f"{asking}/{call['event_id']}", timeout=60).text
    saved = httpx.get(address + "source/file", params={"id": "page.html"}, timeout=60)
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["content-type"] == "application/octet-stream"
    sent = httpx.get(address + "source/file", params={"id": document.name}, timeout=60)
    assert sent.content == document.read_bytes()
    assert sent.headers["content-type"] == "text/plain; charset=utf-8"
    assert sent.headers["x-content-type-options"] == "nosniff"
    for name in ("out.txt", "../notes/" + document.name, "/etc/passwd", str(document), "", "."):
        missing = httpx.get(address + "source/file", params={"id": name}, timeout=60)
        assert (missing.status_code, missing.content) == (404, b""), name
    for said in ("", "?page=1", f"?id={document.name}&digest=0&page=1"):
        assert httpx.get(f"{address}source/page{said}", timeout=60).status_code == 404
    foreign = {"Sec-Fetch-Site": "cross-site"}
    asked = httpx.get(
        address + "source/file", params={"id": document.name}, headers=foreign, timeout=60
    )
    assert asked.status_code == 403


@pytest.mark.browser
def test_a_quote_is_shown_on_the_printed_page(page: Page, folder: Path) -> None:
    (folder / "harbour.pdf").write_bytes(harbour("<img src=x onerror=alert(1)>"))
    sync(page, "1 added")
    ask(page, "By how many metres was the breakwater of Skarn lengthened?")
    pane = page.locator("#q-pane")
    mark = pane.locator("mark.q-now")
    expect(mark).to_contain_text("forty metres")
    in_view(page, mark)
    expect(pane.locator(".q-tools")).to_contain_text("Page 3 of 4")
    page.wait_for_function("document.querySelector('#q-pane .q-picture').naturalWidth > 800")
    pane.locator(".q-scroll").focus()
    page.keyboard.press("ArrowRight")
    expect(pane.locator(".q-tools")).to_contain_text("Page 4 of 4")
    expect(mark).to_have_count(0)
    expect(pane.get_by_role("button", name="Page after")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    expect(mark).to_contain_text("forty metres")
    pane.get_by_role("button", name="Text", exact=True).click()
    expect(pane.locator(".q-text")).to_contain_text("The breakwater of Skarn")
    in_view(page, pane.locator("mark.q-now"))
    expect(pane.get_by_role("button", name="Page", exact=True)).to_be_focused()
    expect(pane.locator("img")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(pane.locator(".q-picture")).to_be_visible()
    with page.context.expect_page() as opened:
        pane.get_by_role("link", name="Open the file").click()
    assert "/source/file?id=harbour.pdf" in opened.value.url


@pytest.mark.browser
def test_a_cell_is_marked_in_its_table_and_passages_are_one_press_away(
    page: Page, folder: Path
) -> None:
    (folder / "ports.csv").write_text(PORTS)
    (folder / "hostile.md").write_text(
        "# Ports <img src=x onerror=alert(1)>\n\n## Fees [x](javascript:alert(2))\n\n"
        "Captain Holmsen\u202e pays <script>alert(3)</script> 90 crowns for each of the ports.\n"
    )
    sync(page, "2 added")
    ask(page, "Who is the harbour master of port Holm?")
    pane = page.locator("#q-pane")
    fold = pane.locator("details.q-read")
    fold.locator("summary").click()
    fold.get_by_role("button").filter(has_text="Captain Holmsen").filter(has_text="row 3").click()
    row = pane.locator("tr.q-row-now")
    expect(row).to_have_count(1)
    expect(row.locator("th")).to_have_text("3")
    expect(row.locator("mark.q-now")).to_have_text(["Holm", "4", "Captain Holmsen"])
    expect(pane.locator("thead th")).to_have_text(["Row", "Port", "Berths", "Harbour master"])
    expect(fold).to_have_attribute("open", "")
    expect(fold.locator("[aria-current]")).to_be_focused()
    before = pane.locator(".q-trail .q-label").inner_text()
    page.keyboard.press("n")
    expect(pane.locator(".q-trail .q-label")).not_to_have_text(before)
    expect(pane.locator("[data-go='after']")).to_be_focused()
    # As in the moment in which the pane is drawn anew: the focus is nowhere.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")
    expect(pane.locator(".q-trail .q-label")).to_have_text(before)
    pane.locator("details.q-read summary").click()
    fold.get_by_role("button").filter(has_text="crowns").click()
    expect(pane.locator(".q-text")).to_contain_text("<script>alert(3)</script>")
    expect(pane.get_by_role("heading", name="Fees [x](javascript:alert(2))")).to_be_visible()
    expect(pane.locator(".q-text")).to_contain_text("⟨U+202E⟩")
    expect(pane.locator("script, img, a:not(.q-open), [onerror]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#q-talk button.q-cite").first).to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1024, 390])
def test_more_of_a_long_document_is_shown_and_nothing_is_cut_off(
    page: Page, folder: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    line = "This line is filler about gardens and ponds.\n"
    (folder / "long.py").write_text(f"{line * 1500}x = '{'y' * 90_000}'\n{line * 1500}")
    sync(page, "1 added")
    page.locator("#q-listed button.q-show", has_text="long.py").click()
    pane = page.locator("#q-pane")
    expect(pane.locator(".q-line").first).to_have_attribute("data-number", "1")
    n_lines = pane.locator(".q-line").count()
    pane.get_by_role("button", name="Show more below").click()
    expect(pane.locator(".q-note")).to_contain_text("1 to 89,9")
    assert pane.locator(".q-line").count() > n_lines
    expect(pane.get_by_role("button", name="Show more below")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in pane.locator("header button:visible, header a:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width

"""Tests of index.document: a file gives its document, or the reason why not."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from index.document import MAX_BYTES, Document, load
from index.errors import UnreachableFile, UnreadableFile
from index.formats import Place


def reason(path: Path, folder: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        load(path, folder=folder)
    return str(caught.value)


def test_a_file_gives_its_path_its_digest_its_title_and_its_text(library: Path) -> None:
    (library / "north").mkdir()
    content = b"Keeping bees\r\n\r\nA colony is strong."
    (library / "north" / "Bees.TXT").write_bytes(content)
    given = load(library / "north" / "Bees.TXT", folder=library)
    assert given == Document(
        id="north/Bees.TXT",
        digest=hashlib.sha256(content).hexdigest(),
        title="Keeping bees",
        text="Keeping bees\n\nA colony is strong.",
    )


@pytest.mark.parametrize(
    ("name", "title"),
    [("the_old-mill.txt", "the old mill"), ("__.txt", "__.txt"), ("a.b.md", "a.b")],
)
def test_a_text_without_a_title_is_called_by_its_file(library: Path, name: str, title: str) -> None:
    (library / name).write_text("It was built. It stands.", encoding="utf-8")
    assert load(library / name, folder=library).title == title


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", b"PK\x03\x04\0\0", r"binary \(a zero byte at 4\), not text"),
        ("a.txt", b"caf\xe9", "not UTF-8 (byte 0xe9 at 3); save it as UTF-8"),
        ("a.txt", b"", "empty: it holds no text"),
        ("a.md", b"\xef\xbb\xbf \n", "empty: it holds no text"),
        ("a.html", b"<script>x</script>", "empty: it holds no text"),
        ("a.xyz", b"text", "no reader for '.xyz' files"),
        ("README", b"text", "no reader for 'README' files"),
    ],
)
def test_a_bad_file_gives_its_reason(library: Path, name: str, content: bytes, why: str) -> None:
    (library / name).write_bytes(content)
    assert reason(library / name, library) == why.replace("\\", "")


def test_a_file_over_the_limit_is_not_read(library: Path) -> None:
    path = library / "large.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    limit = MAX_BYTES // 1_000_000
    assert reason(path, library) == f"200 MB, over the limit of {limit} MB; split it"


def test_a_link_out_of_the_folder_is_not_followed(library: Path) -> None:
    secret = library.parent / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (library / "a.txt").symlink_to(secret)
    assert reason(library / "a.txt", library) == "a symbolic link that leads out of the folder"


def test_a_link_in_the_folder_is_followed(library: Path) -> None:
    (library / "a.txt").write_text("words", encoding="utf-8")
    (library / "b.txt").symlink_to(library / "a.txt")
    assert load(library / "b.txt", folder=library).id == "b.txt"


def test_a_file_that_vanished_is_unreachable(library: Path) -> None:
    with pytest.raises(UnreachableFile, match="vanished while it was read"):
        load(library / "gone.txt", folder=library)


def test_a_file_that_may_not_be_opened_is_unreachable(
    library: Path, as_nobody: Callable[[], None]
) -> None:
    (library / "a.txt").write_text("words", encoding="utf-8")
    (library / "a.txt").chmod(0)
    as_nobody()
    with pytest.raises(UnreachableFile, match=r"cannot be read \(Permission denied\)"):
        load(library / "a.txt", folder=library)


def test_a_folder_with_a_files_name_is_unreachable(library: Path) -> None:
    (library / "a.txt").mkdir()
    with pytest.raises(UnreachableFile, match="Is a directory"):
        load(library / "a.txt", folder=library)


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3), (99, 3)])
def test_a_character_stands_on_its_page(offset: int, page: int) -> None:
    assert Document("a", "", "", "x" * 100, (0, 10, 20)).page(offset) == page


@pytest.mark.parametrize(
    ("place", "heading"),
    [
        (Place(0, "Setup › On Linux"), "Setup › On Linux"),
        (Place(0, "Chapter › 3"), "Chapter › 3"),
        (Place(0, "sheet Old fees, row 88", apart=True), "sheet Old fees"),
        (Place(0, "servers › 3", apart=True), "servers"),
        (Place(0, "item 1 › fees\n› 2 › 12", apart=True), "item 1 › fees\n› 2"),
        (Place(0, "Fees › Old › table 2, row 88", apart=True), "Fees › Old"),
        (Place(0, "Fees › below table 2", apart=True), "Fees"),
        (Place(0, "slide 3 › Fees › table 1, row 2", apart=True), "slide 3 › Fees"),
        (Place(0, "slide 3 › table 1, row 2", apart=True), ""),
        (Place(0, "table 2, row 88", apart=True), ""),
        (Place(0, "below table 2", apart=True), ""),
        (Place(0, "row 88", apart=True), ""),
        (Place(0, "lines 12–30", apart=True), ""),
        (Place(0, "message body", apart=True), ""),
    ],
)
def test_headings_sheets_and_lists_are_searched_with_their_parts(
    place: Place, heading: str
) -> None:
    document = Document("a", "", "Ports", "text", places=(place,))
    assert document.heading(2) == "\n".join(filter(None, ["Ports", heading]))


def test_a_text_without_pages_has_no_page() -> None:
    assert Document("a", "", "", "text").page(2) is None

"""Uploads: safe names, inside the folder, of content that fits, and never half a file."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import uploads
from ui.removed import Removed
from ui.uploads import Brought, Received


def upload(folder: Path, name: str, content: str | bytes = "Some words.") -> Received:
    """Bring a file with a name, as a browser sends it, and say what became of it."""
    path = folder.parent / "uploaded" / f"document{Path(name).suffix}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return received(Brought(name, path.stat().st_size, path), folder)


def received(brought: Brought, folder: Path) -> Received:
    return uploads.receive(brought, folder, removed=kept(folder))


def kept(folder: Path) -> Removed:
    """Where files that are replaced are kept."""
    return Removed(folder.parent / "removed")


ANY_NAME = st.text(
    st.one_of(st.characters(), st.characters(categories=("Cs", "Cf")), st.sampled_from(". /\\é")),
    max_size=300,
)


@given(ANY_NAME)
def test_a_safe_name_is_one_visible_part_of_a_path(name: str) -> None:
    safe = uploads.safe_name(name)
    assert safe
    assert Path(safe).name == safe
    assert not safe.startswith(".")
    assert len(safe.encode(errors="replace")) <= 160
    assert not set(safe) & set('/\\<>:"|?*\x00\n\u202e\u200b\ufeff\U000e0041')
    safe.encode()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.txt", "report.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\Ergebnis über alles.md", "Ergebnis über alles.md"),
        ("a\u202etxt.exe", "atxt.exe"),
        (".hidden.txt", "hidden.txt"),
        ("CON.txt", "document CON.txt"),
        ("com¹.txt", "document com¹.txt"),
        ("a\u200b\u2060.\ufefft\U000e0041xt", "a.txt"),
        ("a\ud800.txt", "a.txt"),
        ("a." + "é" * 300, "a." + "é" * 74),
        ("..", "document"),
        ("", "document"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
    ],
)
def test_names_are_made_safe_and_stay_recognisable(name: str, safe: str) -> None:
    assert uploads.safe_name(name) == safe


def test_an_upload_lands_in_the_folder(library: Path) -> None:
    received = upload(library, "notes.txt", "The treasure.")
    assert str(received) == "notes.txt was added."
    assert (library / "notes.txt").read_text() == "The treasure."
    assert not list(library.glob(".*"))


def test_an_upload_over_a_file_says_so(library: Path) -> None:
    upload(library, "notes.txt", "old")
    assert upload(library, "notes.txt", "old").outcome == "unchanged"
    replaced = upload(library, "notes.txt", "new")
    assert "has been replaced" in str(replaced)
    assert (library / "notes.txt").read_text() == "new"


def test_what_an_upload_replaced_can_be_put_back_and_the_upload_too(library: Path) -> None:
    assert upload(library, "sub/notes.txt", "old").kept is None
    old = upload(library, "sub/notes.txt", "new").kept
    assert old is not None
    assert kept(library).put_back(old.key, library) == "sub/notes.txt"
    assert (library / "sub/notes.txt").read_text() == "old"
    (new,) = kept(library).kept()
    assert new.replaced
    kept(library).put_back(new.key, library)
    assert (library / "sub/notes.txt").read_text() == "new"


def test_nothing_is_replaced_that_cannot_be_kept(library: Path) -> None:
    upload(library, "notes.txt", "old")
    (library.parent / "removed").write_text("in the way")
    assert upload(library, "notes.txt", "new").outcome == "refused"
    assert (library / "notes.txt").read_text() == "old"


@pytest.mark.parametrize(
    ("name", "kind"), [("program.exe", ".exe files"), ("README", "files without a suffix")]
)
def test_formats_that_are_not_read_are_refused_in_a_few_words(
    library: Path, name: str, kind: str
) -> None:
    received = upload(library, name)
    assert str(received).startswith(f"{name} was refused: Quoth does not read {kind}. It reads ")
    assert "PDF" in received.reason
    assert len(received.reason) < 200
    assert not (library / name).exists()


def test_an_upload_that_is_passed_over_says_so(library: Path) -> None:
    (library / ".quothignore").write_text("drafts\n*.md\n!kept.md\n")
    for words, outcome in (
        ("old", "was added"),
        ("new", "was there already and has been replaced"),
        ("new", "is there already, with the same content"),
    ):
        received = upload(library, "notes.md", words)
        assert str(received) == f"notes.md {outcome}, but .quothignore passes it over."
    assert str(upload(library, "kept.md")) == "kept.md was added."
    assert upload(library, "drafts/kept.txt").passed_over
    (library / ".quothignore").unlink()
    (library / ".quothignore").mkdir()
    assert str(upload(library, "other.md")) == "other.md was added."


def test_a_file_that_is_too_large_is_refused(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_MEGABYTES", 0.00001)
    assert upload(library, "large.txt", "x" * 1000).outcome == "refused"
    assert not (library / "large.txt").exists()


def test_an_upload_does_not_write_through_a_link(library: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    (library / "link.txt").symlink_to(outside)
    upload(library, "link.txt", "theirs")
    assert outside.read_text() == "mine"
    assert (library / "link.txt").read_text() == "theirs"


def test_an_upload_over_a_folder_is_refused(library: Path) -> None:
    (library / "sub.txt").mkdir()
    assert upload(library, "sub.txt").outcome == "refused"


@given(ANY_NAME)
def test_a_safe_path_stays_below_the_folder(path: str) -> None:
    safe = PurePosixPath(uploads.safe_path(path))
    assert not safe.is_absolute()
    assert safe.parts
    assert all(part == uploads.safe_name(part) for part in safe.parts)


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("notes/2024/a.txt", "notes/2024/a.txt"),
        ("notes\\a.txt", "notes/a.txt"),
        ("notes/../../a.txt", "a.txt"),
        ("/etc/a.txt", "a.txt"),
        ("C:\\notes\\a.txt", "a.txt"),
        ("a<b>/CON/x.txt", "ab/document CON/x.txt"),
    ],
)
def test_folders_are_kept_where_they_are_safe(path: str, safe: str) -> None:
    assert uploads.safe_path(path) == safe


def test_a_file_lands_in_the_folders_it_came_with(library: Path) -> None:
    assert str(upload(library, "notes/2024/a.txt")) == "notes/2024/a.txt was added."
    assert (library / "notes/2024/a.txt").read_text() == "Some words."


def test_no_folder_leads_an_upload_out_or_stands_where_a_file_does(
    library: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (library / "link").symlink_to(tmp_path / "elsewhere")
    (library / "plain.txt").write_text("mine")
    assert "leads out" in upload(library, "link/a.txt").reason
    assert "leads out" in upload(library, "link/new/a.txt").reason
    (library / "loop").symlink_to("loop")
    assert "leads out" in upload(library, "loop/a.txt").reason
    assert "a file is named" in upload(library, "plain.txt/a.txt").reason
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert "too many" in upload(library, "a/" * 40 + "b.txt").reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"Plain words."),
        ("a.docx", b"%PDF-1.7 words"),
        ("a.xlsx", b"a,b\n1,2\n"),
        ("a.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.epub", b"<html>"),
        ("a.msg", b"PK\x03\x04"),
        ("a.txt", b"words\0words"),
        ("a.csv", b"PK\x03\x04\x00\x00"),
        ("a.md", b""),
    ],
)
def test_content_that_does_not_fit_its_name_is_refused(
    library: Path, name: str, content: bytes
) -> None:
    received = upload(library, name, content)
    assert received.outcome == "refused"
    assert received.reason
    assert list(library.iterdir()) == []


def test_a_file_that_was_sent_under_another_suffix_is_refused(library: Path) -> None:
    sent = library.parent / "document.txt"
    sent.write_text("Plain words.")
    assert received(Brought("a.md", 12, sent), library).outcome == "refused"


def test_a_file_that_was_not_sent_is_refused_with_the_reason(library: Path) -> None:
    assert "MB" in received(Brought("a.txt", 10**9, None), library).reason
    assert received(Brought("a.exe", 1, None), library).outcome == "refused"
    assert "not sent" in received(Brought("a.txt", 1, None), library).reason

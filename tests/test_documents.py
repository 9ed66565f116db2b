"""The documents side as HTML: rows, order, words, folds; harmless whatever the names are."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from test_render import HOSTILE, assert_harmless, words

from index.catalogue import Entry
from index.mirror import Change, Changes, Skipped
from ui import documents, wording
from ui.documents import Shelf, Wanted
from ui.removed import Kept
from ui.uploads import Received


def entry(
    document_id: str, title: str = "T", *, size: int | None = 1_234_567, day: int = 1
) -> Entry:
    when = datetime(2024, 5, day, 12, tzinfo=UTC)
    return Entry(
        document_id=document_id,
        title=title,
        n_characters=1,
        n_passages=2,
        inserted=size is None,
        format="txt",
        size=size,
        modified=None if size is None else when,
        added=when,
    )


def rows(markup: str) -> list[str]:
    """Ids of the documents that have a row, in its order."""
    values = re.findall(r"class='q-show' value='([^']*)'", markup)
    return [documents.named(value) for value in values]


def test_a_row_says_format_size_day_and_passages() -> None:
    seen = assert_harmless(documents.list_html(Shelf([entry("a/b.txt", "The mill")])))
    for said in ("The mill", "a/", "b.txt", "TXT", "1.2 MB", "1 May 2024", "2 passages"):
        assert said in seen.text
    assert "\u203a" not in seen.text


def test_rows_go_by_folder_and_title_or_by_date_or_by_size() -> None:
    shelf = Shelf(
        [
            entry("z.txt", "Älter", size=5, day=3),
            entry("y.txt", "Zoo", size=900, day=1),
            entry("b/c/x.txt", "Mill", size=70, day=2),
        ]
    )
    by_name = documents.list_html(shelf)
    assert rows(by_name) == ["z.txt", "y.txt", "b/c/x.txt"]
    assert re.findall(r"class='q-folder'[^>]*><bdi[^>]*>([^<]*)", by_name) == [
        "Top folder",
        "b › c",
    ]
    assert rows(documents.list_html(shelf, Wanted(order="date"))) == ["z.txt", "b/c/x.txt", "y.txt"]
    by_size = documents.list_html(shelf, Wanted(order="size"))
    assert rows(by_size) == ["y.txt", "b/c/x.txt", "z.txt"]
    assert "q-folder" not in by_size


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mill", ["a.txt"]),
        ("MÜHLE", ["sub/b.txt"]),
        ("muhle sub", ["sub/b.txt"]),
        ("sub mill", []),
        ("", ["a.txt", "sub/b.txt"]),
    ],
)
def test_all_words_must_stand_in_title_or_path(asked: str, found: list[str]) -> None:
    shelf = Shelf([entry("a.txt", "The Mill"), entry("sub/b.txt", "Die Mühle")])
    assert rows(documents.list_html(shelf, Wanted(asked))) == found


def test_a_long_list_is_cut_and_what_it_leaves_out_is_found_by_its_words() -> None:
    shelf = Shelf([entry(f"{n}.txt", f"Note {n:05}") for n in range(documents.MAX_LISTED + 3)])
    markup = documents.list_html(shelf)
    assert len(rows(markup)) == documents.MAX_LISTED
    assert "data-more='3'" in markup
    assert "And 3 more" in markup
    last = documents.MAX_LISTED + 2
    assert rows(documents.list_html(shelf, Wanted(f"note {last:05}"))) == [f"{last}.txt"]


@given(words, words)
def test_a_row_is_harmless_and_names_its_document(document_id: str, title: str) -> None:
    shelf = Shelf([entry(document_id, title)], writable=True)
    seen = assert_harmless(documents.list_html(shelf, Wanted(title, "date")))
    values = [value for name, value in seen.attributes if name == "value" and value]
    shown = [documents.named(value) for value in values]
    assert not shown or shown == [document_id, document_id]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_text_in_list_and_report(hostile: str) -> None:
    kept = Kept("k", hostile, 0)
    skipped = (Skipped(hostile, hostile),)
    changes = Changes(
        added=1, renamed=1, skipped=skipped, documents=(Change("renamed", hostile, was=hostile),)
    )
    received = [Received(hostile, "refused", hostile)]
    for markup in (
        documents.list_html(Shelf([entry(hostile, hostile)], skipped, [kept], writable=True)),
        documents.report_html(changes, done=documents.received_html(received)),
        documents.report_html(changes, done=documents.received_html(received * 9)),
        documents.trouble_html(hostile, done=documents.removed_html(kept)),
    ):
        assert_harmless(markup)


def test_a_file_is_removed_only_where_there_is_one_and_people_may() -> None:
    assert "q-delete" in documents.list_html(Shelf([entry("a")], writable=True))
    assert "q-delete" not in documents.list_html(Shelf([entry("a")]))
    inserted = documents.list_html(Shelf([entry("a", size=None)], writable=True))
    assert "q-delete" not in inserted
    assert wording.INSERTED in inserted


def test_removed_files_are_offered_only_where_people_may_put_them_back() -> None:
    kept = [Kept("key1", "a.txt", 0)]
    assert "value='key1'" in documents.list_html(Shelf([], kept=kept, writable=True))
    assert "key1" not in documents.list_html(Shelf([], kept=kept))


def test_a_report_names_each_change_and_folds_what_is_many() -> None:
    few = Changes(
        added=1,
        renamed=1,
        documents=(Change("added", "n.txt"), Change("renamed", "new.txt", was="old.txt")),
    )
    seen = assert_harmless(documents.report_html(few))
    assert "n.txt" in seen.text
    assert "old.txt → new.txt" in seen.text
    assert [name for name, _ in seen.attributes].count("open") == 2
    many = Changes(added=900, documents=tuple(Change("added", f"{n}") for n in range(900)))
    seen = assert_harmless(documents.report_html(many))
    assert "open" not in [name for name, _ in seen.attributes]
    assert "And 700 more" in seen.text


def test_many_received_files_are_grouped_by_what_became_of_them() -> None:
    received = [Received(f"{n}.txt", "added") for n in range(8)]
    received.append(Received("x.exe", "refused", "no format"))
    seen = assert_harmless(documents.received_html(received, n_left=3))
    assert "8 files added" in seen.text
    assert "1 file refused" in seen.text
    assert "x.exe: no format" in seen.text
    assert "3 files not added" in seen.text

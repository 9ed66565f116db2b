"""Tests of index.formats.msg: an Outlook message is read as a mail is."""

import struct
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import damage
import pytest
from damage import altered, read_or_refused
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.formats.msg import MAX_ENTRIES, read_msg
from index.formats.parsed import Place
from index.passage import split

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, TABLE, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3: header, directory, small streams, large streams, tables.

    Source: [MS-CFB], sections 2.2 to 2.6.
    """
    file = _Sectors()
    small = _Sectors(MINI)
    content = {name: (small if len(s) < CUTOFF else file).add(s) for name, s in streams.items()}
    root = file.add(bytes(small.content)), len(small.content)
    small_table = file.add(struct.pack(f"<{len(small.table)}L", *small.table))
    entries = _directory(streams, content, root)
    directory = file.add(b"".join(entries))
    n_tables = len(file.table) // (SECTOR // 4 - 1) + 1
    first_table = len(file.table)
    table = [*file.table, *[TABLE] * n_tables]
    table += [FREE] * (n_tables * SECTOR // 4 - len(table))
    n_small = -(-len(small.table) * 4 // SECTOR)
    header = struct.pack(
        "<8s16x5H6x7LLL",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, n_tables, directory, 0, CUTOFF, small_table if n_small else END, n_small),
        *(END, 0),
    )
    tables = [*range(first_table, first_table + n_tables)]
    header += struct.pack("<109L", *tables, *[FREE] * (109 - n_tables))
    return header + bytes(file.content) + struct.pack(f"<{len(table)}L", *table)


class _Sectors:
    """Sectors of one size, and the table that says which follows which."""

    def __init__(self, size: int = SECTOR) -> None:
        self.size = size
        self.content = bytearray()
        self.table: list[int] = []

    def add(self, stream: bytes) -> int:
        """Number of the first sector of a stream that is put behind the others."""
        if not stream:
            return END
        first = len(self.table)
        n_sectors = -(-len(stream) // self.size)
        self.content += stream.ljust(n_sectors * self.size, b"\0")
        self.table += [*range(first + 1, first + n_sectors), END]
        return first


def _directory(
    streams: dict[str, bytes], content: dict[str, int], root: tuple[int, int]
) -> list[bytes]:
    """The entries: the root, then each folder's as a balanced tree."""
    folders: dict[str, set[str]] = defaultdict(set)
    for path in streams:
        folder, _, _ = path.rpartition("/")
        folders[folder].add(path)
        if folder:
            folders[""].add(folder)
    paths = ["", *sorted({path for names in folders.values() for path in names})]
    links = {path: [NONE, NONE, NONE] for path in paths}

    def tree(names: list[str]) -> int:
        if not names:
            return NONE
        middle = len(names) // 2
        links[names[middle]][:2] = tree(names[:middle]), tree(names[middle + 1 :])
        return paths.index(names[middle])

    for folder, names in folders.items():
        links[folder][2] = tree(sorted(names, key=lambda path: (len(path), path.upper())))
    entries = []
    for path in paths:
        name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
        kind = 5 if not path else 2 if path in streams else 1
        place = root if not path else (content.get(path, 0), len(streams.get(path, b"")))
        entries.append(
            struct.pack("<64sHBB3L36xLQ", name, len(name), kind, 1, *links[path], *place)
        )
    return entries


def wide(**properties: str) -> dict[str, bytes]:
    """Properties in words, by their tag."""
    return {
        f"__substg1.0_{tag[1:]}001F": text.encode("utf-16-le") for tag, text in properties.items()
    }


def fixed(*rows: tuple[int, int, int], header: int = 32) -> dict[str, bytes]:
    """Properties in numbers: kind, tag and value."""
    packed = (struct.pack("<HHLQ", kind, tag, 6, value) for kind, tag, value in rows)
    return {"__properties_version1.0": bytes(header) + b"".join(packed)}


SENT = datetime(2025, 2, 3, 9, 12, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)
LETTER = wide(
    x0037="Ferry times – été",
    x0C1A="Zoë Lind",
    x5D01="zoe@skarn.example",
    x0E04="Ola; Kari",
    x0E03="Per",
    x1000="The ferry leaves at nine.\r\n\r\nOla wrote:\r\n> When?\r\n",
) | fixed((0x40, 0x39, SENT // timedelta(microseconds=1) * 10))
HEAD = (
    "From: Zoë Lind <zoe@skarn.example>\nTo: Ola; Kari\nCc: Per\n"
    "Date: 3 February 2025, 09:12 UTC\nSubject: Ferry times – été"
)
BODY = "The ferry leaves at nine.\n\nOla wrote:\n> When?"


def test_a_message_is_its_headers_and_its_text() -> None:
    parsed = read_msg(compound(LETTER))
    assert parsed.text == f"{HEAD}\n\n{BODY}"
    assert parsed.title == "Ferry times – été"
    assert parsed.places == (
        Place(0, "message headers", apart=True),
        Place(len(HEAD) + 2, "message body", apart=True),
    )


def test_the_headers_that_came_with_it_are_shown_before_outlooks_own() -> None:
    came = (
        "Received: x\r\nFrom: Z <z@skarn.example>\r\nDate: Mon, 3 Feb 2025 10:12:00 +0100\r\n\r\n"
    )
    head = read_msg(compound(LETTER | wide(x007D=came))).text.split("\n\n")[0].split("\n")
    assert head[0] == "From: Z <z@skarn.example>"
    assert head[1] == "To: Ola; Kari"
    assert head[3] == "Date: Mon, 3 Feb 2025 10:12:00 +0100 (3 February 2025, 10:12)"


@pytest.mark.parametrize(
    "page",
    [
        {"__substg1.0_10130102": "<p>The ferry<p>leaves été.".encode()},
        {"__substg1.0_10130102": "<p>The ferry<p>leaves été.".encode("cp1250")},
        wide(x1013="<p>The ferry<p>leaves été."),
    ],
)
def test_html_is_read_as_a_page_where_there_is_no_plain_text(page: dict[str, bytes]) -> None:
    letter = LETTER | page | fixed((3, 0x3FDE, 1250))
    del letter["__substg1.0_1000001F"]
    assert read_msg(compound(letter)).text.endswith("\n\nThe ferry\n\nleaves été.")


def test_an_old_message_is_read_in_its_code_page() -> None:
    letter = {
        "__substg1.0_0037001E": "Паром".encode("cp1251"),
        "__substg1.0_1000001E": "В девять.\0".encode("cp1251"),
    }
    known = read_msg(compound(letter | fixed((3, 0x3FFD, 1251))))
    assert known.text == "Subject: Паром\n\nВ девять."
    unknown = read_msg(compound(letter | fixed((3, 0x3FFD, 999_999))))
    assert unknown.title == "Паром".encode("cp1251").decode("cp1252")


def test_attachments_are_named_and_a_long_text_is_whole() -> None:
    letter = LETTER | wide(x1000="The ferry leaves. " * 5_000)
    for n, names in enumerate([wide(x3707="Prices.xlsx", x3704="PRICES~1.XLS"), wide(x3001="Old")]):
        parts = names | fixed(header=8) | {"__substg1.0_37010102": b"unseen" * 2_000}
        letter |= {f"__attach_version1.0_#0000000{n}/{name}": s for name, s in parts.items()}
    text = read_msg(compound(letter)).text
    assert f"{HEAD}\nAttachments: Prices.xlsx, Old\n\n" in text
    assert text.count("The ferry leaves.") == 5_000


reason = partial(damage.reason, read_msg)


def test_text_that_stands_in_rtf_alone_is_said_to() -> None:
    letter = wide(x0037="S") | {"__substg1.0_10090102": b"packed"}
    assert reason(compound(letter)) == "its text is RTF alone; save it as .eml or .txt"


def test_what_is_no_message_gives_its_reason() -> None:
    assert reason(b"") == "no Outlook message"
    assert reason(b"/etc/passwd") == "no Outlook message"
    assert reason(compound({"WordDocument": b"x"})).startswith("no Outlook message: it holds")


def test_tables_that_say_they_are_larger_than_the_file_are_refused() -> None:
    for offset in (44, 64):  # of the table's sectors, of the small table's
        content = bytearray(compound(LETTER))
        struct.pack_into("<L", content, offset, 0x02000000)
        assert reason(bytes(content)).startswith("a damaged Outlook message")


def test_a_sector_larger_than_any_file_is_refused() -> None:
    content = bytearray(compound(LETTER))
    struct.pack_into("<H", content, 32, 0xFFFF)  # of the small sectors, as a power of two
    assert reason(bytes(content)).startswith("a damaged Outlook message")


def test_a_text_whose_sectors_go_in_a_circle_ends() -> None:
    content = bytearray(compound(LETTER | wide(x1000="The ferry leaves. " * 5_000)))
    table = len(content) - SECTOR * struct.unpack_from("<L", content, 44)[0]
    struct.pack_into("<5L", content, table, *[2] * 5)
    assert len(read_msg(bytes(content)).text) <= len(HEAD) + 2 + 5_000 * 18


def test_the_directory_is_bounded() -> None:
    content = bytearray(compound({f"s{n}": b"" for n in range(8)}))
    content += bytes(MAX_ENTRIES * 128)
    n_sectors = len(content) // SECTOR - 1
    n_tables = -(-n_sectors // 128) + 8
    first = n_sectors
    table = [*range(1, n_sectors), END, *[TABLE] * n_tables]
    content += struct.pack(f"<{n_tables * 128}L", *table, *[FREE] * (n_tables * 128 - len(table)))
    struct.pack_into("<L", content, 44, n_tables)
    struct.pack_into(f"<{n_tables}L", content, 76, *range(first, first + n_tables))
    assert reason(bytes(content)) == f"more than {MAX_ENTRIES:,} entries"


WHOLE = compound(LETTER | wide(x1000="The ferry leaves. " * 300))


@given(st.integers(0, len(WHOLE) - SECTOR))
def test_a_message_cut_short_is_damaged(n_bytes: int) -> None:
    assert "Outlook message" in reason(WHOLE[:n_bytes])


@given(altered(WHOLE))
def test_a_message_with_bytes_changed_is_read_or_gives_a_reason(content: bytes) -> None:
    if parsed := read_or_refused(read_msg, content):
        assert parsed.places[0] == Place(0, "message headers", apart=True)


@given(st.binary(max_size=2_000))
def test_any_bytes_behind_the_signature_are_damage(content: bytes) -> None:
    assert "Outlook message" in reason(WHOLE[:8] + content)


def test_passages_of_a_message_keep_headers_and_text_apart(library: Path) -> None:
    (library / "a.msg").write_bytes(compound(LETTER))
    document = load(library / "a.msg", folder=library)
    assert [document.text[slice(*span)] for span in split(document)] == [HEAD, BODY]
    assert document.place(document.text.index("nine")) == "message body"

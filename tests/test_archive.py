"""Tests of index.formats.archive: what is no Office file, or a bomb, is told apart."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from index.errors import UnreadableFile
from index.formats import archive
from index.formats.archive import opened


def packed(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def reason(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught, opened(content, "DOCX"):
        pass
    return str(caught.value)


def test_an_archive_is_given_as_it_is() -> None:
    content = packed({"word/document.xml": b"<a/>"})
    with opened(content, "DOCX") as file:
        assert file.read() == content


def test_a_bomb_is_refused_by_what_it_says_to_unpack_to() -> None:
    bomb = packed({"word/document.xml": bytes(30_000_000)})
    assert reason(bomb).startswith("unpacks to 30 MB, over the limit of 10 MB for its 0.0 MB")


def test_many_parts_are_refused() -> None:
    parts = dict.fromkeys(map(str, range(archive.MAX_PARTS + 1)), b"")
    assert reason(packed(parts)) == "10,001 parts, over the limit of 10,000"


def test_a_large_part_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_XML_BYTES", 1_000_000)
    content = packed({"word/document.xml": b"x" * 2_000_000})
    assert reason(content).startswith("its part word/document.xml has 2 MB, over the limit of 1 MB")


def test_many_tags_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TAGS", 1_000_000)
    content = packed({"a.xml": b"<a/>" * 600_000, "b.bin": b"<a/>" * 600_000})
    assert reason(content) == "more than 1 million XML tags; split it"


def test_entities_are_refused() -> None:
    content = packed({"a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
    assert reason(content) == "its part a.xml declares a document type, as bombs do"


def test_an_encrypted_file_is_said_to_be_one() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    encrypted = ole + "EncryptedPackage".encode("utf-16-le")
    assert reason(encrypted) == "encrypted with a password; save it without one"
    assert reason(ole) == "an old Office file under a new name; save it as DOCX"


def test_an_encrypted_part_is_said_to_be_one() -> None:
    content = bytearray(packed({"a.xml": b"<a/>"}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert reason(bytes(content)) == "encrypted with a password; save it without one"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(17), b"text"])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert reason(content) == "damaged, or no DOCX file (BadZipFile)"


def test_a_part_that_was_altered_is_refused() -> None:
    content = packed({"a.xml": b"<a>some words that pack</a>"})
    at = content.index(b"a.xml") + 15
    altered = content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]
    assert reason(altered).startswith("damaged, or no DOCX file")


def test_what_a_library_raises_becomes_a_reason() -> None:
    content = packed({"a.xml": b"<a/>"})
    damaged = pytest.raises(UnreadableFile, match=r"damaged, or no DOCX file \(KeyError\)")
    with damaged, opened(content, "DOCX"):
        raise KeyError("word/document.xml")

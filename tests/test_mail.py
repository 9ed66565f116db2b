"""Tests of index.formats.mail: what a person sees of a mail."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import load
from index.errors import UnreadableFile
from index.formats.mail import (
    MAX_DEPTH,
    MAX_HEADER_CHARACTERS,
    MAX_HEADERS,
    MAX_LINES,
    MAX_PARTS,
    read_mail,
)
from index.formats.parsed import Place
from index.passage import split

REPLY = """\
The ferry leaves at nine.

On Monday, Ola wrote:
> When does the ferry leave?
"""


def mail(subject: str = "Ferry times – été") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Zoë Lind <zoe@skarn.example>"
    message["To"] = "Ola <ola@vell.example>, kari@vell.example"
    message["Date"] = "Mon, 3 Feb 2025 10:12:00 +0100"
    message["Subject"] = subject
    message["X-Mailer"] = "unseen"
    return message


HEAD = (
    "From: Zoë Lind <zoe@skarn.example>\n"
    "To: Ola <ola@vell.example>, kari@vell.example\n"
    "Date: Mon, 03 Feb 2025 10:12:00 +0100 (3 February 2025, 10:12)\n"
    "Subject: Ferry times – été"
)


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_mail_is_its_headers_and_its_message_with_what_it_quotes(
    transfer: str, charset: str
) -> None:
    message = mail()
    body = REPLY + "\nÀ bientôt\n"
    message.set_content(body, cte=transfer, charset=charset)
    parsed = read_mail(message.as_bytes())
    assert parsed.text == f"{HEAD}\n\n{body.strip()}"
    assert parsed.title == "Ferry times – été"
    assert parsed.places == (
        Place(0, "message headers", apart=True),
        Place(len(HEAD) + 2, "message body", apart=True),
    )


def test_plain_text_is_read_before_html_and_attachments_are_named() -> None:
    message = mail()
    message.set_content(REPLY)
    message.add_alternative("<p>The <b>ferry</b> leaves at nine.</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Fähre.pdf")
    message.add_attachment("a list", filename="prices  2025.txt")
    forwarded = mail("Old times")
    forwarded.set_content("unseen")
    message.add_attachment(forwarded)
    head = f"{HEAD}\nAttachments: Fähre.pdf, prices 2025.txt, Old times"
    assert read_mail(message.as_bytes()).text == f"{head}\n\n{REPLY.strip()}"


@pytest.mark.parametrize("plain", [None, " \n"])
def test_html_is_read_as_a_page_where_no_plain_text_says_something(plain: str | None) -> None:
    message = mail()
    page = "<style>p {}</style><p>The <b>f\xe9rry</b> leaves.</p><p>At nine."
    if plain:
        message.set_content(plain)
        message.add_alternative(page, subtype="html", charset="latin-1")
    else:
        message.set_content(page, subtype="html", charset="latin-1")
    assert read_mail(message.as_bytes()).text == f"{HEAD}\n\nThe férry leaves.\n\nAt nine."


def test_texts_around_a_picture_are_all_read() -> None:
    content = (
        b"Subject: Two\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbefore\n--b\n"
        b"Content-Type: image/png; name=a.png\nContent-ID: <x>\n\nAAAA\n--b\n\nafter\n--b--\n"
    )
    assert read_mail(content).text == "Subject: Two\n\nbefore\n\nafter"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (b"Subject: =?utf-8?q?caf=C3=A9?=\n =?utf-8?q?s?=", "Subject: cafés"),
        ("Subject: café".encode(), "Subject: café"),
        (b"Subject: caf\xe9", "Subject: caf\ufffd"),
        (b"Subject: =?nonsense?q?caf=E9?=", "Subject: caf\ufffd"),
        (b"Date: yesterday", "Date: yesterday"),
        (b"Date: Mon, 3 Feb 2025 10:12 -0000", "Date: Mon, 3 Feb 2025 10:12 -0000 (3 February"),
        (b"From: " + b"(" * 5_000, "From: " + "(" * 5_000),
        (b"To: " + b'"a' * 3_000, "To: "),
        (b"Subject: " + b"x" * 10_000_000, "Subject: " + "x" * MAX_HEADER_CHARACTERS),
    ],
)
def test_a_header_is_readable_whatever_is_wrong_with_it(header: bytes, line: str) -> None:
    text = read_mail(header + b"\nContent-Type: text/plain\n\nwords").text
    assert text.startswith(line)
    assert text.endswith("\n\nwords")
    assert text.count("\n") == 2


@pytest.mark.parametrize("label", ["unicode_escape", "utf-7", "undefined", "x\u0000", "us-ascii"])
def test_a_charset_that_is_none_of_mails_is_not_obeyed(label: str) -> None:
    head = f"Subject: S\nContent-Type: text/plain; charset={label}\n\n".encode()
    assert read_mail(head + b"\\u0041 +AGE- caf\xe9 na").text.endswith("\\u0041 +AGE- café na")


def test_japanese_in_seven_bits_is_read() -> None:
    head = b"Subject: S\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    assert read_mail(head + "東京".encode("iso-2022-jp")).text.endswith("\n\n東京")


def nested(n: int) -> bytes:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(n)
    )
    return b"Subject: S\n" + parts + b"\ndeep"


def test_limits_are_said() -> None:
    crowd = b"Subject: S\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * MAX_PARTS
    for content, why in [
        (nested(MAX_DEPTH + 1), f"parts nested more than {MAX_DEPTH} deep"),
        (nested(3_000), f"parts nested more than {MAX_DEPTH} deep"),
        (crowd, f"more than {MAX_PARTS:,} parts"),
        (b"Subject: S\n" + b"A: b\n" * MAX_HEADERS, f"more than {MAX_HEADERS:,} headers"),
        (b"Subject: S\n\n" + b"\n" * 2 * MAX_LINES, f"more than {MAX_LINES:,} lines"),
        (b"X-Only: this\n\nwords", "no e-mail: it names neither sender, date nor subject"),
        (b"", "no e-mail: it names neither sender, date nor subject"),
    ]:
        with pytest.raises(UnreadableFile) as caught:
            read_mail(content)
        assert str(caught.value) == why
    assert read_mail(nested(MAX_DEPTH)).text == "Subject: S\n\ndeep"


def test_a_mail_without_text_is_its_headers() -> None:
    assert read_mail(b"Subject: Off\n\n \n")[0::3] == (
        "Subject: Off",
        (Place(0, "message headers", apart=True),),
    )


LINES = ["Subject: S", "From: a", "Content-Type: multipart/alternative; boundary=b", "--b", "--b--"]
LINES += [
    "Content-Type: text/html",
    "Content-Type: message/rfc822",
    "",
    "<p>x",
    "é",
    " folded",
    ":",
]
LINES += ["Content-Type: text/plain; charset=", "Content-Transfer-Encoding: base64", "====", "QUJD"]
LINES += ["Content-Disposition: attachment; filename*=x''%ff; filename*0=a", "Date: 0 0 0 0:0:99"]


@given(st.lists(st.sampled_from(LINES)).map("\n".join), st.integers(0, 500))
def test_any_mail_is_read_or_gives_a_reason(text: str, n_bytes: int) -> None:
    try:
        parsed = read_mail(b"Subject: S\n" + text.encode()[:n_bytes])
    except UnreadableFile:
        return
    assert parsed.places[0] == Place(0, "message headers", apart=True)
    assert all(parsed.text[place.start].strip() for place in parsed.places)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail_or_a_reason(content: bytes) -> None:
    try:
        parsed = read_mail(content)
    except UnreadableFile:
        return
    assert parsed.text.strip()


def test_passages_of_a_mail_keep_headers_and_message_apart(library: Path) -> None:
    message = mail()
    message.set_content(REPLY)
    (library / "a.eml").write_bytes(message.as_bytes())
    document = load(library / "a.eml", folder=library)
    headers, body = split(document)
    assert document.text[slice(*headers)] == HEAD
    assert document.text[slice(*body)] == REPLY.strip()
    assert document.place(body.start) == "message body"
    assert document.heading(body.start) == "Ferry times – été"

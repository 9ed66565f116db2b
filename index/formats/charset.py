"""Charsets that pages and mails declare, and the codec that each is read with."""

_WESTERN = ("ascii", "us-ascii", "latin1", "iso-8859-1", "iso8859-1", "windows-1252", "cp1252")
_LEGACY = dict.fromkeys(_WESTERN, "cp1252") | {
    **{f"windows-{page}": f"cp{page}" for page in (1250, 1251, *range(1253, 1259))},
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (*range(2, 9), 10, 13, 14, 15, 16)},
    **{label: label for label in ("koi8-r", "koi8-u", "shift_jis", "euc-jp", "big5", "euc-kr")},
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    "iso-8859-9": "cp1254",
    "macintosh": "mac_roman",
}


def codec(label: str) -> str | None:
    """Name of Python's codec for a charset older than Unicode; None for any other label.

    Source: WHATWG, Encoding standard, section 4.2, for what a label stands for: ASCII and Latin-1
        are windows-1252.
    """
    return _LEGACY.get(label.lower())

"""What the page of `quoth chat` may change."""

import pytest

from ui.chat import may_write
from ui.cli import parser


@pytest.mark.parametrize(
    ("options", "variable"),
    [([], ""), (["--documents", "notes", "--writable"], ""), (["--writable"], "notes")],
)
def test_the_folder_that_ships_is_writable_and_others_when_it_is_said(
    options: list[str], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_DOCUMENTS", variable)
    assert may_write(parser().parse_args(["chat", *options]))


@pytest.mark.parametrize(("options", "variable"), [(["--documents", "notes"], ""), ([], "notes")])
def test_a_folder_that_is_named_is_read_only(
    options: list[str], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTH_DOCUMENTS", variable)
    assert not may_write(parser().parse_args(["chat", *options]))

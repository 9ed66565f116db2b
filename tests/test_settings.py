"""Tests of ui.settings: what a visitor has set, whatever a browser sends."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue import Entry
from qa.confidence import Confidence, Cost
from ui.settings import TOP, Settings, choices, cost_html, folders, formats, limits_html

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRICED = Confidence(
    {}, 0.0, threshold=0.8, target_error=0.1, reader="r", fitted_on="<100 questions>",
    costs=(Cost(0.5, 0.2, 0.1), Cost(0.9, 0.04, 0.22)),
)  # fmt: skip
NAMES = st.text(
    st.characters(exclude_characters="/\n\r\x00", exclude_categories=["Cs"]), min_size=1
)

KEPT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda each: (
        st.lists(each)
        | st.dictionaries(st.sampled_from(["sure", "folders", "formats", "judging"]), each)
    ),
)


def entry(path: str) -> Entry:
    return Entry(path, path, 10, 1, False, path.rsplit(".", 1)[-1], 10, NOW, NOW)  # noqa: FBT003


ENTRIES = [entry(path) for path in ("a.txt", "reports/b.pdf", "reports/2025/c.pdf", "notes/d.md")]


def chosen(settings: Settings, paths: list[str]) -> list[str]:
    rows = [(n, path, path.rsplit(".", 1)[-1], 0) for n, path in enumerate(paths)]
    return [paths[n] for n in settings.scope.chosen(rows)]


def test_folders_and_formats_are_those_of_the_documents() -> None:
    every = {TOP: 1, "notes/": 1, "reports/": 2, "reports/2025/": 1}
    assert folders(ENTRIES) == every
    assert folders([*ENTRIES, entry("two\nlines/e.txt")]) == every
    assert formats(ENTRIES) == {"pdf": 2, "txt": 1, "md": 1}


def test_what_was_chosen_and_is_gone_can_still_be_taken_back() -> None:
    assert choices({"pdf": 2}, ["md"], name=str.upper) == [("PDF (2)", "pdf"), ("MD (0)", "md")]


@pytest.mark.parametrize(
    ("inside", "searched"),
    [
        (("reports/",), ["reports/b.pdf", "reports/2025/c.pdf"]),
        (("reports/2025/",), ["reports/2025/c.pdf"]),
        ((TOP,), ["a.txt"]),
        ((TOP, "notes/"), ["a.txt", "notes/d.md"]),
        ((), ["a.txt", "reports/b.pdf", "reports/2025/c.pdf", "notes/d.md"]),
    ],
)
def test_chosen_folders_are_searched_with_all_below(
    inside: tuple[str, ...], searched: list[str]
) -> None:
    settings = Settings.from_dict({"folders": list(inside)})
    assert chosen(settings, [each.document_id for each in ENTRIES]) == searched


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(), None),
        (Settings(folders=("notes/", "reports/")), "in notes/, reports/"),
        (Settings(folders=(TOP,), formats=("pdf",)), "in no folder, of format pdf"),
        (Settings(folders=(TOP, "notes/")), "in no folder or in notes/"),
        (Settings(formats=("md", "pdf")), "of format md, pdf"),
    ],
)
def test_settings_say_which_documents_are_searched(settings: Settings, said: str | None) -> None:
    assert settings.searched == said
    assert (said is None) == (not settings.scope)


@given(NAMES)
def test_any_folder_name_is_searched_as_itself(name: str) -> None:
    paths = [f"{name}/a.txt", f"x{name}y/a.txt", "elsewhere/b.txt"]
    expected = [path for path in paths if path.startswith(f"{name}/")]
    if name.strip() and name not in {".", ".."}:
        assert chosen(Settings(folders=(f"{name}/",)), paths) == expected


@given(KEPT)
def test_whatever_a_browser_kept_makes_settings(values: object) -> None:
    settings = Settings.from_dict(values)
    assert settings.threshold is None or 0 <= settings.threshold < 1
    assert Settings.from_dict(settings.to_dict()) == settings


def test_a_setting_says_what_it_costs() -> None:
    said = cost_html(Settings(sure=90), PRICED)
    assert "about 4 in 100 answers were wrong and 22 in 100 questions" in said
    assert "<100" not in said
    assert "8 in 100 answers" in cost_html(Settings(), PRICED)
    assert cost_html(Settings(sure=95), PRICED) == ""


def test_only_what_is_not_the_default_is_said() -> None:
    assert limits_html(Settings(judging=False)) == ""
    said = limits_html(Settings(sure=95, folders=("reports/",), formats=("pdf",)))
    assert "Searching only reports&#47;&#44; PDF&#59; answering only when 95&#37; sure" in said
    assert "Always answering" in limits_html(Settings(sure=0))
    assert "<b>" not in limits_html(Settings(folders=("<b>/",)))

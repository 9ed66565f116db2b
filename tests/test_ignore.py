"""Tests of index.ignore: what a `.quothignore` names is passed over, as git would."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import WordEncoder
from hypothesis import given
from hypothesis import strategies as st

from index.mirror import Skipped, scan
from index.search import Index


def lay_out(folder: Path, files: list[str], rules: dict[str, str]) -> None:
    """Write files, and a `.quothignore` in each folder that rules are given for."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    for where, lines in rules.items():
        (folder / where).mkdir(parents=True, exist_ok=True)
        (folder / where / ".quothignore").write_bytes(lines.encode())


def found(folder: Path) -> list[str]:
    return list(scan(folder, leave_out=folder / "index").files)


def faults(folder: Path) -> list[Skipped]:
    return list(scan(folder, leave_out=folder / "index").skipped)


FILES = ["a.txt", "b.md", "drafts/a.txt", "north/a.txt", "north/b.md", "north/drafts/c.txt"]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ({"": ""}, FILES),
        ({"": "# *.txt\n\n   \n"}, FILES),
        ({"": "a.txt"}, ["b.md", "north/b.md", "north/drafts/c.txt"]),
        ({"": "/a.txt"}, FILES[1:]),
        ({"": "\ufeff/a.txt\r\n"}, FILES[1:]),
        ({"": "drafts/"}, ["a.txt", "b.md", "north/a.txt", "north/b.md"]),
        ({"": "b.md/"}, FILES),
        ({"": "[[:alpha:]].txt"}, ["b.md", "north/b.md"]),
        ({"": "[![:lower:]].txt\n[[]*"}, FILES),
        ({"": "****\n!b.md"}, ["b.md"]),
        ({"": "*\n!b.md"}, ["b.md"]),
        ({"": "*\n!*/\n!b.md"}, ["b.md", "north/b.md"]),
        ({"": "north\n!north/b.md"}, ["a.txt", "b.md", "drafts/a.txt"]),
        ({"": "north/**\n!north/b.md"}, ["a.txt", "b.md", "drafts/a.txt", "north/b.md"]),
        ({"": "*.txt", "north": "!a.txt"}, ["b.md", "north/a.txt", "north/b.md"]),
        ({"north": "/a.txt"}, [each for each in FILES if each != "north/a.txt"]),
        ({"north": "*"}, ["a.txt", "b.md", "drafts/a.txt"]),
    ],
)
def test_what_is_named_is_passed_over(
    library: Path, rules: dict[str, str], left: list[str]
) -> None:
    lay_out(library, FILES, rules)
    assert found(library) == left
    assert faults(library) == []


def test_a_hidden_file_stays_hidden(library: Path) -> None:
    lay_out(library, ["a.txt", ".b.txt"], {"": "!.b.txt\n!*"})
    assert found(library) == ["a.txt"]


def test_what_is_passed_over_is_not_reported(library: Path, as_nobody: Callable[[], None]) -> None:
    lay_out(library, ["a.txt", "b.xyz", "closed/c.txt"], {"": "*.xyz\nclosed\npipe"})
    os.mkfifo(library / "pipe")
    library.chmod(0o755)
    (library / "closed").chmod(0)
    as_nobody()
    assert found(library) == ["a.txt"]
    assert faults(library) == []


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (b"[a\nb.md", "line 1 is passed over: '[a' is no pattern"),
        (b"b.md\n!\n[\n//\n!/", "line 2 is passed over: '!' is no pattern (and 3 more)"),
        (b"b.md\n[[:letter:]]", "line 2 is passed over: '[[:letter:]]' is no pattern"),
        (b"b.md\n[[:alpha:]", "line 2 is passed over: '[[:alpha:]' is no pattern"),
        (b"b.md\ncaf\xe9", "line 2 is passed over: it is not UTF-8"),
        (b"b.md\n\0", "line 2 is passed over: '\\x00' is no pattern"),
        (b"b.md\n*a*a*a*", "line 2 is passed over: '*a*a*a*' has too many stars"),
        (b"b.md\n**/**/**/c", "line 2 is passed over: '**/**/**/c' has too many stars"),
    ],
)
def test_a_line_that_is_no_pattern_is_reported_and_the_rest_holds(
    library: Path, lines: bytes, fault: str
) -> None:
    lay_out(library, FILES, {"north": ""})
    (library / "north" / ".quothignore").write_bytes(lines)
    assert faults(library) == [Skipped("north/.quothignore", fault)]
    assert found(library) == [each for each in FILES if each != "north/b.md"]


def test_a_file_of_rules_that_cannot_be_one_is_reported(
    library: Path, as_nobody: Callable[[], None]
) -> None:
    lay_out(library, [f"{name}/a.txt" for name in "abcd"], {"a": "*" * 100_001, "d": "a.txt"})
    os.mkfifo(library / "b" / ".quothignore")
    (library / "c" / ".quothignore").symlink_to("../d/.quothignore")
    library.chmod(0o755)
    (library / "d" / ".quothignore").chmod(0)
    as_nobody()
    assert faults(library) == [
        Skipped("a/.quothignore", "more than 100,000 bytes of patterns"),
        Skipped("b/.quothignore", "not a regular file"),
        Skipped("c/.quothignore", "not a regular file"),
        Skipped("d/.quothignore", "cannot be read (Permission denied)"),
    ]
    assert found(library) == [f"{name}/a.txt" for name in "abcd"]


def test_a_document_that_is_passed_over_from_now_on_is_removed(
    library: Path, tmp_path: Path, encoder: WordEncoder
) -> None:
    lay_out(library, FILES, {})
    with Index.create(tmp_path / "index", documents=library, encoder=encoder) as index:
        index.sync()
        lay_out(library, [], {"": "north/"})
        assert str(index.sync()) == "3 removed, 3 unchanged"
        (library / ".quothignore").unlink()
        assert str(index.sync()) == "3 added, 3 unchanged"


NAMES = st.sampled_from(["a", "b", "ab", "a b", "[a]", "a.txt"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda names: "/".join([*names, "x.txt"]))
SETS = st.sampled_from(["[ab]", "[!a]", "[[:alpha:]]", "[^[:punct:]x]", "[[a]", "[]a]", "[\\]a-c]"])
MARKS = st.sampled_from(["*", "**", "?", "/", "/"]) | SETS
PIECES = MARKS | st.sampled_from(["a", "b", "ab", "x", ".txt", "\\a", "\\*", " ", "#", "!"])
LINES = st.lists(st.lists(PIECES, min_size=1, max_size=5).map("".join), max_size=4).map("\n".join)


@given(
    files=st.lists(PATHS, min_size=1, max_size=6),
    rules=st.dictionaries(st.sampled_from(["", "a", "a/b", "ab"]), LINES, min_size=1),
)
def test_what_is_left_is_what_git_leaves(files: list[str], rules: dict[str, str]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "library"
        lay_out(folder, files, rules)
        git = ["git", f"--git-dir={place}/git", f"--work-tree={folder}"]
        subprocess.run([*git, "init", "--quiet"], check=True)
        listed = subprocess.run(
            [*git, "ls-files", "--others", "-z", "--exclude-per-directory=.quothignore"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        left = {name for name in listed.stdout.decode().split("\0") if name.endswith("x.txt")}
        assert set(found(folder)) == left

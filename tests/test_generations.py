"""Tests of index.generations: the files of the words' view are whole, or they do not serve."""

import json
import random
import shutil
from pathlib import Path

from test_lexical import built, view

from index.lexical import Lexical
from index.passage import Words
from index.untouched import known_whole

__all__ = ["view"]  # a fixture


def test_files_of_an_opened_view_are_known_to_be_whole(view: Lexical, tmp_path: Path) -> None:
    known = tmp_path / "lexical" / "checked.json"
    state = json.loads((tmp_path / "lexical" / "state.json").read_text(encoding="utf-8"))
    while not known_whole(known):  # until the clock has ticked
        Lexical(tmp_path)
    assert known_whole(known).keys() == state["checksums"].keys()
    assert Lexical(tmp_path).search("mill", k=9) == view.search("mill", k=9)


def test_files_of_another_layout_are_not_seen(view: Lexical, tmp_path: Path) -> None:
    path = tmp_path / "lexical" / "state.json"
    state = json.loads(path.read_text(encoding="utf-8"))
    for older in (state | {"layout": 1}, {k: v for k, v in state.items() if k != "layout"}):
        path.write_text(json.dumps(older), encoding="utf-8")
        again = Lexical(tmp_path)
        assert (again.sequence, len(again)) == (0, 0)
    again.rebuild([Words(1, 1, "", "mill")], sequence=9)
    assert len(Lexical(tmp_path)) == 1


def test_only_one_generation_stays_on_disk(view: Lexical, tmp_path: Path) -> None:
    for sequence in range(2, 5):
        view.rebuild([Words(1, 1, "", "mill")], sequence=sequence)
    assert len([path for path in (tmp_path / "lexical").iterdir() if path.is_dir()]) == 1


def test_words_written_without_being_acknowledged_ask_for_a_rebuild(
    view: Lexical, tmp_path: Path
) -> None:
    state = (tmp_path / "lexical" / "state.json").read_bytes()
    view.update(added=[Words(4, 1, "", "zebra")], removed=[], sequence=2)
    (tmp_path / "lexical" / "state.json").write_bytes(state)
    assert Lexical(tmp_path).wants_rebuild(0)


def test_files_that_are_deleted_under_an_open_view_ask_for_a_rebuild(
    view: Lexical, tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "lexical")
    assert view.wants_rebuild(0)
    view.rebuild([Words(1, 1, "", "mill")], sequence=2)
    assert len(Lexical(tmp_path)) == 1


def test_a_damaged_view_is_seen_as_empty(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    view = built(whole, {each: f"the mill {each}" for each in range(1, 40)})
    view.update(added=[Words(50, 1, "", "the mill")], removed=[3], sequence=2)
    expected = view.search("mill", k=99)
    rng = random.Random(5)
    names = sorted(
        path.relative_to(whole) for path in whole.rglob("*") if path.is_file() and path.suffix
    )
    for name in names:
        for damage in ("flipped", "short", "gone"):
            folder = tmp_path / f"{name.name}.{damage}"
            shutil.copytree(whole, folder)
            content = bytearray((folder / name).read_bytes())
            if content:
                content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
            if damage == "gone":
                (folder / name).unlink()
            elif damage == "short":
                (folder / name).write_bytes(content[: len(content) // 2])
            else:
                (folder / name).write_bytes(content)
            hurt = Lexical(folder)
            found = hurt.search("mill", k=99)
            assert found == expected or (found == [] and hurt.sequence == 0), (name, damage)

"""Tests of faults: full disks, folders that may not be written, damaged views, many at once."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from conftest import WordEncoder

from benchmarks.kills import faults, held, readable
from benchmarks.nursery import HashEncoder
from index.errors import FolderUnusable
from index.search import Index
from qa.answer import Citation
from qa.assistant import Assistant

ROOT = Path(__file__).resolve().parent.parent
WORDS = ["mill", "ferry", "river", "stone", "bread", "wheel", "barley", "flood", "café", "1742"]
ASKING_SECONDS = 60 if os.environ.get("CI") else 5
N_READERS = 8


def fill(library: Path, names: str, *, seed: int) -> None:
    """Write documents of some passages each."""
    rng = random.Random(seed)
    for name in names:
        paragraphs = [" ".join(rng.choices(WORDS, k=70)) + "." for _ in range(6)]
        (library / f"{name}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")


# Syncs copies of an index, each in a process that has so little room, and keeps what is left.
CRAMPED = """
import json, os, resource, shutil, subprocess, sys, traceback
from pathlib import Path
from benchmarks.nursery import HashEncoder
from index.errors import AppError
from index.search import Index

how, place, *sizes = sys.argv[1:]
place = Path(place)
for size in map(int, sizes):
    read, tell = os.pipe()
    if os.fork() == 0:
        folder = place / f"index-{size}"
        folder.mkdir()
        if how == "disk":
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True
            )
        shutil.copytree(place / "index", folder, dirs_exist_ok=True)
        if how == "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        said, n_found = "synced", 0
        try:
            with Index.open(folder, encoder=HashEncoder()) as index:
                try:
                    index.sync()
                except AppError as error:
                    said = str(error)
                n_found = len(index.search("mill wheel", k=3))
            if how == "limit":
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            shutil.copytree(folder, place / f"left-{size}")
            os.write(tell, json.dumps([size, said, n_found]).encode() + b"\\n")
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(tell)
    os.wait()
    sys.stdout.write(os.fdopen(read).read())
    sys.stdout.flush()
"""


def cramped(how: str, place: Path, sizes: list[int]) -> list[tuple[int, str, int]]:
    """For each size what a sync said, and how many passages were found after it."""
    command = [sys.executable, "-c", CRAMPED, how, str(place), *map(str, sizes)]
    if how == "disk":
        command = ["unshare", "--map-root-user", "--mount", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def disks_can_be_made() -> bool:
    """Whether this system lets the tests mount a small disk of their own."""
    command = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def room(folder: Path) -> int:
    """Bytes that an index needs to be opened: its files in whole pages, and SQLite's two."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(-(-size // 4096) * 4096 for size in sizes) + 65_536


@pytest.mark.parametrize("how", ["limit", "disk"])
def test_without_room_a_sync_says_so_and_loses_nothing(in_memory: Path, how: str) -> None:
    library = in_memory / "library"
    library.mkdir()
    fill(library, "abc", seed=1)
    with Index.create(in_memory / "index", documents=library, encoder=HashEncoder()) as index:
        index.sync()
    before = readable(library)
    fill(library, "bcdefghijklmn", seed=2)
    after = readable(library)
    if how == "disk" and disks_can_be_made():
        least = room(in_memory / "index")
        sizes = [least + n * 32_768 for n in range(16)]
    else:
        how, sizes = "limit", list(range(40_000, 400_000, 25_000))
    outcomes = cramped(how, in_memory, sizes)
    assert [size for size, *_ in outcomes] == sizes
    assert len({said for _, said, _ in outcomes}) > 1
    assert outcomes[-1][1] == "synced"
    for size, said, n_found in outcomes:
        assert said == "synced" or ("cannot be written" in said and "ake room" in said)
        assert n_found == 3
        left = in_memory / f"left-{size}"
        assert list(faults(left)) == []
        assert held(left) == after or (said != "synced" and held(left) == before)
        with Index.open(left, encoder=HashEncoder()) as index:
            index.sync()
        assert held(left) == after
        assert list(faults(left)) == []


def test_an_index_that_may_not_be_written_says_so(
    in_memory: Path, as_nobody: Callable[[], None]
) -> None:
    library = in_memory / "library"
    library.mkdir()
    fill(library, "a", seed=1)
    with Index.create(in_memory / "index", documents=library, encoder=HashEncoder()) as index:
        index.sync()
    before = held(in_memory / "index")
    in_memory.chmod(0o755)
    for path in (in_memory / "index", *(in_memory / "index").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    as_nobody()
    with pytest.raises(FolderUnusable, match=r"cannot be written.*Allow it"):
        Index.open(in_memory / "index", encoder=HashEncoder())
    if os.getuid() == 0:
        os.seteuid(0)
    (in_memory / "index").chmod(0o755)
    assert held(in_memory / "index") == before


def test_a_view_with_any_byte_flipped_is_found_out_and_made_anew(in_memory: Path) -> None:
    library, folder = in_memory / "library", in_memory / "index"
    library.mkdir()
    fill(library, "ab", seed=1)
    encoder = WordEncoder()
    with Index.create(folder, documents=library, encoder=encoder) as index:
        index.sync()
        expected = index.search("mill wheel barley", k=5)
    encoder.encoded.clear()
    rng = random.Random(3)
    # tantivy's own locks hold nothing.
    views = [each for each in (folder / "lexical").rglob("*") if each.is_file()]
    names = [path.relative_to(folder) for path in views if not path.name.startswith(".")]
    for name in [Path("dense.faiss"), *names]:
        size = (folder / name).stat().st_size
        for at in {0, size // 2, size - 1, rng.randrange(size)}:
            damaged = in_memory / "damaged"
            shutil.copytree(folder, damaged)
            content = bytearray((damaged / name).read_bytes())
            content[at] ^= 1 << rng.randrange(8)
            (damaged / name).write_bytes(content)
            with Index.open(damaged, encoder=encoder) as index:
                assert index.search("mill wheel barley", k=5) == expected, (name, at)
            assert list(faults(damaged)) == [], (name, at)
            shutil.rmtree(damaged)
    assert encoder.encoded == []


# A process that goes on writing new versions of six documents and syncing them.
WRITER = """
import itertools, sys
from contextlib import suppress
from pathlib import Path
sys.path.insert(0, "tests")
from conftest import WordEncoder
from index.errors import IndexBusy
from index.search import Index
from test_faults import MILLS, version
library = Path(sys.argv[1])
with Index.open(library.parent / "index", encoder=WordEncoder()) as index:
    for n in itertools.count(1):
        mill = MILLS[n % len(MILLS)]
        (library / f"{mill}.txt").write_text(version(mill, n), encoding="utf-8")
        done = False
        while not done:
            with suppress(IndexBusy):  # a reader that catches up holds the lock for a moment
                index.sync()
                done = True
        print(n, flush=True)
"""
MILLS = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"]


def version(mill: str, n: int) -> str:
    """The n-th text of a mill's document; the number stands at another place in each."""
    return f"{'The river is calm. ' * (n % 7)}The {mill} mill has {n} wheels. It grinds barley."


def test_readers_of_an_index_that_is_written_see_no_error_and_no_torn_answer(
    in_memory: Path,
) -> None:
    library = in_memory / "library"
    library.mkdir()
    for mill in MILLS:
        (library / f"{mill}.txt").write_text(version(mill, 0), encoding="utf-8")
    with Index.create(in_memory / "index", documents=library, encoder=WordEncoder()) as index:
        index.sync()
    until = time.monotonic() + ASKING_SECONDS
    cited: list[Citation] = []
    failures: list[BaseException] = []

    def ask(number: int) -> None:
        rng = random.Random(number)
        try:
            with Index.open(in_memory / "index", encoder=WordEncoder()) as index:
                assistant = Assistant(index)
                while time.monotonic() < until:
                    question = f"How many wheels does the {rng.choice(MILLS)} mill have?"
                    cited.extend(assistant.ask(question).citations)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it is the failure
            failures.append(error)

    readers = [Thread(target=ask, args=(number,)) for number in range(N_READERS)]
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(library)], cwd=ROOT, stdout=subprocess.PIPE
    ) as writer:
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert writer.poll() is None
        writer.kill()
        assert writer.stdout is not None
        n_versions = len(writer.stdout.readlines()) + 2
    assert failures == []
    texts = {
        hashlib.sha256(text.encode()).hexdigest(): text
        for n in range(n_versions)
        for text in (version(mill, n) for mill in MILLS)
    }
    for citation in cited:
        assert texts[citation.digest][citation.start : citation.end] == citation.quote
    assert len({citation.digest for citation in cited}) > N_READERS / 2

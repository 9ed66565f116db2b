"""One job of one side in a process of its own; its last word is its peak memory in bytes.

`python -m benchmarks.job quoth|stock build|ask INDEX SUBJECT`: build the index of SUBJECT (for
Quoth a folder of documents, for stock a JSON list of passages), or ask it the questions of SUBJECT
(a JSON list). It imports one side only.
"""

import json
import resource
import sys
from pathlib import Path


def quoth_build(folder: Path, subject: Path) -> None:
    """Index a folder of documents."""
    from index.search import Index  # noqa: PLC0415 - one side only

    with Index.create(folder, documents=subject) as index:
        index.sync()


def quoth_ask(folder: Path, subject: Path) -> None:
    """Answer the questions of a file."""
    from index.search import Index  # noqa: PLC0415 - one side only
    from qa.assistant import Assistant  # noqa: PLC0415 - one side only

    with Index.open(folder) as index:
        assistant = Assistant(index)
        for question in json.loads(subject.read_text(encoding="utf-8")):
            assistant.ask(question)


def stock_build(folder: Path, subject: Path) -> None:
    """Index the passages of a file and write the index."""
    from benchmarks.stock import Stock, load_encoder  # noqa: PLC0415 - one side only

    passages = json.loads(subject.read_text(encoding="utf-8"))
    Stock.build(passages, load_encoder()).persist(folder)


def stock_ask(folder: Path, subject: Path) -> None:
    """Retrieve for the questions of a file."""
    from benchmarks.stock import Stock, load_encoder  # noqa: PLC0415 - one side only

    stock = Stock.load(folder, load_encoder())
    for question in json.loads(subject.read_text(encoding="utf-8")):
        stock.retrieve(question)


def peak_bytes() -> int:
    """Most memory that this process has held.

    On Linux `ru_maxrss` starts from what the parent held when it forked, so the kernel's own count
    of this program is taken there.
    """
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="utf-8").splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


JOBS = {
    ("quoth", "build"): quoth_build,
    ("quoth", "ask"): quoth_ask,
    ("stock", "build"): stock_build,
    ("stock", "ask"): stock_ask,
}

if __name__ == "__main__":
    JOBS[sys.argv[1], sys.argv[2]](Path(sys.argv[3]), Path(sys.argv[4]))
    print(peak_bytes())

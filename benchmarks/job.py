"""One job of one side in a process of its own; its last word is its peak memory in bytes.

`python -m benchmarks.job product|stock build|ask INDEX SUBJECT`: build the index of SUBJECT (for
Quoth a folder of documents, for stock a JSON list of passages), or ask it the questions of SUBJECT
(a JSON list). Only that side is imported.
"""

import resource
import sys
from importlib import import_module
from pathlib import Path


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


if __name__ == "__main__":
    side = import_module(f"benchmarks.{sys.argv[1]}")
    getattr(side, sys.argv[2])(Path(sys.argv[3]), Path(sys.argv[4]))
    print(peak_bytes())

"""What machine and which versions the figures come from."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "onnxruntime",
    "faiss-cpu",
    "tantivy",
    "llama-index-core",
    "sentence-transformers",
    "torch",
)


def describe() -> dict[str, Any]:
    """Cores, processor, system, load and versions, as JSON values."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "cpu": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1),
        "versions": {"Python": platform.python_version()}
        | {name: found for name in PACKAGES if (found := _version(name))},
    }


def _processor() -> str:
    """The processor's name, as the kernel gives it."""
    listing = Path("/proc/cpuinfo")
    for line in listing.read_text(encoding="utf-8").splitlines() if listing.exists() else ():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.processor() or "an unnamed processor"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None

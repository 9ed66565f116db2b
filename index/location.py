"""Where the documents and their index lie, unless the user says otherwise."""

import os
from collections.abc import Iterable
from pathlib import Path

from index.errors import FolderUnusable
from index.schema import FILE_NAME as CATALOGUE_FILE

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"  # who holds the lock
SHIPPED_DOCUMENTS = Path(__file__).resolve().parent.parent / "seeds"


def documents_folder(folder: str | Path | None = None) -> Path:
    """The documents folder, absolute: as named, else `QUOTH_DOCUMENTS`, else `seeds/`.

    Raises:
        FolderUnusable: It is missing, is no folder, or cannot be read.
    """
    here = Path("seeds")
    fallback = here if here.is_dir() else SHIPPED_DOCUMENTS
    if folder is None:
        folder = os.environ.get("QUOTH_DOCUMENTS") or fallback
    elif not str(folder):
        raise FolderUnusable("The name of the documents folder is empty. Name one.")
    path = Path(folder).absolute()
    if not path.exists():
        raise FolderUnusable(
            f"No folder '{path}'. Name one that exists: --documents, or QUOTH_DOCUMENTS."
        )
    if not path.is_dir():
        raise FolderUnusable(f"'{path}' is a file. Name the folder it lies in.")
    try:
        os.scandir(path).close()
    except OSError as error:
        raise FolderUnusable(
            f"Cannot read '{path}' ({error.strerror}). Allow it, or name another folder."
        ) from error
    return path


def index_folder(documents: Path, folder: str | Path | None = None) -> Path:
    """The index folder, absolute: as named, else `QUOTH_INDEX`, else beside the documents.

    The default is `.quoth/<name of the documents folder>`, so that two folders of one parent
    have an index each.
    """
    if folder is not None and not str(folder):
        raise FolderUnusable("The name of the index folder is empty. Name one.")
    named = folder or os.environ.get("QUOTH_INDEX")
    documents = documents.absolute()
    path = Path(named).absolute() if named else documents.parent / ".quoth" / documents.name
    if path.resolve() == documents.resolve():
        raise FolderUnusable(f"'{path}' holds the documents. Name another folder for the index.")
    return path


def holds_index(names: Iterable[str]) -> bool:
    """Whether a folder of these files is an index: a catalogue, and the lock of who writes it."""
    found = set(names) & {CATALOGUE_FILE, LOCK_FILE, HOLDER_FILE}
    return CATALOGUE_FILE in found and len(found) > 1


def indexes_in(folder: Path) -> list[Path]:
    """The folders directly below one that are indexes, by name; none where it cannot be read."""
    try:
        below = sorted(each for each in folder.iterdir() if each.is_dir())
        return [each for each in below if holds_index(path.name for path in each.iterdir())]
    except OSError:
        return []

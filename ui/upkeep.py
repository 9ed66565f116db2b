"""What `quoth index --check` and `quoth salvage` do; an index that is not sound is trouble."""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from index.audit import Audit, audit
from index.errors import FaultsFound
from index.location import documents_folder, index_folder
from index.progress import Bar
from index.salvage import LIST_NAME, salvage
from ui.commands import say, say_json
from ui.escape import one_line

N_SHOWN = 20


def check(arguments: Namespace) -> bool:
    """Prints what an examination of the index finds.

    Raises:
        FaultsFound: Something is wrong with it.
    """
    with Bar() as bar:
        found = audit(_folder(arguments), progress=bar)
    if arguments.json:
        say_json(found.to_dict())
    else:
        _tell(found)
    if not found.sound:
        raise FaultsFound(f"The index has faults: {len(found.faults)}. {found.remedy}")
    return True


def save(arguments: Namespace) -> bool:
    """Writes what can be read of the index into a folder, and prints what became of it.

    Raises:
        FaultsFound: Not everything could be saved as it had been.
    """
    folder = Path(arguments.to)
    with Bar() as bar:
        found = salvage(_folder(arguments), to=folder, progress=bar)
    if arguments.json:
        say_json(found.to_dict())
    else:
        say(
            f"{len(found.saved)} saved as they were, {len(found.damaged)} saved damaged, "
            f"{len(found.lost)} lost. {one_line(str(folder / LIST_NAME))} says which file is which."
        )
        for what, names in (("damaged", found.damaged), ("lost", found.lost)):
            _list(f"{what} {name}" for name in names)
    if found.damaged or found.lost:
        n = len(found.damaged) + len(found.lost)
        raise FaultsFound(f"Not as they were: {n} of its documents. Take these from a backup.")
    return True


def _folder(arguments: Namespace) -> Path:
    """Folder of the index that was named; its documents may be gone."""
    if arguments.index:
        return Path(arguments.index)
    return index_folder(documents_folder(arguments.documents))


def _tell(found: Audit) -> None:
    if found.sound:
        say(f"Sound: {found.n_documents:,} documents, {found.n_passages:,} passages.")
    _list(f"{fault.where}: {fault.what}" for fault in found.faults)
    for view, n_changes in found.behind.items():
        say(f"{view} is {n_changes:,} changes behind, and catches up at the next question.")
    counts = {"new": found.added, "changed": found.changed, "gone": found.removed}
    since = ", ".join(f"{len(names):,} {what}" for what, names in counts.items() if names)
    if since:
        say(f"In the documents folder since the last sync: {since}. Take them in: quoth index")


def _list(lines: Iterable[str]) -> None:
    """Prints the first of some lines, and how many more there are."""
    every = list(lines)
    for line in every[:N_SHOWN]:
        say(one_line(line))
    if len(every) > N_SHOWN:
        say(f"and {len(every) - N_SHOWN:,} more: --json")

"""The exceptions of the whole program.

    AppError
    ├── UnreadableFile    a document whose content cannot be read, with the reason
    │   ├── UnreachableFile   one that vanished, or may not be opened just now
    │   └── SlowFile          one that took longer to read than a file may
    ├── ParserUnusable    the process that reads documents does not start
    ├── FolderUnusable    a folder that is missing, or cannot be read or written
    ├── IndexMissing      no index where one was looked for
    ├── IndexBusy         another process is writing the index
    ├── StaleIndex        an index of another version or another encoder
    ├── SyncStopped       a sync that its user stopped
    ├── DamagedIndex      an index whose truth cannot be read
    │   └── FaultsFound       one whose faults have been reported, each
    └── ModelMissing      a model folder that is missing, incomplete or altered

A wrong argument is a ValueError. Every message says what happened, with the value, and what
to do about it.
"""


class AppError(Exception):
    """Anything that the user can put right; its text is one line fit to be shown."""


class UnreadableFile(AppError):
    """A document that cannot be read; the text is the reason alone, without the file's name."""


class UnreachableFile(UnreadableFile):
    """A document that cannot be opened just now; what was indexed of it still holds."""


class SlowFile(UnreadableFile):
    """A document that took longer to read than it may; on a machine at rest it might not."""


class ParserUnusable(AppError):
    """The process that reads documents does not start."""


class FolderUnusable(AppError):
    """A folder that is missing, is no folder, or cannot be read or written."""


class IndexMissing(AppError):
    """No index stands in the folder that was named."""


class IndexBusy(AppError):
    """Another process is writing the index."""


class StaleIndex(AppError):
    """The index was built by another version or with another encoder."""


class SyncStopped(AppError):
    """A sync was stopped by its user; the index is as it was before."""


class DamagedIndex(AppError):
    """The catalogue, the one part that cannot be rebuilt from another, cannot be read."""


class FaultsFound(DamagedIndex):
    """An index is not sound; what is wrong with it has been reported already."""


class ModelMissing(AppError):
    """A model folder is missing, incomplete, or differs from its digest."""

"""What of a folder is passed over: `.quothignore`, in the language of `.gitignore`."""

import re
import stat
from dataclasses import dataclass
from os import DirEntry
from pathlib import Path

from index.pattern import Pattern, pattern

FILE_NAME = ".quothignore"
MAX_BYTES = 100_000
# The time to hold a name against a pattern grows with its length to the power of these.
MAX_STARS = 3  # in one name
MAX_DOUBLE_STARS = 2

_STARS = re.compile(r"\*+")
_MORE_STARS = re.compile(r"\*{3,}")  # are two, to git
_BELOW = "ps_d"  # how pathspec calls the slash after which a pattern's own name has ended


@dataclass(frozen=True, slots=True)
class Rules:
    """What is passed over in one folder, by its own file and those of the folders above.

    Attributes:
        levels: Id of each folder that has a file, and the patterns in it, outermost first.
    """

    levels: tuple[tuple[str, tuple[Pattern, ...]], ...] = ()

    def ignore(self, document_id: str) -> bool:
        """Whether a file, or a folder whose id ends with a slash, is passed over.

        The last pattern that names it decides, and a deeper file's before an outer one's. The
        folders above it are not looked at: they are not passed over, or nobody would ask.
        """
        for folder, patterns in reversed(self.levels):
            name = document_id.removeprefix(folder)
            for each in reversed(patterns):
                if _names(each.regex, name):
                    return each.includes
        return False

    def within(self, file: DirEntry[str], folder: str) -> tuple["Rules", str | None]:
        """The rules in a folder that has a file of its own, and what is wrong with the file.

        Args:
            file: The folder's `.quothignore`.
            folder: The folder's id, with a slash at its end; empty for the outermost.
        """
        try:
            status = file.stat(follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode):
                return self, "not a regular file"
            if status.st_size > MAX_BYTES:
                return self, f"more than {MAX_BYTES:,} bytes of patterns"
            content = Path(file.path).read_bytes()
        except OSError as error:
            return self, f"cannot be read ({error.strerror})"
        patterns, faults = [], []
        for n, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
            try:
                if read := _read(line):
                    patterns.append(read)
            except ValueError as error:
                faults.append(f"line {n} is passed over: {error}")
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        rules = Rules((*self.levels, (folder, tuple(patterns))))
        return rules, faults[0] + more if faults else None


def _read(line: bytes) -> Pattern | None:
    """What a line says; None when it is empty or a comment.

    Raises:
        ValueError: It is no pattern; the message says why.
    """
    try:
        text = _MORE_STARS.sub("**", line.decode().removesuffix("\r"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    if not text.strip() or text.startswith("#"):
        return None
    names = text.split("/")
    n_stars = max(len(_STARS.findall(name)) for name in names)
    if n_stars > MAX_STARS or names.count("**") > MAX_DOUBLE_STARS:
        raise ValueError(f"{text[:40]!a} has too many stars")
    return pattern(text)


def _names(regex: re.Pattern[str], name: str) -> bool:
    """Whether a pattern means a file or folder itself, and not a folder above it."""
    last = len(name) - 1
    marked = _BELOW in regex.groupindex
    if any(not marked or match[_BELOW] is None for match in regex.finditer(name.rstrip("/"))):
        return True
    return marked and any(match.start(_BELOW) == last for match in regex.finditer(name))

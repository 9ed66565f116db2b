"""Tests of index.errors: the tree that is drawn is the tree that is."""

import inspect
import re

from index import errors


def test_the_tree_at_the_top_is_the_tree() -> None:
    drawn: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"^((?:    |│|├── |└── |\s)*)([A-Z]\w+)(?:\s{2,}|$)", line):
            depth = len(match[1])
            parents = [name for at, name in above.items() if at < depth]
            drawn[match[2]] = parents[-1] if parents else "Exception"
            above = {at: name for at, name in above.items() if at < depth} | {depth: match[2]}
    classes = dict(inspect.getmembers(errors, inspect.isclass))
    assert drawn == {name: each.__base__.__name__ for name, each in classes.items()}
    assert len(drawn) > 5


def test_every_exception_says_what_it_is() -> None:
    for name, each in inspect.getmembers(errors, inspect.isclass):
        assert issubclass(each, errors.AppError), name
        assert (each.__doc__ or "").endswith("."), name

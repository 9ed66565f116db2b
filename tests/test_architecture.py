"""The house: who may import whom, and what is never loaded for a question."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ABOVE = {"index": {"qa", "ui"}, "qa": {"ui"}, "ui": set[str]()}
NEVER = {"tests", "training", "benchmarks"}
DOORS = {
    "faiss": {"index/dense.py", "index/inverted.py"},
    "tantivy": {"index/held.py", "index/lexical.py"},
    "onnxruntime": {"index/onnx.py"},
    "tokenizers": {"index/onnx.py"},
    "sqlite3": {"index/schema.py", "index/holdings.py", "index/salvage.py"},
    "selectolax": {f"index/formats/{name}.py" for name in ("grids", "html", "nodes", "visible")},
    "pypdfium2": {"index/formats/pdf.py", "index/formats/printed.py"},
    "docx": {"index/formats/word.py"},
    "pptx": {"index/formats/slides.py"},
    "openpyxl": {"index/formats/sheets.py"},
    "defusedxml": {"index/formats/epub.py"},
    "olefile": {"index/formats/msg.py"},
    "sentencex": {"index/passage.py"},
    "filelock": {"index/writer.py"},
    "pathspec": {"index/pattern.py"},
    "watchfiles": {"index/watch.py"},
    "rich": {"index/progress.py", "ui/cli.py"},
    "sentence_transformers": {"index/torch_encoder.py"},
    "huggingface_hub": {"index/torch_encoder.py"},
    "torch": set[str](),
    "transformers": set[str](),
    "llama_index": {"qa/llamaindex.py"},
    "gradio": {path.relative_to(ROOT).as_posix() for path in (ROOT / "ui/page").glob("*.py")},
    "matplotlib": {"ui/plots.py"},
}
SERVING = {"fastapi", "mcp", "pydantic", "starlette", "uvicorn"}
LATE = ["email.policy", "zipfile", "defusedxml", "olefile", "index.formats.code"]
HEAVY = [
    "torch",
    "transformers",
    "sentence_transformers",
    "llama_index",
    "gradio",
    "pandas",
    "matplotlib",
    "pypdfium2",
    "docx",
    "pptx",
    "openpyxl",
    "lxml",
]
FILES = sorted(path for house in ABOVE for path in (ROOT / house).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Full name and level of every import of a file, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_go_from_people_to_questions_to_files_and_never_back(path: Path) -> None:
    house = name(path).split("/", maxsplit=1)[0]
    found = {module.split(".")[0] for module, _ in imports(path)}
    assert not found & (ABOVE[house] | NEVER)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_are_absolute_and_name_what_they_take(path: Path) -> None:
    assert [level for _, level in imports(path) if level] == []
    plain = [
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    assert not {"index", "qa", "ui"} & set(plain)


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_one_door(library: str) -> None:
    users = {
        name(path)
        for path in FILES
        if any(module.split(".")[0] == library for module, _ in imports(path))
    }
    assert users <= DOORS[library]


def test_every_third_party_library_has_a_door() -> None:
    own = {*ABOVE, *sys.stdlib_module_names, "numpy"}
    found = {module.split(".")[0] for path in FILES for module, _ in imports(path)}
    assert found - own <= DOORS.keys() | SERVING


def test_no_file_does_work_when_it_is_imported() -> None:
    """The body of a module holds definitions, constants and docstrings; no call stands alone."""
    for path in FILES:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        alone = [
            node.lineno
            for node in body
            if isinstance(node, ast.For | ast.While | ast.With)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        ]
        assert not alone, (name(path), alone)


def loaded(code: str, modules: list[str]) -> list[str]:
    """Those of some modules that a fresh interpreter has loaded after a piece of code."""
    ask = (
        f"{code}\nimport sys\nsys.stderr.write(' '.join(m for m in {modules} if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr.split()


@pytest.mark.parametrize(
    "code",
    ["from qa import answer", "from index.search import Index", "from index import torch_encoder"],
)
def test_importing_loads_no_heavy_library(code: str) -> None:
    assert loaded(code, HEAVY) == []


def test_an_answer_loads_no_heavy_library(tmp_path: Path, library: Path) -> None:
    (library / "a.txt").write_text("The mill was built in 1742 by monks.", encoding="utf-8")
    code = (
        "import os\n"
        f"os.environ['QUOTH_INDEX'] = {str(tmp_path / 'index')!r}\n"
        "from qa import answer\n"
        f"assert '1742' in answer('When was the mill built?', documents={str(library)!r}).text"
    )
    assert loaded(code, HEAVY + LATE) == []


def test_help_loads_no_library_at_all() -> None:
    code = "from ui import cli\nassert cli.main(['--help']) == 0"
    assert loaded(code, [*HEAVY, "numpy", "faiss", "tantivy", "onnxruntime", "tokenizers"]) == []

"""Which texts make up a design: a file, a project folder, several files, or C++ itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dataflowc.diagnostics import SourceLocation, UserError

SUFFIXES = (".cpp", ".cc", ".cxx", ".c", ".h", ".hpp")
_TEST_BENCH = ("_tb", "tb_", "_test", "testbench", "bounded_top")


def source_texts(source: str | Path | Iterable[str | Path]) -> list[tuple[str, bytes]]:
    """(name, text) of every source, headers first.

    A folder stands for the sources in its `src` folder, or in itself without test benches. A string with a line break
    or a brace is C++ itself, named `<text>`.

    Raises:
        UserError: DF174 for a path that does not exist or holds no C++.
    """
    if isinstance(source, str) and ("\n" in source or "{" in source):
        return [("<text>", source.encode())]
    if isinstance(source, str | Path):
        paths = _files(Path(source))
    else:
        paths = [path for entry in source for path in _files(Path(entry))]
    paths.sort(key=lambda path: (path.suffix not in (".h", ".hpp"), path.name))
    return [(path.name, path.read_bytes()) for path in paths]


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UserError("DF174", f"there is no file or folder '{path.name}'", where=SourceLocation(file=path.name))
    folder = path / "src" if (path / "src").is_dir() else path
    found = [
        entry
        for entry in sorted(folder.iterdir())
        if entry.suffix in SUFFIXES and not any(word in entry.stem for word in _TEST_BENCH)
    ]
    if not found:
        raise UserError(
            "DF174",
            f"folder '{path.name}' holds no C++ sources",
            where=SourceLocation(file=path.name),
            hint=f"sources end in {', '.join(SUFFIXES)} and stand in the folder or in its src folder",
        )
    return found

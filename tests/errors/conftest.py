"""Runs the command on a bad input and hands over what it said; checks what holds for every error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("torch_mlir")

from dataflowc import cli


@dataclass(frozen=True)
class Outcome:
    """What a refused call left: exit code and the text on stderr."""

    code: int
    text: str

    def says(self, code: int, *parts: str) -> None:
        """The exit code, and every part in the text."""
        assert self.code == code, self.text
        for part in parts:
            assert part in self.text


Refuse = Callable[..., Outcome]


@pytest.fixture
def refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Refuse:
    """`refused(source, *options)`: compile `source` (a path, or the text of a model file) to `out`, which must fail.

    No traceback is printed, nothing is on stdout, and nothing is left beside the source: no output, no scratch folder.
    """

    def run(source: str | Path, *options: str, output: Path | None = None) -> Outcome:
        if isinstance(source, str):
            (tmp_path / "net.py").write_text(source)
            source = tmp_path / "net.py"
        output = output or tmp_path / "out" / "project"
        before = tree(tmp_path)
        code = cli.main([str(source), "-q", "-o", str(output), *options])
        printed = capfd.readouterr()
        assert printed.out == ""
        assert code != 0 and "Traceback" not in printed.err and printed.err.startswith("error[DF")
        assert tree(tmp_path) == before
        return Outcome(code, printed.err)

    return run


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and folder below `folder` with its content, but for Python's caches."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts
    }

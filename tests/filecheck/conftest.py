"""Makes every `.mlir` file of this folder a test.

Its first lines say what to run: `// RUN: dataflowc-opt -p build-tasks %s | filecheck %s`. Several RUN lines are run one
after the other. `not dataflowc-opt ...` expects a failure, and filecheck gets what stood on stderr. All programs run
in this process, so that xDSL is imported once.
"""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

RUN = "// RUN:"


class FileCheckFailure(Exception):
    """What the programs printed."""


class FileCheckItem(pytest.Item):
    """One RUN line."""

    def __init__(self, *, command: str, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.command = command

    def runtest(self) -> None:
        producer, _, checker = self.command.replace("%s", shlex.quote(str(self.path))).partition("|")
        words = shlex.split(producer)
        must_fail = words[0] == "not"
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run_opt(words[1:] if must_fail else words)
        if bool(code) != must_fail:
            raise FileCheckFailure(f"{producer.strip()} exited with {code}\n{err.getvalue()}")
        text = err.getvalue() if must_fail else out.getvalue()
        found = io.StringIO()
        with redirect_stdout(found), redirect_stderr(found):
            code = run_filecheck(shlex.split(checker), text)
        if code:
            raise FileCheckFailure(f"{found.getvalue()}\nThe output was:\n{text}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        return str(excinfo.value) if excinfo.errisinstance(FileCheckFailure) else str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.path.name}: {self.command}"


class FileCheckFile(pytest.File):
    """A `.mlir` file with RUN lines."""

    def collect(self) -> Iterable[pytest.Item]:
        lines = [line for line in self.path.read_text().splitlines() if line.startswith(RUN)]
        if not lines:
            raise self.CollectError(f"{self.path} has no '{RUN}' line")
        for number, line in enumerate(lines, 1):
            yield FileCheckItem.from_parent(self, name=f"RUN{number}", command=line.removeprefix(RUN).strip())


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".mlir":
        return None
    return FileCheckFile.from_parent(parent, path=file_path)


def run_opt(words: list[str]) -> int:
    """Exit code of a `dataflowc-opt` command line."""
    from dataflowc.opt_main import main

    assert words[0] == "dataflowc-opt", f"a RUN line starts with dataflowc-opt, not {words[0]}"
    return main(words[1:])


def run_filecheck(words: list[str], text: str) -> int:
    """Exit code of a `filecheck` command line that gets `text` on its input."""
    from filecheck.finput import FInput
    from filecheck.matcher import Matcher
    from filecheck.options import parse_argv_options
    from filecheck.parser import Parser

    assert words[:1] == ["filecheck"], "a RUN line pipes into filecheck"
    options = parse_argv_options(words)
    return Matcher(options, FInput("<output>", text), Parser.from_opts(options)).run()

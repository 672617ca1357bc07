"""What the command line prints: progress on stderr, tables and JSON on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dataflowc.contracts import Receipt

if TYPE_CHECKING:
    from dataflowc.pass_manager import PassRecord

WIDTH = 120
"""Columns of a table that does not go to a terminal."""


def write_out(text: str) -> None:
    """Text to stdout, ending in a newline."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def write_json(value: Any) -> None:
    """One JSON value to stdout."""
    write_out(json.dumps(value, indent=2, sort_keys=True, default=str))


def write_err(text: str) -> None:
    """Text to stderr, ending in a newline."""
    sys.stderr.write(text if text.endswith("\n") else f"{text}\n")


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout; wraps to the terminal, or to `WIDTH` columns elsewhere."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in header:
        grid.add_column(name)
    for row in rows:
        grid.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH)
    console.print(grid)


_STYLES = {"pass": "green", "FAIL": "bold red", "not run": "yellow", "found": "green", "missing": "yellow"}


def receipt_rows(receipts: Iterable[Receipt]) -> list[tuple[str, str, str, str]]:
    """Rows of the receipt table: check, result, evidence, detail."""
    words = {True: "pass", False: "FAIL", None: "not run"}
    return [(r.name, words[r.passed], r.evidence, r.detail) for r in receipts]


def time_rows(records: Iterable[PassRecord]) -> list[tuple[str, str, str, str]]:
    """Rows of `--time-passes`: stage, pass, seconds, the largest op-count changes."""
    rows = []
    for record in records:
        deltas = sorted(record.op_deltas.items(), key=lambda item: -abs(item[1]))
        text = ", ".join(f"{delta:+d} {name}" for name, delta in deltas[:4])
        rows.append((record.stage, record.name, f"{record.seconds:.2f} s", text or "no change"))
    return rows


class StepLine:
    """`[k/n] title` on stderr: a spinner on a terminal, plain lines if asked, else nothing.

    Used as a context manager; the instance is the callback that the driver takes.
    """

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._plain = verbose and not quiet and not sys.stderr.isatty()
        self._live = sys.stderr.isatty() and not quiet
        self._status: Any = None

    def __enter__(self) -> StepLine:
        if self._live:
            from rich.console import Console

            self._status = Console(stderr=True).status("")
            self._status.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, number: int, total: int, title: str) -> None:
        """Show that a step begins."""
        text = f"[{number}/{total}] {title}"
        if self._status is not None:
            from rich.markup import escape

            self._status.update(escape(text))
        elif self._plain:
            write_err(text)

"""Keeps what torch and native code write to the error stream off the terminal; errors are reported by us."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Send file descriptor 2, `sys.stderr` and logging nowhere: native code writes to the descriptor directly."""
    sys.stderr.flush()
    python_stream, saved, level = sys.stderr, os.dup(2), logging.root.manager.disable
    with tempfile.TemporaryFile() as sink, open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(sink.fileno(), 2)
        sys.stderr = nowhere
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(level)
            sys.stderr = python_stream
            os.dup2(saved, 2)
            os.close(saved)


@contextmanager
def no_warnings() -> Iterator[None]:
    """Drop Python warnings: export gives several about its own internals."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

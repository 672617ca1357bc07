"""Output folders that appear whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dataflowc.diagnostics import UserError

GENERATOR = "dataflowc"
"""Value of `generator` in the manifest.json of every folder that dataflowc wrote."""


def check_output(path: Path) -> None:
    """Raise UserError if a project could not be written to `path`; changes nothing.

    `path` may be absent, an empty folder, or a folder that dataflowc wrote, which would be replaced.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_dir():
        raise UserError("DF411", f"the output '{path.name}' is a file, not a folder", hint="name another folder")
    try:
        foreign = path.is_dir() and any(path.iterdir()) and not is_ours(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    if foreign:
        raise UserError(
            "DF411",
            f"the output folder '{path.name}' exists and is not one that dataflowc wrote",
            notes=["only an empty folder or an earlier project is replaced"],
            hint="name another folder, or remove this one",
        )
    parent = _nearest_existing(path.parent)
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise _unwritable(path, PermissionError(f"'{parent.name or parent}' is not a folder that can be written"))


def is_ours(path: Path) -> bool:
    """Whether the folder holds a manifest.json that dataflowc wrote."""
    try:
        manifest = json.loads((path / "manifest.json").read_text())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("generator") == GENERATOR


@contextmanager
def atomic_directory(path: Path) -> Iterator[Path]:
    """Yield an empty folder beside `path` that becomes `path` at the end; an earlier project there is replaced.

    On any exception, KeyboardInterrupt included, nothing is left behind and an earlier project stays as it was.
    Raises UserError where `check_output` does, and if the folder cannot be written.
    """
    path = Path(path).resolve()
    check_output(path)
    created = _make_parents(path)
    staging: Path | None = None
    try:
        try:
            staging = _sibling(path, "tmp")
        except OSError as error:
            raise _unwritable(path, error) from error
        yield staging
        try:
            _replace(staging, path)
        except OSError as error:
            raise _unwritable(path, error) from error
    except BaseException:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        for folder in created:
            with suppress(OSError):
                folder.rmdir()
        raise


def _nearest_existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _make_parents(path: Path) -> list[Path]:
    """Make the missing parents of `path`; returns them, innermost first."""
    missing = [folder for folder in path.parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    return missing


def _sibling(path: Path, suffix: str) -> Path:
    """A new empty folder beside `path`, hidden, with the permissions of any other new folder."""
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=f".{suffix}", dir=path.parent))
    umask = os.umask(0)
    os.umask(umask)
    folder.chmod(0o777 & ~umask)
    return folder


def _replace(staging: Path, path: Path) -> None:
    """Put `staging` where `path` is; what was there comes back if that fails."""
    if not path.exists():
        staging.rename(path)
        return
    old = _sibling(path, "old")
    try:
        path.rename(old)
        try:
            staging.rename(path)
        except BaseException:
            old.rename(path)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(
        "DF412",
        f"the output folder '{path.name}' cannot be written: {error.strerror or error}",
        hint="name a folder with -o in a place you may write to",
    )

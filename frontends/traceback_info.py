"""The line of the user's own code behind an exception."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import dataflowc
from dataflowc.diagnostics import SourceLocation

if TYPE_CHECKING:
    from dataflowc.frontends.source_files import SourceFiles

_OWN_FOLDERS = (Path(__file__).resolve().parent, Path(dataflowc.__file__).resolve().parent)
_LIBRARIES = ("torch", "torch_mlir")


def user_frame(error: BaseException, files: SourceFiles) -> SourceLocation | None:
    """The innermost frame that is neither ours nor torch's; of the causes too if the error itself has none."""
    if isinstance(error, SyntaxError) and error.filename:
        return SourceLocation(file=files.short(error.filename), line=error.lineno or 0)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _is_users(frame.filename):
            return SourceLocation(file=files.short(frame.filename), line=frame.lineno or 0)
    inner = error.__cause__ or error.__context__
    return None if inner is None else user_frame(inner, files)


def _is_users(filename: str) -> bool:
    if filename.startswith("<"):
        return False
    path = Path(filename).resolve()
    if any(path.is_relative_to(folder) for folder in _OWN_FOLDERS):
        return False
    parts = path.parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1] not in _LIBRARIES
    return not any(part.startswith("python3") for part in parts)

"""Repro bundles: what is needed to see an internal error again.

A bundle is a folder in the system's temporary directory: `options.json`, `traceback.txt` and, where IR is involved,
`input.mlir` (the module before the failing stage, or the one that C++ was made from) and `command.txt` (the
`dataflowc-opt` call that repeats it).
"""

from __future__ import annotations

import json
import platform
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dataflowc import __version__
from dataflowc.diagnostics import InternalError
from dataflowc.ir_text import module_text


def write_bundle(error: BaseException, options: Mapping[str, Any]) -> Path:
    """Write the bundle of `error` and return its folder."""
    directory = Path(tempfile.mkdtemp(prefix="dataflowc-repro-"))
    record = {"dataflowc": __version__, "python": platform.python_version(), "options": dict(options)}
    (directory / "options.json").write_text(json.dumps(record, indent=2, sort_keys=True, default=str) + "\n")
    (directory / "traceback.txt").write_text("".join(traceback.format_exception(error)))
    if isinstance(error, InternalError) and error.module is not None:
        (directory / "input.mlir").write_text(module_text(error.module))
        pipeline = f" -p '{','.join(error.passes)}'" if error.passes else ""
        (directory / "command.txt").write_text(f"dataflowc-opt{pipeline} {directory / 'input.mlir'}\n")
    return directory

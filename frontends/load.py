"""`load`: a model in any accepted form becomes an `ImportedModel`. Torch is imported where it is needed."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflowc.contracts import ImportedModel
from dataflowc.diagnostics import SourceLocation, ToolFailure, UserError, nearest

if TYPE_CHECKING:
    from torch import nn

SUFFIXES = (".py", ".pt2", ".mlir")
PYTHON_VERSION = (3, 11)
"""The one the torch-mlir wheel is built for."""


def load(source: nn.Module | str | Path, *, example_inputs: Any = None) -> ImportedModel:
    """Import `source`: `FILE.py[:SYMBOL]`, `FILE.pt2`, `FILE.mlir`, or an `nn.Module` with `example_inputs`.

    `example_inputs` is a tuple of tensors, one tensor, or a dictionary by argument name; given with a `.py` file, it
    wins over the file's own. Raises UserError (bad input), UnsupportedOp (all ops together), ToolFailure (no torch).
    """
    if not isinstance(source, str | Path):
        return _load_module(source, example_inputs)
    path, symbol = _split(str(source))
    if not Path(path).is_file():
        raise _missing(path)
    match Path(path).suffix:
        case ".py":
            return _load_python(path, symbol, example_inputs)
        case ".pt2":
            return _load_saved(path)
        case ".mlir":
            from dataflowc.frontends.mlir_text import import_text

            return import_text(path)
    raise UserError(
        "DF101",
        f"cannot tell what kind of model {path} is",
        hint=f"known are files that end in {', '.join(SUFFIXES)}",
    )


def _load_module(model: Any, example_inputs: Any) -> ImportedModel:
    _require_torch()
    from torch import nn

    from dataflowc.frontends.arguments import model_name
    from dataflowc.frontends.source_files import SourceFiles
    from dataflowc.frontends.torch_import import import_module

    if not isinstance(model, nn.Module):
        raise UserError(
            "DF102", f"a {type(model).__name__} is no model", hint="pass an nn.Module object, or the path of a file"
        )
    if example_inputs is None:
        raise UserError("DF104", "no example_inputs were given", hint="pass a tuple of tensors as example_inputs")
    name = model_name(type(model).__name__)
    return import_module(model, example_inputs, name, type(model).__name__, SourceFiles())


def _load_python(path: str, symbol: str | None, example_inputs: Any) -> ImportedModel:
    _require_torch()
    from dataflowc.frontends.arguments import model_name
    from dataflowc.frontends.python_file import load_python_file
    from dataflowc.frontends.source_files import SourceFiles
    from dataflowc.frontends.torch_import import import_module

    files = SourceFiles.beside(path)
    model, own_inputs = load_python_file(path, symbol, files, example_inputs)
    name = model_name(Path(path).stem if symbol is None else symbol)
    return import_module(model, own_inputs, name, files.short(str(Path(path).resolve())), files)


def _load_saved(path: str) -> ImportedModel:
    _require_torch()
    import torch

    from dataflowc.frontends.arguments import model_name
    from dataflowc.frontends.silence import no_warnings, silent_stderr
    from dataflowc.frontends.source_files import SourceFiles
    from dataflowc.frontends.torch_import import import_saved
    from dataflowc.frontends.torch_program import first_line

    files = SourceFiles.beside(path)
    try:
        with silent_stderr(), no_warnings():
            exported = torch.export.load(path)
    except Exception as error:
        raise UserError(
            "DF103",
            f"{path} is not a saved ExportedProgram: {first_line(error)}",
            where=SourceLocation(file=path),
            hint="write it with torch.export.save(torch.export.export(model, example_inputs), path)",
        ) from error
    if exported.example_inputs is None:
        raise UserError(
            "DF104", f"{path} has no example inputs", hint="save the program as torch.export.export returns it"
        )
    return import_saved(exported, model_name(Path(path).stem), files.short(str(Path(path).resolve())), files)


def _split(source: str) -> tuple[str, str | None]:
    """`net.py:symbol` -> (`net.py`, `symbol`)."""
    match = re.fullmatch(r"(.+\.py):([A-Za-z_]\w*)", source)
    return (match[1], match[2]) if match else (source, None)


def _missing(path: str) -> UserError:
    folder = Path(path).parent
    around = [str(item) for item in folder.iterdir() if item.suffix in SUFFIXES] if folder.is_dir() else []
    close = nearest(path, around, 1)
    what = "is a folder" if Path(path).is_dir() else "does not exist"
    return UserError(
        "DF101", f"{path} {what}", hint=f"did you mean {close[0]}?" if close else "give the path of a model file"
    )


def _require_torch() -> None:
    """Raises ToolFailure where torch or torch-mlir cannot be there."""
    if sys.version_info[:2] != PYTHON_VERSION:
        raise ToolFailure(
            "DF501",
            f"PyTorch models need Python {PYTHON_VERSION[0]}.{PYTHON_VERSION[1]}, this is "
            f"{sys.version_info[0]}.{sys.version_info[1]}",
            hint="the torch-mlir wheel is built for that version; make a virtual environment with it",
        )
    missing = [name for name in ("torch", "torch_mlir") if importlib.util.find_spec(name) is None]
    if missing:
        raise ToolFailure(
            "DF501", f"{' and '.join(missing)} not installed", hint="pip install 'dataflowc[torch]' brings them"
        )

"""Loads `model` and `example_inputs` from a user's Python file."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from dataflowc.diagnostics import SourceLocation, UserError, nearest
from dataflowc.frontends.source_files import SourceFiles
from dataflowc.frontends.traceback_info import user_frame

DEFAULT_SYMBOL = "model"


def load_python_file(
    path: str, symbol: str | None, files: SourceFiles, example_inputs: Any = None
) -> tuple[nn.Module, Any]:
    """The `nn.Module` named `symbol` (default "model"), and `example_inputs` or else the file's. Raises UserError."""
    module = _execute(Path(path), files)
    wanted = symbol or DEFAULT_SYMBOL
    model = getattr(module, wanted, None)
    if not isinstance(model, nn.Module):
        raise _no_model(path, module, wanted, model)
    if example_inputs is None:
        example_inputs = getattr(module, "example_inputs", None)
    if example_inputs is None:
        raise UserError(
            "DF104",
            f"{path} has no example_inputs",
            where=SourceLocation(file=path),
            hint="add a tuple of tensors: example_inputs = (torch.randn(1, 3, 224, 224),)",
        )
    return model, example_inputs


def _execute(path: Path, files: SourceFiles) -> ModuleType:
    name = f"dataflowc_model_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with _importable(path.resolve().parent), _registered(name, module):
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            raise UserError(
                "DF103",
                f"{path} raises {type(error).__name__} when it is imported: {error}",
                where=user_frame(error, files),
                hint=f"python {path} shows the same failure in full",
            ) from error
    return module


@contextlib.contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let the file import its neighbours, as when Python runs it."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


@contextlib.contextmanager
def _registered(name: str, module: ModuleType) -> Iterator[None]:
    """Dataclasses and pickle look their module up by name while it is being executed."""
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    except BaseException:
        sys.modules.pop(name, None)
        if before is not None:
            sys.modules[name] = before
        raise


def _no_model(path: str, module: ModuleType, wanted: str, found: Any) -> UserError:
    models = [name for name, value in vars(module).items() if isinstance(value, nn.Module)]
    classes = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == module.__name__
    ]
    what = "no" if found is None else f"'{wanted}' is a {type(found).__name__}, no"
    notes = [f"nn.Module objects in the file: {', '.join(models) or 'none'}"]
    if classes:
        notes.append(f"nn.Module classes in the file: {', '.join(classes)}")
    close = nearest(wanted, models, 1) or models[:1]
    hint = f"use {path}:{close[0]}" if close else f"add a line {wanted} = {classes[0] if classes else 'MyModule'}()"
    message = f"{path} has no nn.Module named '{wanted}'" if found is None else f"in {path}, {what} nn.Module"
    return UserError("DF102", message, where=SourceLocation(file=path), notes=notes, hint=hint)

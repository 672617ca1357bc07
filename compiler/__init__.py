"""dataflowc: a PyTorch-to-dataflow compiler.

The public face: `compile`, `Design`, `CompileOptions` and the errors. Names are loaded on first use, so that importing
the package loads neither torch nor xDSL.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataflowc.design import Design
    from dataflowc.diagnostics import DataflowcError
    from dataflowc.driver import compile
    from dataflowc.options import CompileOptions

__version__ = "0.1.0"
__all__ = ["CompileOptions", "DataflowcError", "Design", "__version__", "compile"]

_HOMES = {
    "CompileOptions": "dataflowc.options",
    "DataflowcError": "dataflowc.diagnostics",
    "Design": "dataflowc.design",
    "compile": "dataflowc.driver",
}
"""Public name -> the module that defines it."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'dataflowc' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted({*globals(), *_HOMES})

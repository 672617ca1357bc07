"""The front door: one `load` turns a model in any accepted form into an `ImportedModel`. Loaded on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataflowc.frontends.load import load

__all__ = ["load"]


def __getattr__(name: str) -> Any:
    """Import `load` on first use, so that the package itself costs nothing."""
    if name != "load":
        raise AttributeError(f"module 'dataflowc.frontends' has no attribute {name!r}")
    from dataflowc.frontends.load import load

    globals()["load"] = load
    return load

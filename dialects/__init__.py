"""Dialects, and the list of those a dataflowc module may use."""

from __future__ import annotations

from xdsl.context import Context

DIALECT_NAMES = ("builtin", "func", "arith", "math", "affine", "memref", "tensor", "linalg", "cf", "scf")


def make_context() -> Context:
    """An xDSL context with every dialect a dataflowc module may use, loaded lazily."""
    from xdsl.dialects import get_all_dialects

    from dataflowc.dialects.dataflow import Dataflow

    context = Context()
    available = get_all_dialects()
    for name in DIALECT_NAMES:
        context.register_dialect(name, available[name])
    context.register_dialect("dataflow", lambda: Dataflow)
    return context

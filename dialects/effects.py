"""Which ops of a node body load from and store to a memory or stream value."""

from __future__ import annotations

from xdsl.ir import Operation, SSAValue

_LOADS = {"dataflow.read": 0, "affine.load": 0, "memref.load": 0}
_STORES = {"dataflow.write": 0, "affine.store": 1, "memref.store": 1}
"""Op name -> position of the memory or stream operand."""


def loads_from(value: SSAValue) -> list[Operation]:
    """The ops that take elements out of `value`."""
    return [use.operation for use in value.uses if _LOADS.get(use.operation.name) == use.index]


def stores_to(value: SSAValue) -> list[Operation]:
    """The ops that put elements into `value`."""
    return [use.operation for use in value.uses if _STORES.get(use.operation.name) == use.index]

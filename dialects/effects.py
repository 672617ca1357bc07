"""Which ops of a node body load from and store to a memory or stream value."""

from __future__ import annotations

from xdsl.ir import Operation, SSAValue

_LOADS = {"dataflow.read": 0, "affine.load": 0, "memref.load": 0}
_STORES = {"dataflow.write": 0, "affine.store": 1, "memref.store": 1}
"""Op name -> position of the memory or stream operand."""


_REGIONS = frozenset({"dataflow.node", "dataflow.schedule"})
"""Ops that hand their operands to the arguments of their one block."""


def loads_from(value: SSAValue) -> list[Operation]:
    """The ops that take elements out of `value`, also inside nested schedules."""
    return _users(value, _LOADS)


def stores_to(value: SSAValue) -> list[Operation]:
    """The ops that put elements into `value`, also inside nested schedules."""
    return _users(value, _STORES)


def _users(value: SSAValue, position: dict[str, int]) -> list[Operation]:
    found = []
    for use in value.uses:
        op = use.operation
        if op.name in _REGIONS:
            found += _users(op.regions[0].block.args[use.index], position)
        elif position.get(op.name) == use.index:
            found.append(op)
    return found

"""BIND_OP: which unit computes a variable."""

from __future__ import annotations

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation, SSAValue

from dataflowc.dialects.effects import stores_to
from dataflowc.frontends.hls_cpp.frames import Frame
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Pragma

_CASTS = ("arith.extf", "arith.truncf", "arith.extsi", "arith.extui", "arith.trunci")
_NAMES = {"fadd": "addf", "fsub": "subf", "fmul": "mulf", "fdiv": "divf", "add": "addi", "sub": "subi", "mul": "muli"}
_NAMES |= {"dadd": "addf", "dsub": "subf", "dmul": "mulf", "ddiv": "divf", "hadd": "addf", "hmul": "mulf"}


def bind_operation(frame: Frame, entity: Entity, pragma: Pragma) -> None:
    """Set `impl` on the ops that compute `entity`, or the elements stored to it."""
    value = frame.own.get(entity) or frame.captured.get(entity)
    if value is None:
        return
    sources = [op.operands[0] for op in stores_to(value)] if entity.kind == "array" else [value]
    wanted = pragma.get("op") or ""
    text = " ".join(part for key in ("op", "impl", "latency") if (part := pragma.get(key)))
    for source in sources:
        op = _computing(source)
        if op is not None and op.name.split(".")[-1] in (_NAMES.get(wanted, wanted), f"{wanted}f"):
            op.attributes["impl"] = StringAttr(text)


def _computing(value: SSAValue) -> Operation | None:
    """The op behind a value, through conversions."""
    op = value.owner
    while isinstance(op, Operation) and op.name in _CASTS:
        op = op.operands[0].owner
    return op if isinstance(op, Operation) else None

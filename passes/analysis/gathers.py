"""Where the elements of a tensor that a body indexes by value lie in memory."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.dialects import tensor
from xdsl.ir import Attribute, Operation, SSAValue

from dataflowc.diagnostics import UnsupportedOp
from dataflowc.passes.analysis.linear import Domain, IterDim, Linear
from dataflowc.passes.analysis.views import is_view, resolve, shape_of


@dataclass(frozen=True, slots=True)
class Table:
    """A gathered tensor: element I of the view is element `sum(weights * I) + offset` of the flat `base`, or always
    `constant` (`base` is then None)."""

    base: SSAValue | None
    weights: tuple[int, ...] = ()
    offset: int = 0
    constant: Attribute | None = None


def table_of(value: SSAValue) -> Table:
    """The table behind a gathered tensor. Raises UnsupportedOp where its views are no linear renaming."""
    shape = shape_of(value)
    reshaped = _through_reshapes(value)
    if not isinstance(reshaped.owner, Operation) or not is_view(reshaped.owner):
        return Table(reshaped, _row_major(shape))
    domain = Domain([IterDim(extent, "parallel", i) for i, extent in enumerate(shape)], frozen=True)
    access = resolve(value, [Linear.of(i) for i in range(len(shape))], domain)
    if access.value is None:
        return Table(None, constant=access.constant)
    flat = Linear()
    for index, weight in zip(access.index, _row_major(shape_of(access.value)), strict=True):
        if not isinstance(index, Linear):
            raise UnsupportedOp(
                "DF216",
                "a tensor is gathered from through views that no single formula describes",
                hint="make the gathered tensor contiguous first, or gather from it before it is permuted and reshaped",
            )
        flat = flat + index.scaled(weight)
    return Table(access.value, tuple(flat.coefficient(i) for i in range(len(shape))), flat.const)


def _row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(prod(shape[i + 1 :]) for i in range(len(shape)))


def _through_reshapes(value: SSAValue) -> SSAValue:
    """The tensor behind reshapes, which keep the row-major position of every element."""
    while isinstance(op := value.owner, tensor.ExpandShapeOp | tensor.CollapseShapeOp):
        value = op.src
    return value

"""`split-pads`: a pad that also crops becomes a slice and a pad."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, TensorType, i64
from xdsl.passes import ModulePass


@dataclass(frozen=True)
class SplitPadsPass(ModulePass):
    """Rewrite `tensor.pad` with negative amounts as `tensor.extract_slice`, then `tensor.pad` with the others.

    Before: `tensor.pad %x low[-1, 2] high[0, 0] : tensor<4x4> to tensor<3x6>`
    After:  `%s = tensor.extract_slice %x[1, 0] [3, 4] [1, 1] ; tensor.pad %s low[0, 2] high[0, 0]`

    A pad without positive amounts disappears. Needs and keeps `linalg`.
    """

    name = "split-pads"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Rewrite every cropping pad."""
        for pad in [inner for inner in op.walk() if isinstance(inner, tensor.PadOp)]:
            lows, highs = pad.static_low.get_values(), pad.static_high.get_values()
            if min((*lows, *highs), default=0) < 0:
                _split(pad, lows, highs)


def _split(pad: tensor.PadOp, lows: tuple[int, ...], highs: tuple[int, ...]) -> None:
    assert isinstance(pad.source.type, TensorType) and pad.parent is not None
    shape = pad.source.type.get_shape()
    offsets = [max(-low, 0) for low in lows]
    sizes = [e - max(-low, 0) - max(-high, 0) for e, low, high in zip(shape, lows, highs, strict=True)]
    kept = TensorType(pad.source.type.element_type, sizes)
    cut = tensor.ExtractSliceOp.build(
        operands=[pad.source, [], [], []],
        properties={
            "static_offsets": DenseArrayBase.from_list(i64, offsets),
            "static_sizes": DenseArrayBase.from_list(i64, sizes),
            "static_strides": DenseArrayBase.from_list(i64, [1] * len(sizes)),
        },
        result_types=[kept],
    )
    cut.attributes.update(pad.attributes)
    pad.parent.insert_op_before(cut, pad)
    if max((*lows, *highs), default=0) <= 0:
        pad.result.replace_all_uses_with(cut.result)
        pad.detach()
        pad.erase()
        return
    pad.operands[0] = cut.result
    pad.properties["static_low"] = DenseArrayBase.from_list(i64, [max(low, 0) for low in lows])
    pad.properties["static_high"] = DenseArrayBase.from_list(i64, [max(high, 0) for high in highs])

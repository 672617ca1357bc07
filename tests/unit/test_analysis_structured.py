"""The loop view of a generic."""

from __future__ import annotations

import pytest
from xdsl.dialects.linalg import ops as linalg
from xdsl.parser import Parser

from dataflowc.dialects import make_context
from dataflowc.passes.analysis.structured import Structured, analyze_generic


def generic(output_map: str) -> Structured:
    """The loops of a copy of 8 elements to the place that `output_map` says."""
    text = f"""
    func.func @main(%x: tensor<8xf32>) {{
      %e = tensor.empty() : tensor<8xf32>
      %y = linalg.generic {{indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ({output_map})>],
          iterator_types = ["parallel"]}} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {{
      ^bb0(%a: f32, %b: f32):
        linalg.yield %a : f32
      }} -> tensor<8xf32>
      func.return
    }}
    """
    module = Parser(make_context(), text).parse_module()
    return analyze_generic(next(op for op in module.walk() if isinstance(op, linalg.GenericOp)), lambda _: None)


def test_an_output_index_is_linear() -> None:
    (index,) = generic("d0").outputs[0]
    assert dict(index.terms) == {0: 1}


def test_an_output_index_that_is_not_linear_is_never_dropped() -> None:
    with pytest.raises(AssertionError, match=r"the output map .* of linalg.generic is not linear in the loops"):
        generic("(7 - d0) floordiv 2")

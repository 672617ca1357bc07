"""Widths of scalar types."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import Float64Type, IndexType, IntegerType, MemRefType, StringAttr, f32

from dataflowc.contracts import DTYPE_BITS
from dataflowc.diagnostics import InternalError
from dataflowc.dialects.types import bits_of


def test_the_widths_are_those_of_the_element_types() -> None:
    types = (f32, *(IntegerType(width) for width in (64, 32, 16, 8, 1)))
    assert {str(type_): bits_of(type_) for type_ in types} == DTYPE_BITS


def test_a_double_and_an_index_have_a_width() -> None:
    assert (bits_of(Float64Type()), bits_of(IndexType())) == (64, 32)


@pytest.mark.parametrize("other", [MemRefType(f32, [4]), StringAttr("f32")])
def test_what_is_no_scalar_is_an_error(other) -> None:
    with pytest.raises(InternalError) as failure:
        bits_of(other)
    assert failure.value.code == "DF401"

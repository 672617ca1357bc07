"""C++ scalar types by short names: bool, i8 ... u64, f32, f64; and the conversions between them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from xdsl.dialects.builtin import Float32Type, Float64Type, IntegerType
from xdsl.ir import Attribute

_SPELLINGS: Mapping[str, str] = {
    "float": "f32",
    "double": "f64",
    "bool": "bool",
    "char": "i8",
    "signed char": "i8",
    "unsigned char": "u8",
    "short": "i16",
    "unsigned short": "u16",
    "int": "i32",
    "signed int": "i32",
    "signed": "i32",
    "unsigned": "u32",
    "unsigned int": "u32",
    "long": "i64",
    "unsigned long": "u64",
    "long long": "i64",
    "unsigned long long": "u64",
    "int8_t": "i8",
    "int16_t": "i16",
    "int32_t": "i32",
    "int64_t": "i64",
    "uint8_t": "u8",
    "uint16_t": "u16",
    "uint32_t": "u32",
    "uint64_t": "u64",
    "size_t": "u64",
}


def scalar_type(text: str) -> str | None:
    """The short name of a C++ type, None if it is no supported scalar."""
    words = [word for word in text.split() if word not in ("const", "static", "volatile")]
    return _SPELLINGS.get(" ".join(words).removeprefix("std::"))


@cache
def ir_type(type_: str) -> Attribute:
    """The IR type of a scalar; signed and unsigned integers share one."""
    if type_ == "f32":
        return Float32Type()
    if type_ == "f64":
        return Float64Type()
    return IntegerType(width(type_))


def is_float(type_: str) -> bool:
    """Whether `type_` is f32 or f64."""
    return type_[0] == "f"


def is_unsigned(type_: str) -> bool:
    """Whether `type_` counts without a sign; bool does."""
    return type_[0] in "ub"


def width(type_: str) -> int:
    """Bits of a scalar."""
    return 1 if type_ == "bool" else int(type_[1:])


def promoted(left: str, right: str) -> str:
    """The type in which C++ computes `left op right`."""
    for type_ in ("f64", "f32"):
        if type_ in (left, right):
            return type_
    left, right = (type_ if width(type_) >= 32 else "i32" for type_ in (left, right))
    if width(left) != width(right):
        return left if width(left) > width(right) else right
    return left if is_unsigned(left) else right


def converted(value: int | float, type_: str) -> int | float:
    """A constant converted to `type_`, as C++ does."""
    if is_float(type_):
        return float(np.float32(value)) if type_ == "f32" else float(value)
    if type_ == "bool":
        return int(value != 0)
    bits = width(type_)
    number = int(value) & ((1 << bits) - 1)
    return number - (1 << bits) if not is_unsigned(type_) and number >> (bits - 1) else number

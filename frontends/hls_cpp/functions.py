"""Functions of the C math library, and the maxima and minima that ternaries spell out."""

from __future__ import annotations

import math as pymath
from collections.abc import Callable, Mapping

from xdsl.dialects import arith, math
from xdsl.ir import Operation, SSAValue

from dataflowc.frontends.hls_cpp.syntax import Binary, Ternary

UNARY: Mapping[str, Callable[[SSAValue], Operation]] = {
    "exp": math.ExpOp,
    "exp2": math.Exp2Op,
    "expm1": math.ExpM1Op,
    "log": math.LogOp,
    "log2": math.Log2Op,
    "log10": math.Log10Op,
    "log1p": math.Log1pOp,
    "sqrt": math.SqrtOp,
    "rsqrt": math.RsqrtOp,
    "tanh": math.TanhOp,
    "sinh": math.SinhOp,
    "cosh": math.CoshOp,
    "erf": math.ErfOp,
    "sin": math.SinOp,
    "cos": math.CosOp,
    "tan": math.TanOp,
    "atan": math.AtanOp,
    "floor": math.FloorOp,
    "ceil": math.CeilOp,
    "fabs": math.AbsFOp,
    "rint": math.RoundEvenOp,
    "nearbyint": math.RoundEvenOp,
    "round": math.RoundOp,
    "trunc": math.TruncOp,
    "cbrt": math.CbrtOp,
}
BINARY: Mapping[str, Callable[[SSAValue, SSAValue], Operation]] = {
    "pow": math.PowFOp,
    "atan2": math.Atan2Op,
    "fmax": arith.MaxnumfOp,
    "fmin": arith.MinnumfOp,
    "copysign": math.CopySignOp,
}
FOLDED: Mapping[str, Callable[[float], float]] = {
    "sqrt": pymath.sqrt,
    "exp": pymath.exp,
    "log": pymath.log,
    "fabs": abs,
    "tanh": pymath.tanh,
    "floor": pymath.floor,
    "ceil": pymath.ceil,
}
"""Functions of a constant that HLS tools compute at compile time."""

_EXTREMES = {">": (arith.MaximumfOp, arith.MaxnumfOp), "<": (arith.MinimumfOp, arith.MinnumfOp)}

MATH = sorted({*UNARY, *BINARY, "max", "min", "abs", "fma"})


def choice_op(expression: Ternary) -> Callable[[SSAValue, SSAValue], Operation] | None:
    """The maximum or minimum that `a > b || a != a ? a : b` spells out; the second test says who wins over NaN."""
    a, b, condition = expression.yes, expression.no, expression.condition
    for sign, (nan_wins, number_wins) in _EXTREMES.items():
        test = Binary(sign, a, b)
        if condition == Binary("||", test, Binary("!=", a, a)):
            return nan_wins
        if condition == Binary("||", test, Binary("!=", b, b)):
            return number_wins
    return None

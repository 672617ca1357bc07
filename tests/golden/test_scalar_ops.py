"""What the C++ text of every scalar op computes, against numpy: all cases in one program, compiled and run once."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from xdsl.ir import Operation
from xdsl.parser import Parser

import dataflowc.hls
from dataflowc.diagnostics import InternalError
from dataflowc.dialects import make_context
from dataflowc.hls import expressions
from dataflowc.hls.expressions import C_TYPES, constant_text, is_supported, scalar_text

INCLUDE = Path(next(iter(dataflowc.hls.__path__))) / "include"

NAN, INF = math.nan, math.inf
FLOATS = (0.0, 1.5, -2.25, 3.0, -3.0, 1e-30, 2.5, -0.5, INF, -INF, NAN)
FINITE = tuple(value for value in FLOATS if math.isfinite(value))
POSITIVE = (1e-30, 0.25, 1.0, 2.5, 40.0)
UNIT = (-2.0, -0.7, 0.0, 1e-6, 0.3, 1.0, 2.0)
INTS = (0, 1, -1, 5, -7, 100, -100)
BOOLS = (0, 1)
EDGES = {8: (127, -128), 16: (2**15 - 1, -(2**15)), 32: (2**31 - 1, -(2**31)), 64: (2**63 - 1, -(2**63))}
NUMPY = {
    "f32": np.float32,
    "f64": np.float64,
    "i64": np.int64,
    "i32": np.int32,
    "i16": np.int16,
    "i8": np.int8,
    "i1": np.bool_,
    "index": np.int32,
}


@dataclass(frozen=True)
class Case:
    """An op on operands %a, %b, %c of `types`; `reference` gives the result for one row of plain Python operands."""

    text: str
    types: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    reference: Callable[..., float]
    exact: bool = True

    @property
    def op(self) -> Operation:
        """The op itself."""
        arguments = ", ".join(f"%{name}: {type_}" for name, type_ in zip("abc", self.types, strict=False))
        text = f"func.func @f({arguments}) {{\n%r = {self.text}\nfunc.return\n}}"
        return next(op for op in Parser(make_context(), text).parse_module().walk() if op.results)


def rows(*columns: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    return tuple(product(*columns))


def wrap(value: int, bits: int) -> int:
    """`value` as a two's complement number of `bits`."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if bits > 1 and value >> (bits - 1) else value


def unsigned(value: float, bits: int) -> int:
    return int(value) & ((1 << bits) - 1)


def f32(function: Callable[..., float]) -> Callable[..., float]:
    """`function` on operands rounded to float, with its result rounded to float."""

    def rounded(*operands: float) -> float:
        with np.errstate(all="ignore"):
            return np.float32(function(*(np.float32(o) for o in operands)))

    return rounded


def f64(function: Callable[..., float]) -> Callable[..., float]:
    """`function` in double precision on operands rounded to float."""

    def widened(*operands: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(*(np.float64(np.float32(o)) for o in operands)))

    return widened


def float_cases() -> list[Case]:
    arithmetic = {"addf": np.add, "subf": np.subtract, "mulf": np.multiply, "divf": np.divide}
    choices = {"maximumf": np.maximum, "minimumf": np.minimum, "maxnumf": np.fmax, "minnumf": np.fmin}
    cases = [
        Case(f"arith.{name} %a, %b : f32", ("f32", "f32"), rows(FLOATS, FLOATS), f32(function))
        for name, function in (arithmetic | choices).items()
    ]
    cases.append(Case("arith.negf %a : f32", ("f32",), rows(FLOATS), f32(np.negative)))
    return cases


def math_cases() -> list[Case]:
    functions: dict[str, tuple[Callable[..., float], Sequence[float]]] = {
        "exp": (np.exp, UNIT),
        "exp2": (np.exp2, UNIT),
        "expm1": (np.expm1, UNIT),
        "log": (np.log, POSITIVE),
        "log2": (np.log2, POSITIVE),
        "log10": (np.log10, POSITIVE),
        "log1p": (np.log1p, POSITIVE),
        "sqrt": (np.sqrt, POSITIVE),
        "rsqrt": (lambda x: 1 / np.sqrt(x), POSITIVE),
        "tanh": (np.tanh, UNIT),
        "erf": (math.erf, UNIT),
        "sin": (np.sin, UNIT),
        "cos": (np.cos, UNIT),
        "atan": (np.arctan, UNIT),
        "floor": (np.floor, FLOATS),
        "ceil": (np.ceil, FLOATS),
        "trunc": (np.trunc, FLOATS),
        "roundeven": (np.rint, FLOATS),
        "round": (lambda x: math.copysign(np.floor(abs(x) + 0.5), x), FINITE),
        "absf": (np.abs, FLOATS),
    }
    cases = [
        Case(f"math.{name} %a : f32", ("f32",), rows(values), f64(function), exact=False)
        for name, (function, values) in functions.items()
    ]
    cases += [
        Case("math.powf %a, %b : f32", ("f32", "f32"), rows(POSITIVE[1:], UNIT), f64(np.power), exact=False),
        Case("math.atan2 %a, %b : f32", ("f32", "f32"), rows(UNIT, POSITIVE), f64(np.arctan2), exact=False),
        Case("math.fma %a, %b, %c : f32", ("f32",) * 3, rows(UNIT, UNIT, UNIT), f64(lambda a, b, c: a * b + c), False),
    ]
    for type_, bits in (("i32", 32), ("i64", 64)):
        values = (*INTS, EDGES[bits][0])
        cases.append(Case(f"math.absi %a : {type_}", (type_,), rows(values), abs))
    return cases


def integer_cases() -> list[Case]:
    def quotient(a: int, b: int) -> int:
        return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)

    wrapping: dict[str, Callable[[int, int], int]] = {
        "addi": lambda a, b: a + b,
        "subi": lambda a, b: a - b,
        "muli": lambda a, b: a * b,
    }
    plain: dict[str, Callable[[int, int], int]] = {
        "andi": lambda a, b: a & b,
        "ori": lambda a, b: a | b,
        "xori": lambda a, b: a ^ b,
        "maxsi": max,
        "minsi": min,
    }
    divided: dict[str, Callable[[int, int], int]] = {
        "divsi": quotient,
        "remsi": lambda a, b: a - b * quotient(a, b),
    }
    shifts: dict[str, Callable[[int, int], int]] = {
        "shli": lambda a, b: a << b,
        "shrsi": lambda a, b: a >> b,
    }
    cases = []
    for bits in (8, 16, 32, 64):
        type_, edges = f"i{bits}", EDGES[bits]
        narrow = bits < 32
        values = (*INTS, *edges) if narrow else INTS
        for name, function in wrapping.items():
            reference = lambda a, b, f=function, n=bits: wrap(f(a, b), n)  # noqa: E731
            cases.append(Case(f"arith.{name} %a, %b : {type_}", (type_, type_), rows(values, values), reference))
        for name, function in plain.items():
            both = rows((*INTS, *edges), (*INTS, *edges))
            cases.append(Case(f"arith.{name} %a, %b : {type_}", (type_, type_), both, function))
        divisors = tuple(v for v in INTS if v not in (0, -1))
        for name, function in divided.items():
            both = rows((*INTS, *edges), divisors)
            cases.append(Case(f"arith.{name} %a, %b : {type_}", (type_, type_), both, function))
        for name, function in shifts.items():
            reference = lambda a, b, f=function, n=bits: wrap(f(a, b), n)  # noqa: E731
            both = rows((0, 1, 5, -1, -7), (0, 1, 3, bits - 4))
            cases.append(Case(f"arith.{name} %a, %b : {type_}", (type_, type_), both, reference))
    for name, function in {**wrapping, **{k: plain[k] for k in ("andi", "ori", "xori")}}.items():
        reference = lambda a, b, f=function: f(a, b) & 1  # noqa: E731
        cases.append(Case(f"arith.{name} %a, %b : i1", ("i1", "i1"), rows(BOOLS, BOOLS), reference))
    return cases


CMPF = "false oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno true".split()
CMPI = "eq ne slt sle sgt sge ult ule ugt uge".split()


def compare(relation: str, a: float, b: float) -> bool:
    """A relation without NaN: eq, ne, lt, le, gt, ge."""
    return {"eq": a == b, "ne": a != b, "lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[relation]


def cmpf(predicate: str, a: float, b: float) -> bool:
    """A float comparison by the definition of ordered and unordered."""
    has_nan = math.isnan(a) or math.isnan(b)
    if predicate in ("true", "false"):
        return predicate == "true"
    if predicate in ("ord", "uno"):
        return has_nan == (predicate == "uno")
    return predicate[0] == "u" if has_nan else compare(predicate[1:], a, b)


def comparison_cases() -> list[Case]:
    cases = [
        Case(f"arith.cmpf {p}, %a, %b : f32", ("f32", "f32"), rows(FLOATS, FLOATS), lambda a, b, p=p: cmpf(p, a, b))
        for p in CMPF
    ]
    for p, bits in product(CMPI, (8, 32, 64)):
        values = (*INTS, *EDGES[bits])

        def reference(a: int, b: int, p: str = p, bits: int = bits) -> bool:
            if p[0] == "u":
                a, b = unsigned(a, bits), unsigned(b, bits)
            return compare(p if p in ("eq", "ne") else p[1:], a, b)

        cases.append(Case(f"arith.cmpi {p}, %a, %b : i{bits}", (f"i{bits}",) * 2, rows(values, values), reference))
    index = rows((0, 1, 70000), (0, 1, 70000))
    cases += [
        Case(f"arith.cmpi {p}, %a, %b : index", ("index", "index"), index, lambda a, b, p=p: compare(p[-2:], a, b))
        for p in ("slt", "ult")
    ]
    select = rows(BOOLS, (1.5, NAN), (-2.0,))
    cases.append(Case("arith.select %a, %b, %c : f32", ("i1", "f32", "f32"), select, lambda c, x, y: x if c else y))
    return cases


def cast_cases() -> list[Case]:
    wide = (*INTS, 2**31 - 1, -(2**31))
    far = (*wide, 2**40 + 3, -(2**40) - 3)
    return [
        Case("arith.extsi %a : i8 to i32", ("i8",), rows((*INTS, 127, -128)), int),
        Case("arith.extsi %a : i32 to i64", ("i32",), rows(wide), int),
        Case("arith.extsi %a : i1 to i32", ("i1",), rows(BOOLS), lambda a: -a),
        Case("arith.extui %a : i1 to i32", ("i1",), rows(BOOLS), int),
        Case("arith.extui %a : i8 to i32", ("i8",), rows((*INTS, 127, -128)), lambda a: unsigned(a, 8)),
        Case("arith.extui %a : i32 to i64", ("i32",), rows(wide), lambda a: unsigned(a, 32)),
        Case("arith.trunci %a : i64 to i32", ("i64",), rows(far), lambda a: wrap(a, 32)),
        Case("arith.trunci %a : i32 to i8", ("i32",), rows(wide), lambda a: wrap(a, 8)),
        Case("arith.trunci %a : i32 to i1", ("i32",), rows(wide), lambda a: a & 1),
        Case("arith.sitofp %a : i32 to f32", ("i32",), rows(wide), f32(float)),
        Case("arith.sitofp %a : i64 to f32", ("i64",), rows(far), lambda a: np.float32(a)),
        Case("arith.sitofp %a : i1 to f32", ("i1",), rows(BOOLS), lambda a: -float(a)),
        Case("arith.uitofp %a : i1 to f32", ("i1",), rows(BOOLS), float),
        Case("arith.uitofp %a : i8 to f32", ("i8",), rows((*INTS, 127, -128)), lambda a: float(unsigned(a, 8))),
        Case("arith.uitofp %a : i32 to f32", ("i32",), rows(wide), lambda a: np.float32(unsigned(a, 32))),
        Case("arith.fptosi %a : f32 to i32", ("f32",), rows(FINITE), lambda a: int(a)),
        Case("arith.fptosi %a : f32 to i64", ("f32",), rows((*FINITE, 1e12)), lambda a: int(np.float32(a))),
        Case("arith.extf %a : f32 to f64", ("f32",), rows(FLOATS), lambda a: float(np.float32(a))),
        Case("arith.truncf %a : f64 to f32", ("f64",), rows((*FLOATS, 0.1, 1e300)), f32(np.float32)),
        Case("arith.index_cast %a : i64 to index", ("i64",), rows((0, 7, 70000)), int),
        Case("arith.index_cast %a : index to i64", ("index",), rows((0, 7, 70000)), int),
    ]


CASES = [*float_cases(), *math_cases(), *integer_cases(), *comparison_cases(), *cast_cases()]


def program(cases: Sequence[Case]) -> str:
    """One function per case; `main` prints every result as a double or integer, one per line."""
    lines = ["#include <stdint.h>", "#include <stdio.h>", "#include <hls_math.h>"]
    calls = []
    for number, case in enumerate(cases):
        op = case.op
        parameters = ", ".join(f"{C_TYPES[type_]} {name}" for name, type_ in zip("abc", case.types, strict=False))
        result = C_TYPES[str(op.results[0].type)]
        # Operands stand in parentheses, as an expression inside another would.
        text = scalar_text(op, lambda i: f"({'abc'[i]})")
        lines.append(f"static {result} f{number}({parameters}) {{ const {result} r = {text}; return r; }}")
        form, cast = ("%.17g", "double") if "float" in result or "double" in result else ("%lld", "long long")
        for row in case.rows:
            arguments = ", ".join(literal(value, type_) for value, type_ in zip(row, case.types, strict=True))
            calls.append(f'  printf("{form}\\n", ({cast})f{number}({arguments}));')
    return "\n".join([*lines, "int main() {", *calls, "  return 0;", "}"]) + "\n"


def literal(value: float, type_: str) -> str:
    """A C++ literal of this value, written without the code under test."""
    if type_.startswith("f"):
        if math.isnan(value) or math.isinf(value):
            return "NAN" if math.isnan(value) else ("INFINITY" if value > 0 else "-INFINITY")
        return f"({C_TYPES[type_]}){value!r}"
    return "INT64_MIN" if value == -(2**63) else f"({C_TYPES[type_]}){value}LL"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """The printed results of every case."""
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.fail("g++ is not on the PATH; scripts/setup.sh installs it")
    folder = tmp_path_factory.mktemp("scalar_ops")
    (folder / "ops.cpp").write_text(program(CASES))
    command = [compiler, "-std=c++17", "-O0", "-ffp-contract=off", f"-I{INCLUDE}", "-o", "ops", "ops.cpp", "-lm"]
    compiled = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert compiled.returncode == 0, compiled.stderr[:2000]
    printed = subprocess.run([folder / "ops"], check=True, capture_output=True, text=True).stdout.split("\n")
    found, start = [], 0
    for case in CASES:
        found.append(printed[start : start + len(case.rows)])
        start += len(case.rows)
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.text.replace("%", "") for case in CASES])
def test_an_op_computes_what_it_means(number: int, results: list[list[str]]) -> None:
    case = CASES[number]
    for row, printed in zip(case.rows, results[number], strict=True):
        expected = case.reference(*row)
        found = float(printed) if "." in printed or "n" in printed or "e" in printed else int(printed)
        if isinstance(expected, float | np.floating) and math.isnan(expected):
            assert math.isnan(found), f"{case.text} of {row}"
        elif case.exact:
            assert found == expected, f"{case.text} of {row}"
        else:
            # The C library is within 2 units in the last place of a float.
            assert found == pytest.approx(expected, rel=2.4e-7, abs=1e-12), f"{case.text} of {row}"


def test_every_op_with_a_form_has_a_case() -> None:
    covered = {case.op.name for case in CASES}
    known = {*expressions._INFIX, *expressions._CALLS, *expressions._CASTS, *expressions._CHOICES}
    assert known | {"arith.negf", "arith.select", "arith.cmpf", "arith.cmpi", "math.absi"} == covered
    assert all(is_supported(case.op) for case in CASES)


def test_an_op_without_a_form_is_named_in_the_error() -> None:
    case = Case("math.ctpop %a : i32", ("i32",), (), int)
    assert not is_supported(case.op)
    with pytest.raises(InternalError, match=r"DF402: no C\+\+ form for math\.ctpop"):
        scalar_text(case.op, str)


@pytest.mark.parametrize("op", ["arith.negf %a : f32", "arith.subf %a, %a : f32", "math.absi %a : i32"])
def test_a_negative_literal_may_stand_under_any_sign(op: str) -> None:
    case = Case(op, ("i32" if "absi" in op else "f32",), (), int)
    assert "--" not in scalar_text(case.op, lambda _: "-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.0 : f32", "1.0f"),
        ("-2.5 : f32", "-2.5f"),
        ("0.1 : f32", "0.100000001f"),
        ("0xFF800000 : f32", "-INFINITY"),
        ("0x7F800000 : f32", "INFINITY"),
        ("0x7FC00000 : f32", "NAN"),
        ("1.0e+20 : f32", "1.00000002e+20f"),
        ("0.1 : f64", "0.10000000000000001"),
        ("true", "true"),
        ("false", "false"),
        ("-7 : i32", "-7"),
        ("5 : index", "5"),
        ("5 : i64", "5"),
        ("4294967296 : i64", "4294967296LL"),
        ("-9223372036854775808 : i64", "(-9223372036854775807LL - 1)"),
    ],
)
def test_a_constant_is_exact(text: str, expected: str) -> None:
    constant = Case(f"arith.constant {text}", (), (), int).op
    assert constant_text(constant.value) == expected  # type: ignore[attr-defined]

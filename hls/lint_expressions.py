"""Index expressions and guards of the emitted text: parsed, bounded by intervals, counted.

The text is C++ on `int`: names, integers, `+ - * / %`, comparisons, `&&` and `?:`. A value is first bounded by interval
arithmetic; where that cannot decide, all combinations of the counters involved are evaluated: the answer is exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

Range = tuple[int, int]
"""Smallest and largest value."""

INT_MAX = 2**31 - 1

GRID_LIMIT = 1 << 23
"""Largest number of counter combinations that is evaluated; beyond it an expression counts as not decidable."""

_TOKEN = re.compile(r"\s*(?:(\d+)(?:LL)?(?![\w.])|([A-Za-z_]\w*)|(&&|==|!=|<=|>=|[-+*/%()<>?:]))")
_PRECEDENCE = {"&&": 1, "==": 2, "!=": 2, "<": 2, "<=": 2, ">": 2, ">=": 2, "+": 3, "-": 3, "*": 4, "/": 4, "%": 4}
_INTEGER_CASTS = frozenset({"int", "int64_t", "int32_t"})


class NotDecidable(Exception):
    """The value depends on data, or on more combinations than are evaluated."""


@dataclass(frozen=True, slots=True)
class Number:
    """An integer."""

    value: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """`left sign right`."""

    sign: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? yes : no`."""

    condition: Expr
    yes: Expr
    no: Expr


Expr = Number | Name | Binary | Choice


def parse(text: str) -> Expr | None:
    """The tree of an integer expression; None if it holds anything else (a call, a float, an array element)."""
    tokens: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        tokens.append(next(group for group in match.groups() if group is not None))
        position = match.end()
    parser = _Parser(tokens)
    try:
        expr = parser.whole()
    except (ValueError, IndexError):
        return None
    return expr if parser.position == len(tokens) else None


@dataclass(slots=True)
class _Parser:
    """Precedence climbing over a token list; raises ValueError or IndexError on other text."""

    tokens: Sequence[str]
    position: int = 0

    def whole(self) -> Expr:
        condition = self.binary(0)
        if self.position == len(self.tokens) or self.tokens[self.position] != "?":
            return condition
        self.position += 1
        yes = self.whole()
        if self.tokens[self.position] != ":":
            raise ValueError(self.tokens[self.position])
        self.position += 1
        return Choice(condition, yes, self.whole())

    def binary(self, lowest: int) -> Expr:
        left = self.unary()
        while self.position < len(self.tokens):
            sign = self.tokens[self.position]
            if sign not in _PRECEDENCE or _PRECEDENCE[sign] <= lowest:
                break
            self.position += 1
            left = Binary(sign, left, self.binary(_PRECEDENCE[sign]))
        return left

    def unary(self) -> Expr:
        token = self.tokens[self.position]
        self.position += 1
        if token == "-":
            return Binary("-", Number(0), self.unary())
        if token == "(":
            if self.tokens[self.position] in _INTEGER_CASTS and self.tokens[self.position + 1] == ")":
                self.position += 2
                return self.unary()
            inner = self.whole()
            if self.tokens[self.position] != ")":
                raise ValueError(token)
            self.position += 1
            return inner
        if token.isdigit():
            return Number(int(token))
        if not (token[0].isalpha() or token[0] == "_"):
            raise ValueError(token)
        return Name(token)


def conjuncts(expr: Expr) -> Iterator[Expr]:
    """The parts of an `&&`."""
    if isinstance(expr, Binary) and expr.sign == "&&":
        yield from conjuncts(expr.left)
        yield from conjuncts(expr.right)
    else:
        yield expr


def names_of(expr: Expr) -> frozenset[str]:
    """The variables of an expression."""
    match expr:
        case Number():
            return frozenset()
        case Name(name):
            return frozenset((name,))
        case Binary(_, left, right):
            return names_of(left) | names_of(right)
        case Choice(condition, yes, no):
            return names_of(condition) | names_of(yes) | names_of(no)


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """`expr` with variables replaced by expressions."""
    match expr:
        case Number():
            return expr
        case Name(name):
            return values.get(name, expr)
        case Binary(sign, left, right):
            return Binary(sign, substitute(left, values), substitute(right, values))
        case Choice(condition, yes, no):
            return Choice(substitute(condition, values), substitute(yes, values), substitute(no, values))


def interval(expr: Expr, ranges: Mapping[str, Range]) -> Range:
    """Bounds of `expr`, not necessarily tight. NotDecidable for data, and for a dividend that may be negative."""
    match expr:
        case Number(value):
            return value, value
        case Name(name):
            if name not in ranges:
                raise NotDecidable(name)
            return ranges[name]
        case Binary(sign, left, right):
            (a, b), (c, d) = interval(left, ranges), interval(right, ranges)
            if sign == "+":
                return a + c, b + d
            if sign == "-":
                return a - d, b - c
            if sign == "*":
                products = (a * c, a * d, b * c, b * d)
                return min(products), max(products)
            if sign in "/%" and c == d > 0 and a >= 0:
                if sign == "/":
                    return a // c, b // c
                return (a % c, b % c) if a // c == b // c else (0, c - 1)
            raise NotDecidable(sign)
        case Choice(_, yes, no):
            (a, b), (c, d) = interval(yes, ranges), interval(no, ranges)
            return min(a, c), max(b, d)


def evaluate(expr: Expr, values: Mapping[str, np.ndarray], dividends: list[np.ndarray]) -> np.ndarray:
    """`expr` in C++'s arithmetic, for arrays of counter values; dividends are collected for the caller to check."""
    match expr:
        case Number(value):
            if value > INT_MAX:
                raise NotDecidable(f"{value} is no int")
            return np.asarray(value, dtype=np.int64)
        case Name(name):
            if name not in values:
                raise NotDecidable(name)
            return values[name]
        case Binary(sign, left, right):
            a, b = evaluate(left, values, dividends), evaluate(right, values, dividends)
            if sign in "/%":
                if not np.all(b > 0):
                    raise NotDecidable(sign)
                dividends.append(a)
                remainder = np.fmod(a, b)
                return remainder if sign == "%" else (a - remainder) // b
            return np.asarray(_APPLY[sign](a, b))
        case Choice(condition, yes, no):
            taken = evaluate(condition, values, dividends)
            return np.where(taken, evaluate(yes, values, dividends), evaluate(no, values, dividends))


_APPLY = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "&&": np.logical_and,
}


@dataclass(frozen=True, slots=True)
class Counter:
    """A loop's counter: it goes from `start` to before `limit`, which may depend on outer counters, by `step`."""

    name: str
    start: Expr
    limit: Expr
    step: int = 1


class Space:
    """The values that the counters around a statement take under the guards it stands under.

    NotDecidable if a bound or a guard depends on data, or ties together more counters than are enumerated.
    """

    def __init__(self, counters: Sequence[Counter], guards: Sequence[Expr] = ()) -> None:
        self.domains: dict[str, np.ndarray] = {}
        self.guards = list(guards)
        """Guards, and bounds of loops that are not constant."""
        around: dict[str, Range] = {}
        for counter in counters:
            low, high = interval(counter.start, around)[0], interval(counter.limit, around)[1]
            is_fixed = not names_of(counter.start)
            self.domains[counter.name] = np.arange(low, high, counter.step if is_fixed else 1, dtype=np.int64)
            here = Name(counter.name)
            if not is_fixed:
                since = Binary("-", here, counter.start)
                self.guards += [
                    Binary(">=", here, counter.start),
                    Binary("==", _modulo(since, counter.step), Number(0)),
                ]
            if names_of(counter.limit):
                self.guards.append(Binary("<", here, counter.limit))
            around[counter.name] = (low, max(low, high - 1))

    def iterations(self) -> int:
        """How often the statement runs."""
        total, free = 1, set(self.domains)
        while free:
            group = self._linked(frozenset((next(iter(free)),)))
            free -= group
            total *= int(self._mask(group, self._grid(group)).sum()) if self._guards_of(group) else self._size(group)
        constant = [guard for guard in self.guards if not names_of(guard)]
        return total if all(bool(evaluate(guard, {}, [])) for guard in constant) else 0

    def ranges(self) -> dict[str, Range] | None:
        """Each counter's smallest and largest value under guards on it alone; None if the statement never runs."""
        found: dict[str, Range] = {}
        for name, values in self.domains.items():
            for guard in self.guards:
                if names_of(guard) == {name}:
                    values = values[np.broadcast_to(evaluate(guard, {name: values}, []), values.shape)]
            if not len(values):
                return None
            found[name] = (int(values[0]), int(values[-1]))
        return found

    def exact(self, expr: Expr) -> tuple[Range, bool] | None:
        """Smallest and largest value of `expr`, and whether a dividend is ever negative; None if it never runs."""
        group = self._linked(names_of(expr))
        grid = self._grid(group)
        mask = self._mask(group, grid)
        if not mask.any():
            return None
        dividends: list[np.ndarray] = []
        values = np.broadcast_to(evaluate(expr, grid, dividends), mask.shape)[mask]
        negative = any((np.broadcast_to(dividend, mask.shape)[mask] < 0).any() for dividend in dividends)
        return (int(values.min()), int(values.max())), negative

    def _linked(self, names: frozenset[str]) -> frozenset[str]:
        """`names` and every counter that a guard ties to them."""
        while True:
            more = names.union(*(names_of(guard) for guard in self._guards_of(names)))
            if more == names:
                return names
            names = more

    def _size(self, names: frozenset[str]) -> int:
        return prod(len(self.domains[name]) for name in names)

    def _guards_of(self, names: frozenset[str]) -> list[Expr]:
        return [guard for guard in self.guards if names_of(guard) & names]

    def _grid(self, names: frozenset[str]) -> dict[str, np.ndarray]:
        unknown = names - self.domains.keys()
        if unknown or self._size(names) > GRID_LIMIT:
            raise NotDecidable(", ".join(sorted(unknown or names)))
        ordered = sorted(names)
        axes = [self.domains[name] for name in ordered]
        return dict(zip(ordered, np.meshgrid(*axes, indexing="ij", sparse=True), strict=True)) if axes else {}

    def _mask(self, names: frozenset[str], grid: Mapping[str, np.ndarray]) -> np.ndarray:
        mask = np.ones(tuple(len(self.domains[name]) for name in sorted(names)), dtype=bool)
        for guard in self._guards_of(names):
            mask = mask & evaluate(guard, grid, [])
        return mask


def _modulo(expr: Expr, step: int) -> Expr:
    return Binary("%", expr, Number(step))


def negated(expr: Expr) -> Expr:
    """The condition of an `else`."""
    return Binary("==", expr, Number(0))


def bounds(expr: Expr, space: Space, inside: Range) -> tuple[Range, bool] | None:
    """Bounds of `expr` and whether a dividend is negative: by intervals if they lie `inside`, else exactly.

    None if the statement never runs. NotDecidable for data.
    """
    ranges = space.ranges()
    if ranges is None:
        return None
    unknown = names_of(expr) - ranges.keys()
    if unknown:
        raise NotDecidable(", ".join(sorted(unknown)))
    try:
        low, high = interval(expr, ranges)
        if inside[0] <= low and high <= inside[1]:
            return (low, high), False
    except NotDecidable:
        pass
    return space.exact(expr)

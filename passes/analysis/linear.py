"""Linear index expressions over an iteration domain, and the domain itself.

A `Linear` is `const + sum(coefficient * iv)`. A view (reshape) needs `floordiv` and `mod` by constants; these stay
linear when the domain is split at the right places, so `divmod_linear` either answers, asks for a split by raising
`NeedSplit`, or gives up with None (the caller falls back to a plain affine expression).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineDimExpr,
    AffineExpr,
)

IterKind = Literal["parallel", "reduction"]


class NeedSplit(Exception):
    """Dimension `dim` of the domain must become two, the inner one of extent `inner`."""

    def __init__(self, dim: int, inner: int) -> None:
        super().__init__(f"split dimension {dim} by {inner}")
        self.dim = dim
        self.inner = inner


@dataclass(frozen=True, slots=True)
class Linear:
    """`const + sum(coefficient * iv)`; `terms` maps a domain dimension to its non-zero coefficient."""

    terms: Mapping[int, int] = field(default_factory=dict)
    const: int = 0

    @classmethod
    def of(cls, dim: int, coefficient: int = 1) -> Linear:
        """`coefficient * iv(dim)`."""
        return cls({dim: coefficient} if coefficient else {})

    def __add__(self, other: Linear) -> Linear:
        terms = dict(self.terms)
        for dim, coefficient in other.terms.items():
            terms[dim] = terms.get(dim, 0) + coefficient
        return Linear({d: c for d, c in terms.items() if c}, self.const + other.const)

    def scaled(self, factor: int) -> Linear:
        """This expression times a constant."""
        return Linear({d: c * factor for d, c in self.terms.items() if factor}, self.const * factor)

    def coefficient(self, dim: int) -> int:
        """Coefficient of `dim`, 0 if absent."""
        return self.terms.get(dim, 0)

    def without(self, dims: Iterable[int]) -> Linear:
        """This expression with the terms of `dims` dropped."""
        dropped = set(dims)
        return Linear({d: c for d, c in self.terms.items() if d not in dropped}, self.const)

    def affine(self) -> AffineExpr:
        """As an xDSL affine expression whose dimensions are the domain's."""
        expr: AffineExpr | None = None
        for dim in sorted(self.terms):
            coefficient = self.terms[dim]
            term = AffineExpr.dimension(dim)
            term = term if coefficient == 1 else term * coefficient
            expr = term if expr is None else expr + term
        if expr is None:
            return AffineExpr.constant(self.const)
        return expr + self.const if self.const else expr


Index = Linear | AffineExpr
"""An index along one tensor dimension: linear, or any affine expression where a reshape could not be resolved."""


@dataclass(frozen=True, slots=True)
class IterDim:
    """One loop of a structured op: the digit with weight `step` of linalg dimension `origin`."""

    extent: int
    kind: IterKind
    origin: int
    step: int = 1


@dataclass(slots=True)
class Domain:
    """The loops of a structured op; linalg dimensions may be split into several digits.

    A `frozen` domain is never split: where a split would be needed, indices stay plain affine expressions.
    """

    dims: list[IterDim]
    frozen: bool = False

    @classmethod
    def of(cls, extents: Sequence[int], kinds: Sequence[IterKind]) -> Domain:
        """The unsplit domain of a linalg op."""
        return cls([IterDim(e, k, i) for i, (e, k) in enumerate(zip(extents, kinds, strict=True))])

    def split(self, dim: int, inner: int) -> Domain:
        """This domain with `dim` replaced by an outer digit and an inner one of extent `inner` (which divides it)."""
        old = self.dims[dim]
        assert old.extent % inner == 0, f"{inner} does not divide {old.extent}"
        pair = [
            IterDim(old.extent // inner, old.kind, old.origin, old.step * inner),
            IterDim(inner, old.kind, old.origin, old.step),
        ]
        return Domain([*self.dims[:dim], *pair, *self.dims[dim + 1 :]])

    def origin_index(self, origin: int) -> Linear:
        """linalg dimension `origin` as a linear expression of the digits; digits of extent 1 are always 0."""
        terms = {i: d.step for i, d in enumerate(self.dims) if d.origin == origin and d.extent > 1}
        return Linear(terms)

    def extent(self, dim: int) -> int:
        """Trip count of `dim`."""
        return self.dims[dim].extent

    def is_parallel(self, dim: int) -> bool:
        """Whether `dim` carries no reduction."""
        return self.dims[dim].kind == "parallel"

    def upper(self, expr: Linear) -> int:
        """The largest value of `expr` (coefficients are taken as non-negative)."""
        return expr.const + sum(c * (self.dims[d].extent - 1) for d, c in expr.terms.items())


def divmod_linear(expr: Linear, divisor: int, domain: Domain) -> tuple[Linear, Linear] | None:
    """`(expr floordiv divisor, expr mod divisor)`, or None where neither is linear; may raise `NeedSplit`."""
    if any(c < 0 for c in expr.terms.values()) or expr.const < 0:
        return None
    high = Linear({d: c // divisor for d, c in expr.terms.items() if c % divisor == 0}, expr.const // divisor)
    low = Linear({d: c for d, c in expr.terms.items() if c % divisor}, expr.const % divisor)
    if domain.upper(low) < divisor:
        return high, low
    if domain.frozen:
        return None
    for dim, coefficient in sorted(low.terms.items(), key=lambda term: -term[1]):
        inner, rest = divmod(divisor, coefficient)
        if rest == 0 and inner > 1 and domain.extent(dim) > inner and domain.extent(dim) % inner == 0:
            raise NeedSplit(dim, inner)
    return None


def to_affine(index: Index) -> AffineExpr:
    """Any index as an affine expression."""
    return index.affine() if isinstance(index, Linear) else index


def add_index(left: Index, right: Index) -> Index:
    """Sum, linear if both are."""
    if isinstance(left, Linear) and isinstance(right, Linear):
        return left + right
    return to_affine(left) + to_affine(right)


def scale_index(index: Index, factor: int) -> Index:
    """Product with a constant."""
    return index.scaled(factor) if isinstance(index, Linear) else index * factor


def divmod_index(index: Index, divisor: int, domain: Domain) -> tuple[Index, Index]:
    """Quotient and remainder by a constant, linear where possible; may raise `NeedSplit`."""
    if divisor == 1:
        return index, Linear()
    if isinstance(index, Linear):
        linear = divmod_linear(index, divisor, domain)
        if linear is not None:
            return linear
    expr = to_affine(index)
    return expr // divisor, expr % divisor


def evaluate(expr: AffineExpr, dims: Sequence[Index], domain: Domain) -> Index:
    """`expr` with its dimensions replaced by `dims`; may raise `NeedSplit`."""
    match expr:
        case AffineDimExpr():
            return dims[expr.position]
        case AffineConstantExpr():
            return Linear(const=expr.value)
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            return add_index(evaluate(expr.lhs, dims, domain), evaluate(expr.rhs, dims, domain))
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul):
            left, right = evaluate(expr.lhs, dims, domain), evaluate(expr.rhs, dims, domain)
            if isinstance(right, Linear) and not right.terms:
                return scale_index(left, right.const)
            assert isinstance(left, Linear) and not left.terms, "an affine product has a constant factor"
            return scale_index(right, left.const)
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.FloorDiv, rhs=AffineConstantExpr() as divisor):
            return divmod_index(evaluate(expr.lhs, dims, domain), divisor.value, domain)[0]
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod, rhs=AffineConstantExpr() as divisor):
            return divmod_index(evaluate(expr.lhs, dims, domain), divisor.value, domain)[1]
        case _:
            raise ValueError(f"not an affine expression with constant divisors: {expr}")

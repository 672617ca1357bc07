"""Integer expressions that are affine in loop counters, with quotients and remainders by constants.

An `Index` is a sum of atoms with integer factors and a constant. Atoms are loop counters and quotients or remainders of
other sums, so that equal expressions are equal values and constants fold by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from xdsl.ir.affine import AffineBinaryOpExpr, AffineBinaryOpKind, AffineExpr

from dataflowc.frontends.hls_cpp.storage import Entity

LIMIT = 2**62
"""Stands for «not bounded» in ranges."""


@dataclass(frozen=True, slots=True)
class Division:
    """`numerator / divisor` rounded down, or the remainder; the numerator is never negative."""

    numerator: Index
    divisor: int
    is_remainder: bool


Atom = Entity | Division


@dataclass(frozen=True, slots=True)
class Index:
    """Sum of factor * atom, and a constant."""

    terms: tuple[tuple[Atom, int], ...]
    constant: int = 0

    @classmethod
    def of(cls, counter: Entity) -> Index:
        """The counter itself."""
        return cls(((counter, 1),))

    def plus(self, other: Index, factor: int = 1) -> Index:
        """`self + factor * other`."""
        if not other.terms:
            return Index(self.terms, self.constant + factor * other.constant)
        terms = dict(self.terms)
        for atom, count in other.terms:
            terms[atom] = terms.get(atom, 0) + factor * count
        return Index(
            tuple((atom, count) for atom, count in terms.items() if count), self.constant + factor * other.constant
        )

    def times(self, factor: int) -> Index:
        """`factor * self`."""
        if not factor:
            return Index(())
        return Index(tuple((atom, count * factor) for atom, count in self.terms), self.constant * factor)

    def divided(self, divisor: int, *, remainder: bool, facts: Iterable[Index] = ()) -> Index | None:
        """`self / divisor` or `self % divisor`; None where C++ and rounding down may differ (negative values).

        `facts` are indices that are known not to be negative here.
        """
        if divisor < 1 or (self.range()[0] < 0 and not any(self._exceeds(fact) for fact in facts)):
            return None
        if not self.terms:
            return Index((), self.constant % divisor if remainder else self.constant // divisor)
        if divisor == 1:
            return Index(()) if remainder else self
        return Index(((Division(self, divisor, remainder), 1),))

    def _exceeds(self, fact: Index) -> bool:
        """Whether `self` is `fact` and a constant that is not negative."""
        difference = self.plus(fact, -1)
        return not difference.terms and difference.constant >= 0

    def range(self) -> tuple[int, int]:
        """Smallest and largest value over the ranges of the counters."""
        low = high = self.constant
        for atom, count in self.terms:
            if isinstance(atom, Division):
                bottom, top = (max(0, end) for end in atom.numerator.range())
                ends = (
                    (0, min(top, atom.divisor - 1))
                    if atom.is_remainder
                    else (bottom // atom.divisor, top // atom.divisor)
                )
            else:
                ends = (atom.low, atom.high)
            low += min(count * ends[0], count * ends[1])
            high += max(count * ends[0], count * ends[1])
        return max(low, -LIMIT), min(high, LIMIT)

    def affine(self, dimension: Callable[[Entity], int]) -> AffineExpr:
        """As an affine expression; `dimension` numbers the counters."""
        total: AffineExpr | None = None
        for atom, count in self.terms:
            if isinstance(atom, Division):
                kind = AffineBinaryOpKind.Mod if atom.is_remainder else AffineBinaryOpKind.FloorDiv
                numerator = atom.numerator.affine(dimension)
                term: AffineExpr = AffineBinaryOpExpr(kind, numerator, AffineExpr.constant(atom.divisor))
            else:
                term = AffineExpr.dimension(dimension(atom))
            if count != 1:
                term = AffineBinaryOpExpr(AffineBinaryOpKind.Mul, term, AffineExpr.constant(count))
            total = term if total is None else AffineBinaryOpExpr(AffineBinaryOpKind.Add, total, term)
        if total is None:
            return AffineExpr.constant(self.constant)
        if self.constant:
            total = AffineBinaryOpExpr(AffineBinaryOpKind.Add, total, AffineExpr.constant(self.constant))
        return total

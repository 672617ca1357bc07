"""Which weights stay on chip, and how many rows share a pass over those that don't.

Every op with large weights has a few plans; each costs local memory and off-chip reads. Starting from the smallest
memory, the plan with the most reads saved per bit is taken again and again while the budget lasts. That is greedy: the
best set of plans may save more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dataflowc.passes.nodes.plan import Choice


@dataclass(frozen=True, slots=True)
class Option:
    """One choice for one op: `bits` of local memory, `reads` of weight elements per call."""

    choice: Choice
    bits: int
    reads: int


def choose(options: Sequence[Sequence[Option]], budget_bits: int) -> list[Option]:
    """One option per op, within `budget_bits` in total if that is possible at all."""
    taken = [min(row, key=lambda o: (o.bits, o.reads)) for row in options]
    spent = sum(option.bits for option in taken)
    while True:
        best: tuple[float, int, Option] | None = None
        for position, (row, current) in enumerate(zip(options, taken, strict=True)):
            for option in row:
                saved, extra = current.reads - option.reads, option.bits - current.bits
                if saved > 0 and spent + extra <= budget_bits:
                    gain = saved / max(extra, 1)
                    if best is None or gain > best[0]:
                        best = (gain, position, option)
        if best is None:
            return taken
        _, position, option = best
        spent += option.bits - taken[position].bits
        taken[position] = option

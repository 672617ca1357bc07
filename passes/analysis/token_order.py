"""Where a token stands in a stream, as a function of the consumer's loops.

The position of the element at tensor index I in a stream of order O is `sum(P_j * digit_j(I))`, P_j being the number of
tokens of one step of loop j. With a linear index this is one `Linear` over the consumer's domain, and everything the
lowering asks becomes arithmetic on its coefficients: may the FIFO be read in place, how large is the slab to keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from dataflowc.dialects.attributes import OrderAttr, OrderLoop
from dataflowc.passes.analysis.linear import Domain, Index, Linear, divmod_linear


def token_strides(order: OrderAttr) -> tuple[int, ...]:
    """Tokens per step of each loop of `order`."""
    extents = order.extents
    return tuple(prod(extents[j + 1 :]) for j in range(len(extents)))


def token_position(order: OrderAttr, index: Sequence[Index], domain: Domain) -> Linear | None:
    """Position of the token at tensor `index`; None if it is not linear in the domain. May raise `NeedSplit`."""
    position = Linear()
    strides = token_strides(order)
    for dim, expr in enumerate(index):
        if not isinstance(expr, Linear):
            return None
        digits = sorted((loop.step, j) for j, loop in enumerate(order.data) if loop.dim == dim and loop.extent > 1)
        rest: Linear = expr
        for place, (step, j) in enumerate(digits):
            # `rest` counts in units of `step`; the next digit up starts at `above` of these units
            is_last = place + 1 == len(digits)
            if is_last:
                digit = rest
            else:
                above = digits[place + 1][0] // step
                parts = divmod_linear(rest, above, domain)
                if parts is None:
                    return None
                rest, digit = parts
            position = position + digit.scaled(strides[j])
    return position


def reads_in_place(loops: Sequence[int], position: Linear, tokens: int, domain: Domain) -> bool:
    """Whether loops (outermost first) visit positions 0, 1, 2, ... `tokens - 1`, each first visit in order.

    Loops that do not move the position may only stand inside all that do: then the token is read once, at their first
    iteration, and kept.
    """
    if position.const:
        return False
    expected, seen_mover = 1, False
    for dim in reversed(loops):
        coefficient, extent = position.coefficient(dim), domain.extent(dim)
        if extent == 1:
            continue
        if coefficient == 0:
            if seen_mover:
                return False
            continue
        seen_mover = True
        if coefficient != expected:
            return False
        expected *= extent
    return expected == tokens


def matched_prefix(loops: Sequence[int], position: Linear, tokens: int, domain: Domain) -> tuple[int, int]:
    """How many leading `loops` walk the stream in order, and how many tokens (the slab) remain inside them.

    A loop that does not move the position ends the prefix: what follows is kept for its iterations.
    """
    rest = tokens
    for count, dim in enumerate(loops):
        extent = domain.extent(dim)
        if extent == 1:
            continue
        if rest % extent or position.coefficient(dim) != rest // extent:
            return count, rest
        rest //= extent
    return len(loops), rest


def suffix_of(order: OrderAttr, tokens: int) -> tuple[OrderLoop, ...]:
    """The innermost loops of `order` that together make `tokens`; a loop is cut where the boundary falls inside it."""
    suffix: list[OrderLoop] = []
    rest = tokens
    for loop in reversed(order.data):
        if rest == 1:
            break
        extent = min(loop.extent, rest)
        assert rest % extent == 0, "a slab boundary falls inside a loop"
        suffix.append(OrderLoop(loop.dim, extent, loop.step))
        rest //= extent
    return tuple(reversed(suffix))


def slab_shape(loops: Sequence[OrderLoop], rank: int) -> tuple[int, ...]:
    """Extent along each of `rank` tensor dimensions of a buffer that holds the tokens of `loops`."""
    last_index = [0] * rank
    for loop in loops:
        last_index[loop.dim] += loop.step * (loop.extent - 1)
    return tuple(last + 1 for last in last_index)

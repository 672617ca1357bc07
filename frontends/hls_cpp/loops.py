"""`for` loops: bounds and pragmas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects import affine
from xdsl.dialects.builtin import ArrayAttr, IndexType, StringAttr, UnitAttr
from xdsl.ir import Attribute, Block, Region

from dataflowc.dialects.attributes import PipelineAttr, UnrollAttr
from dataflowc.frontends.hls_cpp.builder import Builder
from dataflowc.frontends.hls_cpp.conditions import pure_index
from dataflowc.frontends.hls_cpp.errors import bad_pragma, unknown_bound, unsupported
from dataflowc.frontends.hls_cpp.linear import LIMIT, Index
from dataflowc.frontends.hls_cpp.pragmas import LOOP_PRAGMAS, VARIABLE_PRAGMAS
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Binary, Expression, For, Name, Pragma, Ternary

ZERO = Index(())


@dataclass(frozen=True, slots=True)
class Bounds:
    """`for (c = max(starts); c < min(limits); c += step)`; the C++ counter is `scale * c + shift`."""

    starts: tuple[Index, ...]
    limits: tuple[Index, ...]
    step: int
    scale: int = 1
    shift: Index = ZERO
    given: str = ""


def loop_op(builder: Builder, loop: For, bounds: Bounds) -> tuple[affine.ForOp, Entity, Index]:
    """An empty loop, its counter, and what the C++ counter is in terms of it."""
    low = max(start.range()[0] for start in bounds.starts)
    high = min(limit.range()[1] for limit in bounds.limits) - 1
    if len(bounds.starts) == len(bounds.limits) == 1 and not bounds.starts[0].terms and not bounds.limits[0].terms:
        high = low + max(0, (high - low) // bounds.step) * bounds.step
    counter = Entity(loop.counter, "counter", low=low, high=max(high, low))
    block = Block(arg_types=[IndexType()])
    block.args[0].name_hint = loop.counter
    lower, lower_operands = builder.map(bounds.starts)
    upper, upper_operands = builder.map(bounds.limits)
    op = affine.ForOp.from_region(lower_operands, upper_operands, [], [], lower, upper, Region(block), bounds.step)
    if loop.label:
        op.attributes["label"] = StringAttr(loop.label)
    if bounds.given:
        op.attributes["tripcount"] = StringAttr(bounds.given)
    builder.frame.own[counter] = block.args[0]
    return op, counter, Index.of(counter).times(bounds.scale).plus(bounds.shift)


def bounds_of(builder: Builder, loop: For, tripcounts: Mapping[str, int]) -> Bounds:
    """The bounds of a loop.

    Raises:
        UserError: DF172 where they depend on data and no trip count was given; UnsupportedOp: DF170 for a step that is
        not constant.
    """
    scope, place = builder.scope, builder.place(loop.line)
    step = pure_index(loop.step, scope)
    if step is None or step.terms or not step.constant:
        raise unsupported(place, f"the step of loop '{_name(loop)}' is not a constant other than 0", construct="for")
    starts = _choices(loop.start, builder, ">")
    limits = _choices(loop.limit, builder, "<")
    if starts is None or limits is None:
        return _given(builder, loop, tripcounts, starts, step.constant)
    if step.constant > 0:
        if loop.relation in (">", ">="):
            raise unsupported(place, f"loop '{_name(loop)}' counts up and compares with {loop.relation}")
        if loop.relation == "!=" and step.constant != 1:
            raise unsupported(place, f"loop '{_name(loop)}' compares with != and has a step of {step.constant}")
        if loop.relation == "<=":
            limits = tuple(limit.plus(Index((), 1)) for limit in limits)
        return Bounds(starts, limits, step.constant)
    return _down(builder, loop, starts, limits, -step.constant)


def _down(builder: Builder, loop: For, starts: tuple[Index, ...], limits: tuple[Index, ...], step: int) -> Bounds:
    """A loop that counts down, turned round."""
    if len(starts) > 1 or len(limits) > 1 or loop.relation in ("<", "<="):
        raise unsupported(builder.place(loop.line), f"loop '{_name(loop)}' counts down in a way that is not supported")
    trip = starts[0].plus(limits[0], -1)
    if loop.relation == ">=":
        trip = trip.plus(Index((), 1))
    if step > 1 and trip.terms:
        raise unsupported(builder.place(loop.line), f"loop '{_name(loop)}' counts down by {step} from a varying start")
    if step > 1:
        trip = Index((), -(-trip.constant // step))
    return Bounds((ZERO,), (trip,), 1, -step, starts[0])


def _given(
    builder: Builder, loop: For, tripcounts: Mapping[str, int], starts: tuple[Index, ...] | None, step: int
) -> Bounds:
    """Bounds from `--tripcount` or the LOOP_TRIPCOUNT pragma."""
    names = [name for name in (loop.label, *sorted(_names(loop.limit)), loop.counter) if name]
    count, given = next((tripcounts[name] for name in names if name in tripcounts), None), "user"
    if count is None:
        pragma = next((p for p in loop.body.pragmas if p.name == "loop_tripcount"), None)
        found = [pragma.integer(key) for key in ("max", "avg", "min")] if pragma is not None else []
        count, given = next((number for number in found if number is not None), None), "pragma"
    if count is None:
        raise unknown_bound(builder.place(loop.line), _name(loop), names[:3])
    start = starts[0] if starts is not None and len(starts) == 1 else ZERO
    return Bounds((ZERO,), (Index((), count),), 1, step, start, given)


def _choices(expression: Expression, builder: Builder, sign: str) -> tuple[Index, ...] | None:
    """The values whose maximum (sign >) or minimum (sign <) the bound is."""
    if isinstance(expression, Ternary) and isinstance(expression.condition, Binary):
        test = expression.condition
        if test.operator == sign and (test.left, test.right) == (expression.yes, expression.no):
            left, right = _choices(test.left, builder, sign), _choices(test.right, builder, sign)
            return None if left is None or right is None else left + right
    index = pure_index(expression, builder.scope)
    if index is None:
        return None
    low, high = index.range()
    return (index,) if low > -LIMIT and high < LIMIT else None


def _names(expression: Expression) -> set[str]:
    match expression:
        case Name(name=name):
            return {name}
        case Binary(left=left, right=right):
            return _names(left) | _names(right)
        case _:
            return set()


def _name(loop: For) -> str:
    return loop.label or loop.counter


def loop_attributes(builder: Builder, pragmas: tuple[Pragma, ...]) -> dict[str, Attribute]:
    """The attributes that the pragmas of a loop body set on the loop.

    Raises:
        UserError: DF171 for a pragma that has no place in a loop.
    """
    found: dict[str, Attribute] = {}
    dependences = []
    for pragma in pragmas:
        match pragma.name:
            case "pipeline" | "unroll":
                found |= schedule_attributes(pragma)
            case "loop_flatten":
                found["flatten" if pragma.get("off") is None else "flatten_off"] = UnitAttr()
            case "dependence":
                dependences.append(StringAttr(" ".join(f"{k}={v}" if v else k for k, v in pragma.options)))
            case name if name not in LOOP_PRAGMAS and name not in VARIABLE_PRAGMAS:
                raise bad_pragma(
                    builder.place(pragma.line),
                    f"pragma {name.upper()} does not belong in a loop",
                    f"in a loop: {', '.join(sorted(LOOP_PRAGMAS | VARIABLE_PRAGMAS))}",
                )
            case _:
                pass
    if dependences:
        found["dependence"] = ArrayAttr(dependences)
    return found


def schedule_attributes(pragma: Pragma) -> dict[str, Attribute]:
    """The attributes of a PIPELINE or UNROLL pragma."""
    off = pragma.get("off")
    if off is not None and off.lower() != "false":
        return {f"{pragma.name}_off": UnitAttr()}
    if pragma.name == "pipeline":
        found: dict[str, Attribute] = {"pipeline": PipelineAttr.get(pragma.integer("ii") or 1, "pragma")}
        style = "flp" if pragma.get("enable_flush") is not None else pragma.get("style")
        if style is not None:
            found["style"] = StringAttr(style.lower())
        if pragma.get("rewind") is not None:
            found["rewind"] = UnitAttr()
        return found
    return {"unroll": UnrollAttr.get(pragma.integer("factor") or 0, "pragma")}

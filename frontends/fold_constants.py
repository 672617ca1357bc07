"""Evaluates, once and offline, everything that depends on weights and literals only."""

from __future__ import annotations

import operator
from typing import Any

import torch
from torch.fx import Node
from torch.fx.node import map_arg

from dataflowc.frontends.program import Constant, TorchProgram, dtype_of, shape_of
from dataflowc.frontends.sources import layer_of

aten = torch.ops.aten

_BROADCASTS = (aten.expand.default,)
_EAGER = {aten.view.default: aten.reshape.default, aten._unsafe_view.default: aten.reshape.default}
"""What to call instead in eager mode: with the copies gone, a view may meet strides it cannot keep."""
_SCALAR_SECOND = (aten.add.Tensor, aten.sub.Tensor, aten.mul.Tensor, aten.div.Tensor)
_COMMUTATIVE = (aten.add.Tensor, aten.mul.Tensor)


class ConstantValues:
    """Which nodes of a program are constant, and their values, computed on demand and kept."""

    def __init__(self, program: TorchProgram) -> None:
        self._program = program
        self._constant: dict[Node, bool] = {}
        self._values: dict[Node, Any] = {}

    def is_constant(self, node: Any) -> bool:
        """True if `node` depends on constants only and gives the same value every time."""
        if not isinstance(node, Node):
            return False
        if node not in self._constant:
            pending = [node]
            while pending:  # an explicit stack: chains of nodes are longer than Python's recursion limit
                current = pending[-1]
                missing = [arg for arg in current.all_input_nodes if arg not in self._constant]
                if missing:
                    pending.extend(missing)
                else:
                    self._constant[pending.pop()] = self._is_constant_given_inputs(current)
        return self._constant[node]

    def _is_constant_given_inputs(self, node: Node) -> bool:
        if node in self._program.constants:
            return True
        if node.op != "call_function" or not all(self._constant[arg] for arg in node.all_input_nodes):
            return False
        if node.target is operator.getitem:
            return True
        return isinstance(node.target, torch._ops.OpOverload) and not (
            torch.Tag.nondeterministic_seeded in node.target.tags or node.target._schema.is_mutable
        )

    def evaluate(self, node: Node) -> Any:
        """The value of a constant node."""
        if node in self._values:
            return self._values[node]
        for step in self._in_order(node):
            if step not in self._values:
                constant = self._program.constants.get(step)
                self._values[step] = constant.value.detach() if constant else self._call(step)
        return self._values[node]

    def _call(self, node: Node) -> Any:
        args, kwargs = map_arg((node.args, node.kwargs), self._values.__getitem__)
        target = _EAGER.get(node.target, node.target)
        assert callable(target)
        with torch.no_grad():
            return target(*args, **kwargs)

    def _in_order(self, node: Node) -> list[Node]:
        """`node` and all it depends on, inputs first."""
        order: dict[Node, None] = {}
        pending = [(node, False)]
        while pending:
            current, expanded = pending.pop()
            if current in order:
                continue
            if expanded:
                order[current] = None
            else:
                pending.append((current, True))
                pending.extend((arg, False) for arg in reversed(current.all_input_nodes))
        return list(order)

    def roots(self, node: Node) -> list[Constant]:
        """The parameters, buffers and literals that go into `node`, in the order in which they are met."""
        return [self._program.constants[step] for step in self._in_order(node) if step in self._program.constants]

    def is_literal(self, node: Node) -> bool:
        """True if no parameter or buffer goes into `node`."""
        return all(root.literal for root in self.roots(node))

    def name_of(self, node: Node) -> str:
        """The state-dict name a folded value goes by: that of the parameter it mostly consists of."""
        named = [root for root in self.roots(node) if not root.literal]
        if not named:
            layer = layer_of(node)
            return f"{layer}.{node.name}" if layer else node.name
        extent = int(torch.tensor(shape_of(node)).prod())
        same_size = [root for root in named if root.value.numel() == extent]
        return (same_size or named)[0].name


def fold_constants(program: TorchProgram) -> None:
    """Replace the last node of every constant subgraph by a constant.

    Before: `%t = permute(%w); %y = mm(%x, %t)`. After: `%y = mm(%x, %w')`, `%w'` a new constant of the same name.
    A broadcast stays outside of the constant, and a literal whose elements are all equal becomes a scalar.
    """
    values = ConstantValues(program)
    folded: dict[str, Node] = {}
    for node in _frontier(program, values):
        value = values.evaluate(node)
        if values.is_literal(node) and _is_uniform(value):
            _fold_uniform(program, node, value.flatten()[0].item())
        elif node not in program.constants:
            key = _identity(node)
            if key not in folded:
                constant = Constant(values.name_of(node), value.contiguous(), values.is_literal(node))
                folded[key] = program.add_constant(constant, node)
            node.replace_all_uses_with(folded[key])
    program.erase_dead()


def _frontier(program: TorchProgram, values: ConstantValues) -> list[Node]:
    """Constant tensors that something not constant uses, in graph order; of a broadcast, what is broadcast."""
    found: dict[Node, None] = {}
    for user in program.graph.nodes:
        if user.op == "placeholder" or values.is_constant(user):
            continue
        for arg in user.all_input_nodes:
            while arg.target in _BROADCASTS and not values.is_literal(arg):
                arg = arg.all_input_nodes[0]
            if values.is_constant(arg) and isinstance(arg.meta["val"], torch.Tensor):
                found[arg] = None
    return list(found)


def _is_uniform(value: torch.Tensor) -> bool:
    return value.numel() > 0 and bool((value == value.flatten()[0]).all())


def _fold_uniform(program: TorchProgram, node: Node, scalar: bool | int | float) -> None:
    """Use the number itself where an op takes one, else a `full`, which has no data."""
    users = list(node.users)
    for user in users:
        _use_scalar(user, node, scalar)
    if node.users and node.target is not aten.full.default:
        where = next(iter(node.users)) if node.op == "placeholder" else node
        full = program.insert_before(where, aten.full.default, (list(shape_of(node)), scalar), node)
        full.kwargs = {"dtype": dtype_of(node)}
        full.meta["val"] = node.meta["val"]
        node.replace_all_uses_with(full)


def _use_scalar(user: Node, node: Node, scalar: bool | int | float) -> None:
    if user.target is aten.where.self and user.args[0] is node:
        chosen = user.args[1 if scalar else 2]
        if isinstance(chosen, Node) and shape_of(chosen) == shape_of(user) and dtype_of(chosen) == dtype_of(user):
            user.replace_all_uses_with(chosen)
        return
    if user.target not in _SCALAR_SECOND or len(user.args) != 2 or user.args[0] is user.args[1]:
        return
    if user.target in _COMMUTATIVE and user.args[0] is node:
        user.args = (user.args[1], user.args[0])
    other = user.args[0]
    if user.args[1] is node and isinstance(other, Node):
        same = shape_of(other) == shape_of(user) and dtype_of(other) == dtype_of(user)
        if same and not isinstance(scalar, bool):
            user.args = (other, scalar)


def _identity(node: Node) -> str:
    """Equal for two calls of the same function on the same arguments."""
    return f"{node.target}{node.args}{node.kwargs}"

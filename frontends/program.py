"""An exported model as a flat FX graph with its constants beside it: what the folding passes work on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch.fx import Graph, Node
from torch.fx.node import map_arg

if TYPE_CHECKING:
    from dataflowc.frontends.source_files import SourceFiles

SOURCE_KEYS = ("stack_trace", "nn_module_stack", "torch_fn", "original_aten")
"""The node metadata that says where a node comes from."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A tensor known at compile time: its name in the state dict (or derived from one), and its value.

    `literal` is true if no parameter or buffer went into it, so that its value belongs to the model's code.
    """

    name: str
    value: torch.Tensor
    literal: bool = False


@dataclass(slots=True)
class TorchProgram:
    """A functional ATen graph. `constants` maps placeholders to their values; `inputs` are the other placeholders."""

    name: str
    graph: Graph
    constants: dict[Node, Constant]
    inputs: list[Node]
    input_names: list[str]
    output_names: list[str]
    files: SourceFiles
    _counter: int = field(default=0)

    @property
    def output(self) -> Node:
        """The output node; its first argument is the flat list of results."""
        return next(iter(reversed(self.graph.nodes)))

    def calls(self) -> list[Node]:
        """All calls, in order, as a list that survives edits."""
        return [node for node in self.graph.nodes if node.op == "call_function"]

    def add_constant(self, constant: Constant, like: Node) -> Node:
        """A new placeholder that holds `constant`, with the source of `like`."""
        self._counter += 1
        first = next(iter(self.graph.nodes))
        with self.graph.inserting_before(first):
            node = self.graph.placeholder(f"folded_{self._counter}")
        node.meta = source_meta(like)
        node.meta["val"] = _fake_mode(self.graph).from_tensor(constant.value, static_shapes=True)
        self.constants[node] = constant
        return node

    def insert_before(self, where: Node, target: Any, args: Sequence[Any], like: Node) -> Node:
        """A new call of `target` in front of `where`, with the source of `like`."""
        with self.graph.inserting_before(where):
            node = self.graph.call_function(target, tuple(args))
        node.meta = source_meta(like)
        with _fake_mode(self.graph):
            node.meta["val"] = target(*map_arg(tuple(args), lambda arg: arg.meta["val"]))
        return node

    def replace(self, old: Node, new: Node) -> None:
        """Let all users of `old` use `new` instead, and erase `old`."""
        old.replace_all_uses_with(new)
        self.graph.erase_node(old)

    def erase_dead(self, nodes: Iterable[Node] | None = None) -> None:
        """Erase calls and constants without users, last first; `nodes` limits the search."""
        for node in reversed(list(self.graph.nodes if nodes is None else nodes)):
            if not node.users and (node.op == "call_function" or node in self.constants):
                self.graph.erase_node(node)
                self.constants.pop(node, None)


def source_meta(node: Node) -> dict[str, Any]:
    """The part of a node's metadata that says where it comes from."""
    return {key: node.meta[key] for key in SOURCE_KEYS if key in node.meta}


def shape_of(node: Node) -> tuple[int, ...]:
    """Static shape of a node's (first) result."""
    return tuple(int(extent) for extent in tensor_of(node).shape)


def dtype_of(node: Node) -> torch.dtype:
    """Element type of a node's (first) result."""
    return tensor_of(node).dtype


def tensor_of(node: Node) -> torch.Tensor:
    """The fake tensor that stands for a node's (first) result."""
    value = node.meta["val"]
    return value[0] if isinstance(value, tuple | list) else value


def _fake_mode(graph: Graph) -> Any:
    """The mode under which the graph was traced."""
    for node in graph.nodes:
        value = node.meta.get("val")
        if hasattr(value, "fake_mode"):
            return value.fake_mode
    from torch._subclasses.fake_tensor import FakeTensorMode

    return FakeTensorMode()

"""Random small graphs of torch ops. A graph is grown on real tensors, so every step is known to run in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

T = TypeVar("T")
Pick = Callable[[Sequence[Any]], Any]
"""Picks one of a sequence: hypothesis, or a seeded generator."""

MAX_ELEMENTS = 512
"""Of any tensor in a graph; larger ones only cost time."""

MAX_MAGNITUDE = 1e3
"""Of any value in a graph, so that no sum cancels most of its digits."""


@dataclass(frozen=True)
class Step:
    """One op: its results come from `apply(*inputs)`, or `layer(*inputs)`. `exact` ops round nothing."""

    text: str
    inputs: tuple[int, ...]
    apply: Callable[..., Any]
    layer: nn.Module | None = None
    exact: bool = False


@dataclass
class Pool:
    """The values of a graph so far. Those that are `exact` are the same bits in any order of evaluation."""

    values: list[Tensor] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)

    def some(self, pick: Pick, holds: Callable[[Tensor], bool], *, exact: bool = False) -> int | None:
        """A value for which `holds`; later ones are likelier."""
        found = [i for i, value in enumerate(self.values) if holds(value) and (self.exact[i] or not exact)]
        return pick([*found, *found[-3:], *found[-1:]]) if found else None


@dataclass(frozen=True)
class Graph:
    """Inputs, steps, and which values are returned."""

    inputs: tuple[Tensor, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def __str__(self) -> str:
        lines = [f"v{i} = input {tuple(x.shape)} {str(x.dtype)[6:]}" for i, x in enumerate(self.inputs)]
        lines += [step.text for step in self.steps]
        return "\n".join([*lines, f"return {', '.join(f'v{i}' for i in self.outputs)}"])


class GraphModule(nn.Module):
    """Runs one graph and returns a tuple, or its one output as it is."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        self.layers = nn.ModuleList([step.layer for step in graph.steps if step.layer is not None])

    def forward(self, *inputs: Tensor) -> Any:
        values = list(inputs)
        for step in self.graph.steps:
            result = (step.layer or step.apply)(*(values[i] for i in step.inputs))
            values += result if isinstance(result, tuple) else (result,)
        outputs = tuple(values[i] for i in self.graph.outputs)
        return outputs if len(outputs) > 1 else outputs[0]


Grower = Callable[[Pick, Pool], Step | None]
"""Makes a step on values of the pool, or None where no value fits."""


def grow(pick: Pick, growers: Sequence[Grower], steps: int) -> Graph:
    """A graph of at most `steps` steps; ops that PyTorch refuses, and results that are too large, are left out."""
    pool = Pool()
    inputs = tuple(_input(pick) for _ in range(pick((1, 1, 2))))
    for value in inputs:
        pool.values.append(value)
        pool.exact.append(True)
    taken: list[Step] = []
    for _ in range(steps):
        step = pick(growers)(pick, pool)
        if step is None or not _append(pool, step):
            continue
        start = len(pool.values) - 1
        names = ", ".join(f"v{i}" for i in step.inputs)
        taken.append(Step(f"v{start} = {step.text} of {names}", step.inputs, step.apply, step.layer, step.exact))
    return Graph(inputs, tuple(taken), _outputs(pick, pool, taken, len(inputs)))


def fresh_inputs(graph: Graph, seed: int) -> tuple[Tensor, ...]:
    """Other inputs of the same shapes and ranges."""
    generator = torch.Generator().manual_seed(seed)
    return tuple(
        torch.randn(x.shape, generator=generator)
        if x.is_floating_point()
        else torch.randint(0, 5, x.shape, generator=generator)
        for x in graph.inputs
    )


def _input(pick: Pick) -> Tensor:
    rank = pick((0, 1, 2, 2, 3, 3, 4, 4, 4))
    if rank == 4:
        shape = (pick((1, 1, 2)), pick((1, 2, 3, 4)), pick((3, 4, 5, 6)), pick((3, 4, 5, 7)))
    else:
        shape = tuple(pick((1, 2, 3, 4, 5, 6)) for _ in range(rank))
    generator = torch.Generator().manual_seed(pick(range(1000)))
    if pick((False,) * 7 + (True,)):
        return torch.randint(0, 5, shape, generator=generator)
    return torch.randn(shape, generator=generator)


def _append(pool: Pool, step: Step) -> bool:
    """Run `step` and put its last result into the pool; False if that is refused or of no use."""
    values = [pool.values[i] for i in step.inputs]
    try:
        with torch.no_grad():
            result = (step.layer or step.apply)(*(value.clone() for value in values))
    except (RuntimeError, ValueError, IndexError):
        return False
    if not isinstance(result, Tensor) or not 0 < result.numel() <= MAX_ELEMENTS or result.dim() > 5:
        return False
    if result.is_floating_point() and not bool((result.abs() < MAX_MAGNITUDE).all()):
        return False
    pool.values.append(result)
    pool.exact.append(step.exact and all(pool.exact[i] for i in step.inputs))
    return True


def _outputs(pick: Pick, pool: Pool, steps: Sequence[Step], inputs: int) -> tuple[int, ...]:
    """The values nothing reads, at least one, and now and then another."""
    read = {i for step in steps for i in step.inputs}
    ends = [i for i in range(inputs, len(pool.values)) if i not in read] or [len(pool.values) - 1]
    if pick((False, False, False, True)):
        ends.append(pick(range(len(pool.values))))
    return tuple(ends)

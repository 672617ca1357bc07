"""Random graphs: the emitted C++ computes what PyTorch computes, and runs with the FIFO depths it was given."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from .graphs import Graph, GraphModule, fresh_inputs, grow
from .layer_ops import LAYER_OPS
from .ops import VALUE_OPS
from .running import check_together, is_well_conditioned
from .shape_ops import SHAPE_OPS

OPS = (*VALUE_OPS, *SHAPE_OPS, *LAYER_OPS)
TOGETHER = 8
"""Graphs per compilation: g++ and the export cost more than the graphs."""

# A failing batch names the part that is wrong; shrinking would take minutes per step.
common = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@st.composite
def graphs(draw: Callable[[st.SearchStrategy[int]], int], steps: int) -> Graph:
    """A graph that grew well and whose result does not hang on the last bits."""
    random = draw(st.randoms(use_true_random=False))  # type: ignore[arg-type]
    graph = grow(random.choice, OPS, steps)  # type: ignore[attr-defined]
    assume(graph.steps and is_well_conditioned(GraphModule(graph).eval(), graph.inputs))
    return graph


def check(batch: list[Graph]) -> None:
    for place, graph in enumerate(batch):
        note(f"part {place}:\n{graph}")
    others = [fresh_inputs(graph, seed) for seed, graph in enumerate(batch)]
    check_together([GraphModule(graph) for graph in batch], [graph.inputs for graph in batch], others)


@settings(common, max_examples=4)
@given(st.lists(graphs(steps=6), min_size=TOGETHER, max_size=TOGETHER))
def test_random_graphs(batch: list[Graph]) -> None:
    check(batch)


@pytest.mark.slow
@settings(common, max_examples=60)
@given(st.lists(graphs(steps=9), min_size=TOGETHER, max_size=TOGETHER))
def test_many_random_graphs(batch: list[Graph]) -> None:
    check(batch)

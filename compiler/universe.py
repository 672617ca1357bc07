"""What dataflowc adds to xDSL's own tools: found by `xdsl-opt` through the entry point `xdsl.universe`."""

from __future__ import annotations

from xdsl.ir import Dialect
from xdsl.universe import Universe

from dataflowc.passes.registry import all_passes


def _dataflow() -> Dialect:
    from dataflowc.dialects.dataflow import Dataflow

    return Dataflow


UNIVERSE = Universe(all_dialects={"dataflow": _dataflow}, all_passes=all_passes())

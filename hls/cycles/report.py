"""What a cycle simulation says: when each process ran and waited, and how full each channel was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataflowc.contracts import Evidence
from dataflowc.cost.loops import LoopResult


@dataclass(frozen=True, slots=True)
class NodeCycles:
    """One process: first cycle, the cycle after the last one, cycles at work, and cycles stalled by channel.

    `end - start` is `busy` plus the stalls. `loops` are its pipelined loops.
    """

    name: str
    start: int
    end: int
    busy: int
    stalled: dict[str, int]
    loops: tuple[LoopResult, ...]

    def to_json(self) -> dict[str, Any]:
        """The row of the node."""
        loops = [
            {
                "label": loop.label,
                "trip": loop.trip,
                "ii": loop.ii,
                "ii_reason": loop.ii_reason,
                "depth": loop.depth,
                "latency": loop.latency,
                "limits": list(loop.limits),
            }
            for loop in self.loops
        ]
        return {
            "name": self.name,
            "start": self.start,
            "end": self.end,
            "busy": self.busy,
            "stalled": self.stalled,
            "loops": loops,
        }


@dataclass(frozen=True, slots=True)
class ChannelCycles:
    """One FIFO, or `copies` equal ones: capacity in tokens, most tokens at once, tokens in all."""

    name: str
    writer: str
    reader: str
    depth: int
    peak: int
    tokens: int
    copies: int

    def to_json(self) -> dict[str, Any]:
        """The row of the channel."""
        return {
            "name": self.name,
            "writer": self.writer,
            "reader": self.reader,
            "depth": self.depth,
            "peak": self.peak,
            "tokens": self.tokens,
            "copies": self.copies,
        }


@dataclass(frozen=True, slots=True)
class CycleReport:
    """One run of a schedule. `cycles` is None where it never ends: `deadlock` then says who waits for whom.

    `interval` is the number of cycles between two runs: that of the busiest process. `notes` say what the figures rest
    on.
    """

    cycles: int | None
    interval: int | None
    clock_ns: float
    nodes: tuple[NodeCycles, ...] = ()
    channels: tuple[ChannelCycles, ...] = ()
    deadlock: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kind: Evidence = field(default="sim-cycle")

    def to_json(self) -> dict[str, Any]:
        """The whole report."""
        return {
            "cycles": self.cycles,
            "interval": self.interval,
            "clock_ns": self.clock_ns,
            "kind": self.kind,
            "nodes": [node.to_json() for node in self.nodes],
            "channels": [channel.to_json() for channel in self.channels],
            "deadlock": list(self.deadlock),
            "notes": list(self.notes),
        }

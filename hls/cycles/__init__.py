"""Cycle simulation of schedules without a vendor tool."""

from __future__ import annotations

from dataflowc.hls.cycles.report import ChannelCycles, CycleReport, NodeCycles
from dataflowc.hls.cycles.simulate import Simulation, simulate

__all__ = ["ChannelCycles", "CycleReport", "NodeCycles", "Simulation", "simulate"]

"""What an `m_axi` adapter costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AdapterCost:
    """One AXI master adapter: LUTs, flip-flops, and the block RAMs of its burst buffers (one direction)."""

    lut: int
    ff: int
    bram18: int


M_AXI_32 = AdapterCost(lut=786, ff=377, bram18=2)
"""A 32-bit bus. LUT and FF: TAPA, backend/python/tapa/hardware.py (async_mmap, measured). BRAM18: the upper end of the
1-2 that synthesis reports show for a 32-bit bus with 16 outstanding bursts of 16 beats."""

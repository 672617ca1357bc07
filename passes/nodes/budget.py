"""How much on-chip memory the local buffers of a design may take."""

from __future__ import annotations

BRAM18_BITS = 16 * 1024
URAM_BITS = 128 * 1024
"""What one block holds of 32-bit words: a BRAM18 is 512 x 36 or 1024 x 18, a URAM 4096 x 72 (vitis.md section 4)."""

DEFAULT_SHARE = 0.6
"""Part of the on-chip memory given to weights, slabs and accumulators. The rest is for FIFOs, AXI adapters, and for
what rounding up to whole RAM blocks wastes."""


def memory_budget_bits(target_name: str, share: float) -> int:
    """Bits for local buffers: `share` of the block RAM of `target_name`."""
    from dataflowc.target import load_target

    resources = load_target(target_name).resources
    return int(share * (resources.bram18 * BRAM18_BITS + resources.uram * URAM_BITS))

"""What a memory costs: block RAM, UltraRAM, LUT RAM, registers and FIFOs.

Pure functions of widths in bits and depths in words. The rules are those that the synthesis reports of Vitis HLS 2023.2
show over 131 designs (utilisation and storage tables); RAM shapes are those of UG573 and AM007. The fits for 32-bit
FIFOs are extended to other widths bit by bit. FIFOs count by capacity: csynth bills one BRAM18 for a FIFO of any depth,
which is not what is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Impl = Literal["register", "srl", "lutram", "bram", "uram"]
ArrayKind = Literal["auto", "register", "lutram", "bram", "uram"]

BRAM18_SHAPES = ((16384, 1), (8192, 2), (4096, 4), (2048, 9), (1024, 18), (512, 36))
"""Depth x width of one RAMB18. The last one only with one read and one write port (AM007; UG573)."""
URAM_DEPTH, URAM_WIDTH = 4096, 72
BRAM_ROUNDED_DEPTH = 8192
"""Up to this depth csynth rounds an array up to a power of two; above, it counts bits."""
BRAM18_BITS = 16384
LUTRAM_MAX_BITS = 4096
"""AUTO keeps arrays and FIFOs of up to this many bits in LUTs."""
SRL_MAX_BITS = 1024
"""`config_storage fifo -auto_srl_max_bits`, default."""
REGISTER_FIFO_DEPTH = 2
"""`config_storage fifo -auto_srl_max_depth`, default: up to here a FIFO is two registers."""


@dataclass(frozen=True, slots=True)
class MemoryCost:
    """What one memory takes: 18 Kb block RAMs, UltraRAMs, LUTs, flip-flops, and what it is made of."""

    bram18: int
    uram: int
    lut: int
    ff: int
    impl: Impl


def bram18(width_bits: int, depth: int, ports: int = 1) -> int:
    """BRAM18s of one bank of `depth` words. `ports` 1: one read and one write port; 2: two ports that do either.

    ValueError for sizes below 1 and for other port counts: more ports need more banks.
    """
    _check(width_bits, depth)
    if ports not in (1, 2):
        raise ValueError(f"a block RAM has 1 or 2 ports, not {ports}: split the array into banks")
    if depth > BRAM_ROUNDED_DEPTH:
        return max(1, (2 * width_bits * depth + BRAM18_BITS) // (2 * BRAM18_BITS))
    return _bram18_of_shapes(width_bits, 1 << (depth - 1).bit_length(), ports)


def uram(width_bits: int, depth: int) -> int:
    """UltraRAMs of one bank of `depth` words: 4096 x 72 each. ValueError for sizes below 1."""
    _check(width_bits, depth)
    return _ceil(width_bits, URAM_WIDTH) * _ceil(depth, URAM_DEPTH)


def lutram_luts(width_bits: int, depth: int) -> int:
    """LUTs of one bank in LUT RAM with one read and one write port, 64 words to a LUT. ValueError for sizes below 1.

    The one LUT on top is what csynth reports: 33 and 65 for 32 bits x 64 and x 128.
    """
    _check(width_bits, depth)
    return width_bits * _ceil(depth, 64) + 1


def fifo_cost(width_bits: int, depth: int) -> MemoryCost:
    """A FIFO of `depth` tokens, implemented as Vitis HLS does by default. ValueError for sizes below 1.

    LUT and FF are fits on 32-bit FIFOs (and 8-bit ones at depth 2): exact there but for a few LUTs.
    """
    _check(width_bits, depth)
    bits = width_bits * depth
    if depth <= REGISTER_FIFO_DEPTH:
        return MemoryCost(0, 0, lut=width_bits + 8, ff=2 * width_bits + 4, impl="register")
    if bits <= SRL_MAX_BITS:
        return MemoryCost(0, 0, lut=width_bits * _ceil(depth, 32) + 18, ff=8, impl="srl")
    if bits <= LUTRAM_MAX_BITS:
        address_bits = (depth - 1).bit_length()
        luts = _ceil(14 * width_bits * _ceil(depth, 64), 5)
        return MemoryCost(0, 0, lut=luts, ff=3 * width_bits + 3 * address_bits + 4, impl="lutram")
    is_short = depth <= 256
    return MemoryCost(
        bram18=_bram18_of_shapes(width_bits, depth, 1),
        uram=0,
        lut=width_bits + (38 if is_short else 46),
        ff=2 * width_bits + (28 if is_short else 31),
        impl="bram",
    )


def array_cost(
    width_bits: int, depth: int, *, kind: ArrayKind = "auto", banks: int = 1, stages: int = 1, ports: int = 1
) -> MemoryCost:
    """An array of `depth` words, cyclic or block partitioned into `banks`, `stages` copies of it (2: ping-pong).

    `ports` as in `bram18`. `auto` is what Vitis HLS chooses: LUT RAM for a bank of up to 4096 bits, else block RAM.
    ValueError for sizes below 1.
    """
    _check(width_bits, depth)
    if banks < 1 or stages < 1:
        raise ValueError(f"banks and stages are at least 1, got {banks} and {stages}")
    bank_depth = _ceil(depth, banks)
    impl = kind
    if impl == "auto":
        impl = "lutram" if width_bits * bank_depth <= LUTRAM_MAX_BITS else "bram"
    copies = banks * stages
    match impl:
        case "register":
            return MemoryCost(
                0, 0, lut=stages * _read_mux(width_bits, depth), ff=stages * width_bits * depth, impl=impl
            )
        case "lutram":
            return MemoryCost(0, 0, lut=copies * lutram_luts(width_bits, bank_depth), ff=copies * width_bits, impl=impl)
        case "uram":
            return MemoryCost(0, copies * uram(width_bits, bank_depth), lut=0, ff=0, impl=impl)
        case "bram":
            return MemoryCost(copies * bram18(width_bits, bank_depth, ports), 0, lut=0, ff=0, impl=impl)
        case _:
            raise ValueError(f"unknown memory kind '{kind}'")


def _bram18_of_shapes(width_bits: int, depth: int, ports: int) -> int:
    shapes = BRAM18_SHAPES if ports == 1 else BRAM18_SHAPES[:-1]
    return min(_ceil(width_bits, width) * _ceil(depth, words) for words, width in shapes)


def _read_mux(width_bits: int, words: int) -> int:
    """LUTs of the multiplexer behind registers read with a variable index: about W * n / 6 in csynth reports."""
    return _ceil(width_bits * words, 6) if words > 1 else 0


def _ceil(value: int, divisor: int) -> int:
    return -(-value // divisor)


def _check(width_bits: int, depth: int) -> None:
    if width_bits < 1 or depth < 1:
        raise ValueError(f"width and depth are at least 1, got {width_bits} bits x {depth}")

"""Readable, unique labels for tasks, nodes and channels, taken from the layer and torch op they implement."""

from __future__ import annotations

import re

from xdsl.ir import Attribute, Operation

from dataflowc.dialects.attributes import SourceAttr

MAX_LENGTH = 48
"""Labels become C identifiers; Vitis appends to them, so they stay well under its limit."""


RESERVED = frozenset(
    """
    alignas alignof and asm auto bool break case catch char class const constexpr continue decltype default delete do
    double else enum explicit export extern false float for friend goto if inline int long mutable namespace new
    noexcept not nullptr operator or private protected public register return short signed sizeof static struct switch
    template this throw true try typedef typename union unsigned using virtual void volatile wchar_t while xor abs acos
    asin atan ceil cos cosh div erf exp exp2 exit expm1 fabs floor fma fmax fmin fmod free gamma index j0 j1 jn kernel
    labs ldexp log log10 log1p log2 main malloc memcpy memset modf pow printf puts rand read remainder rename remove
    rint round scalb send signal sin sinh sqrt stdin stdout stderr tan tanh time top trunc write y0 y1 yn
    atan2 char16_t char32_t consteval constinit co_await co_return co_yield concept dfc errno fpclassify half hls
    hypot ilogb isinf isnan lgamma log1p logb lround nan nearbyint nextafter NULL requires static_assert std tgamma
    thread_local trunc typename wchar_t INLINE INFINITY NAN ap_int ap_uint ap_fixed ap_ufixed ap_axiu ap_axis
    """.split()
)
"""C++ keywords, and what the C and HLS headers define; none can name a process or a variable."""


class Labels:
    """Hands out labels; a label that was taken gets the next number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, source: Attribute | None, op: Operation) -> str:
        """`layer1_0_conv1_conv2d` for an op with a source, else the op's own name.

        Ops that only move data say so: the pad in front of a convolution is `layer1_0_conv1_pad`.
        """
        own = op.name.split(".")[-1]
        if not isinstance(source, SourceAttr):
            parts = [own]
        elif own == "generic":
            parts = [source.layer.data, source.op.data]
        else:
            parts = [source.layer.data, own]
        return self.unique("_".join(part for part in parts if part) or op.name)

    def unique(self, text: str) -> str:
        """`text` as a C identifier that was not handed out before."""
        base = identifier(text)
        label, count = base, 1
        while label in self._taken:
            count += 1
            label = f"{base}_{count}"
        self._taken.add(label)
        return label


def identifier(text: str) -> str:
    """`text` as a C identifier: every run of other characters becomes `_`; of a long text the last whole words stay.

    Never a reserved word, never starting with a digit or `_`, and at most `MAX_LENGTH` + 2 long.
    """
    name = _last_words(re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_"))
    if not name:
        return "x"
    if name[0].isdigit():
        name = f"n{name}"
    return f"{name}_x" if name in RESERVED else name


def _last_words(name: str) -> str:
    """The end of `name` that fits into `MAX_LENGTH`, from the first word that is whole and no number."""
    if len(name) <= MAX_LENGTH:
        return name
    tail = name[-MAX_LENGTH:]
    words = tail.split("_")[1:] or [tail]  # the first word is cut
    while len(words) > 1 and words[0].isdigit():
        words = words[1:]
    return "_".join(words)

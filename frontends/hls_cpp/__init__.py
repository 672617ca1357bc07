"""HLS C++ in: `read_hls_cpp` turns a C++ design into the IR of level `nodes`.

The result is one `func.func @<top>` around one `dataflow.schedule`. Conventions on which later stages may rely:

**Schedule.** Carries the unit attribute `imported`: the design was written by others, so the verifier grants what HLS
tools grant. A port may be used by several nodes; a written array may also be loaded (`writes` then means in and out);
a buffer may be passed along a chain of nodes in textual order (the first one writes it, the ones between load and
store it, the last ones read it); a node may take loop counters and scalars of the code around its schedule as `reads`.
A nested schedule takes streams, arrays, counters and scalars as `args`, and its nodes use the block arguments directly
(there are no ports in it).

**Top.** With `#pragma HLS dataflow` every call, every loop nest between the calls and every run of loose statements is
a node, in textual order. Loose constants are copied into the nodes that use them. Nests that store to one local array
without loading it are merged into one node, placed where the last one stood, with `merged = ["loop0", "loop6"]`.
Without the pragma there is one node, labelled as the function, that holds the whole body in sequence.

**Nodes.** The label is the function called, or the label of the nest (`nest_<line>` without one). `kind` is "call",
"nest", "statements", or "sequential" for a top without dataflow. A pipelined function has `pipeline` on its node.

**Hierarchy.** A function, or a loop body, with the dataflow pragma and at least two processes becomes a nested
`dataflow.schedule` in the node or loop. With a single process there is no schedule: its code stands
directly in the node or loop, which has the unit attribute `dataflow`.

**Calls.** Calls inside sequential code are inlined. Each outermost op that came from a call (loop, branch, load, ...)
has `call = "name#k"`, k counting all inlined calls of the design from 1 in textual order; nested calls are joined by
`/` ("f#1/g#2"). INLINE changes nothing, and INTERFACE of a function other than the top means nothing.

**Streams.** `dataflow.stream` with `depth` (pragma first, then the second template argument, else 2). Arrays of streams
are lanes. `order` is empty: the tensor behind a stream is not known. A stream used by one node only stands in it.

**Arrays.** Function arguments are `dataflow.port`s whose bundle is the parameter's name; scalar parameters are ports of
shape (). `role` is "output" if anything stores to it, else "input". A parameter that nothing uses has no
port. `interface` holds the options of the INTERFACE pragmas as a dictionary, e.g. {mode = "m_axi", bundle = "gmem0"}.
A local array used by several processes is a
`dataflow.buffer` with 2 stages in the schedule (1 if STREAM type=shared), otherwise local to its node with 1 stage.
`partition` merges the pragmas of the array and of the parameters it is passed to (larger factor first); BIND_STORAGE
and RESOURCE set `memory` where they name a memory, and `impl` (a string attribute such as "ram_s2p_bram") always.
STREAM on an array sets the unit attribute `fifo` and `depth`.

**Scalars.** A local that is set once, where it is declared, is an SSA value. A local that is assigned again is a buffer
of shape () (a register), read and written by `affine.load` and `affine.store`. Integers that are affine in the loop
counters are not computed at all: they stand in the maps.

**Loops.** `affine.for` with constant bounds, or bounds affine in outer counters. Attributes: `label`,
`pipeline = #dataflow.pipeline<II, "pragma">` (II 1 if not given) with `style` (a string: stp, flp or frp) and `rewind`
where given, `pipeline_off`, `unroll = #dataflow.unroll<k,
"pragma">` (0 means all), `unroll_off`, `flatten`, `flatten_off` (units), `dependence` (an array of strings, as
written), `tripcount` ("user" or "pragma") where the trip count was given and not read from the bounds. Loops are never
unrolled, merged or dropped here, not even those of one trip. A loop that counts down is turned round.

**Branches.** `affine.if` on affine conditions, `scf.if` on others; a ternary is `arith.select`.

**Loads.** An element that one statement names several times is loaded once. `a > b || a != a ? a : b` is
`arith.maximumf`, with `b != b` it is `arith.maxnumf`, and likewise the minima. A subscript that is not affine makes
`memref.load` and `memref.store`.

**Numbers.** C++ rules: `0.5` is a double, so `x * 0.5` with a float x is extf, mulf f64, truncf. Constants are
converted at compile time. `exp` and `sqrt` of a float are float functions, as `<hls_math.h>` declares them.
`fmax`/`fmin` are `arith.maxnumf`/`arith.minnumf`. BIND_OP sets `impl` = "op impl latency" on the ops that compute the
variable.

**Source.** Every op but constants and terminators has `source = #dataflow.source<function, kind, file, line>`, with
kind one of function, parameter, declare, for, if, assign, write, call. xDSL does not print the attributes of
`affine.load` and `affine.store`: they are there in memory only.
"""

from __future__ import annotations

from dataflowc.frontends.hls_cpp.reader import read_hls_cpp

__all__ = ["read_hls_cpp"]

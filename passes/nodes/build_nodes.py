"""`build-nodes`: tasks on tensors become isolated processes joined by streams and off-chip ports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass

from dataflowc.diagnostics import UserError
from dataflowc.dialects.attributes import OrderAttr
from dataflowc.dialects.dataflow import BufferOp, DispatchOp, TaskOp, YieldOp
from dataflowc.dialects.types import bits_of
from dataflowc.passes.analysis.gathers import Table, table_of
from dataflowc.passes.analysis.linear import Domain, Linear
from dataflowc.passes.analysis.structured import (
    Copies,
    Slice,
    Structured,
    analyze_copies,
    analyze_generic,
)
from dataflowc.passes.analysis.tasks import base_of, gathered, read_values, root_of
from dataflowc.passes.analysis.views import Access, shape_of
from dataflowc.passes.nodes.budget import DEFAULT_SHARE, memory_budget_bits
from dataflowc.passes.nodes.channels import Channels, ReplayLoop
from dataflowc.passes.nodes.choose import Option, choose
from dataflowc.passes.nodes.copy_node import (
    Source,
    emit_copies,
    emit_slice,
    order_of_copies,
    order_of_slice,
    walk_operand,
)
from dataflowc.passes.nodes.function import argument_names, replace_function, result_names, results_of
from dataflowc.passes.nodes.generic_node import GenericEmitter, fill
from dataflowc.passes.nodes.input_order import preferred_order
from dataflowc.passes.nodes.outputs import emit_store
from dataflowc.passes.nodes.plan import (
    SMALL_WEIGHT,
    Choice,
    Plan,
    Planner,
    Replay,
    Slab,
    local_bits,
    weight_reads,
)
from dataflowc.passes.nodes.sinks import ArraySink, NoSink, Sink, StreamSink
from dataflowc.passes.nodes.writer import NodeWriter


@dataclass(frozen=True)
class BuildNodesPass(ModulePass):
    """Lower every task to one `dataflow.node` with rolled loops.

    Before: `%y = dataflow.task "fc" { linalg.generic ins(%x, %w) }`
    After:  `dataflow.node "fc" reads(%x_stream, %w_stream) writes(%y_stream) { affine.for ... }`, plus a loader per
    weight and input and a storer per output, each with its own port.

    `memory_share` of the on-chip memory of `target` is what weights kept on chip, slabs and accumulators may take in
    all. Needs the level `tasks`, gives `nodes`.
    """

    name = "build-nodes"

    target: str = "vck190"
    memory_share: float = DEFAULT_SHARE

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Replace each function by one of the same name on off-chip arrays."""
        budget = memory_budget_bits(self.target, self.memory_share)
        for main in list(op.body.block.ops):
            if isinstance(main, func.FuncOp):
                _Lowering(main, budget).run()


@dataclass(slots=True)
class _Lowering:
    """The lowering of one function."""

    main: func.FuncOp
    budget_bits: int
    channels: Channels = field(init=False)
    dispatch: DispatchOp = field(init=False)
    names: dict[SSAValue, tuple[str, str]] = field(init=False)
    """Function argument -> (role, name)."""
    forwarded: dict[SSAValue, SSAValue] = field(init=False)
    """Dispatch result -> the task result that it yields."""
    spare_bits: int = 0
    """On-chip memory that the chosen plans leave."""

    def run(self) -> None:
        """Count readers, choose plans, emit nodes, replace the function."""
        block = self.main.body.block
        dispatches = [op for op in block.ops if isinstance(op, DispatchOp)]
        if len(dispatches) != 1:
            raise UserError(
                "DF215",
                f"build-nodes needs one dataflow.dispatch, found {len(dispatches)}",
                hint="run build-tasks first",
            )
        self.dispatch = dispatches[0]
        last = self.dispatch.body.block.last_op
        assert isinstance(last, YieldOp)
        self.forwarded = dict(zip(self.dispatch.res, last.values, strict=True))
        self.names = dict(zip(block.args, argument_names(self.main), strict=True))
        self.channels = Channels(self._count_readers())
        plans = self._choose_plans()
        for task in self._tasks():
            self._lower_task(task, plans)
        self._store_outputs()
        replace_function(self.main, self.channels)

    # --- what there is ----------------------------------------------------------------------------------------------

    def _tasks(self) -> list[TaskOp]:
        return [op for op in self.dispatch.body.block.ops if isinstance(op, TaskOp)]

    def _result_of(self, value: SSAValue) -> SSAValue:
        """Inside a task, the root op's result; outside, the task's. Both name one tensor: the task's result."""
        return self.forwarded.get(value, value)

    def _is_weight(self, value: SSAValue) -> bool:
        return value in self.names and self.names[value][0] == "weight"

    def _order_of(self, value: SSAValue) -> OrderAttr | None:
        return None if self._is_weight(value) else self.channels.orders[self._result_of(value)]

    def _count_readers(self) -> dict[SSAValue, int]:
        readers: dict[SSAValue, int] = {}
        values = [v for task in self._tasks() for v in read_values(root_of(task))]
        last = self.main.body.block.last_op
        assert isinstance(last, func.ReturnOp)
        values += [base_of(value) for value in last.arguments]
        for value in values:
            if value is not None:
                value = self._result_of(value)
                readers[value] = readers.get(value, 0) + 1
        return readers

    # --- choices ----------------------------------------------------------------------------------------------------

    def _choose_plans(self) -> dict[Operation, tuple[Structured, Plan]]:
        """A first pass in program order fixes the order of every tensor; then memory is shared out."""
        generics: list[linalg.GenericOp] = []
        rows: list[list[Option]] = []
        for task in self._tasks():
            root = root_of(task)
            self._fix_input_orders(root)
            orders: Sequence[OrderAttr]
            if isinstance(root, linalg.GenericOp):
                structured, plan = self._planned(root, Choice())
                orders = [plan.order_of_output(structured, i) for i in range(len(root.res))]
                generics.append(root)
                rows.append(self._options(root, structured))
            else:
                copies = analyze_copies(root)
                order = order_of_copies if isinstance(copies, Copies) else order_of_slice
                orders = [order(copies, self._order_of)]  # type: ignore[arg-type]
            self.channels.orders.update(zip(task.res, orders, strict=True))
        for value in results_of(self.main):
            base = base_of(value)
            if base is not None and isinstance(base, BlockArgument) and not self._is_weight(base):
                self._fix_order(base)
        taken = choose(rows, self.budget_bits)
        self.spare_bits = self.budget_bits - sum(option.bits for option in taken)
        return {op: self._planned(op, option.choice) for op, option in zip(generics, taken, strict=True)}

    def _planned(self, op: linalg.GenericOp, choice: Choice) -> tuple[Structured, Plan]:
        structured = analyze_generic(op, self._order_of)
        if choice.split is not None:
            structured = analyze_generic(op, self._order_of, structured.domain.split(*choice.split))
        return structured, Planner(structured, self._order_of, self._is_weight).plan(choice)

    def _options(self, op: linalg.GenericOp, structured: Structured) -> list[Option]:
        choices = [Choice()]
        if any(a.value is not None and self._is_weight(a.value) and prod(shape_of(a.value)) > SMALL_WEIGHT
               for a in structured.inputs):  # fmt: skip
            choices += self._streamed_choices(op)
        options = []
        for choice in choices:
            planned, plan = self._planned(op, choice)
            options.append(Option(choice, local_bits(planned, plan), weight_reads(planned, plan)))
        return options

    def _streamed_choices(self, op: linalg.GenericOp) -> list[Choice]:
        """Weights streamed per iteration of all outer loops, of fewer, or of groups of the innermost."""
        structured, plan = self._planned(op, Choice("streamed"))
        choices = [Choice("streamed")]
        choices += [Choice("streamed", outer=count) for count in range(len(plan.outer))]
        if plan.row is None and plan.outer:
            last = plan.outer[-1]
            extent = structured.domain.extent(last)
            divisors = [d for d in range(2, extent) if extent % d == 0]
            choices += [Choice("streamed", outer=len(plan.outer), split=(last, d)) for d in divisors]
        return choices

    def _fix_input_orders(self, root: Operation) -> None:
        for value in read_values(root):
            if value in self.names and not self._is_weight(value):
                self._fix_order(value)

    def _fix_order(self, value: SSAValue) -> None:
        if value not in self.channels.orders:
            self.channels.orders[value] = preferred_order(value, self._tasks())

    # --- emission ---------------------------------------------------------------------------------------------------

    def _lower_task(self, task: TaskOp, plans: dict[Operation, tuple[Structured, Plan]]) -> None:
        root = root_of(task)
        self._load_inputs(root)
        source = task.attributes.get("source")
        label = self.channels.label(task.label.data)
        writer = NodeWriter(label, source)
        sinks: list[Sink] = []
        if isinstance(root, linalg.GenericOp):
            structured, plan = plans[root]
            channels = self._operand_channels(structured, plan)
            randoms = {t: self._random_array(t, writer) for t in gathered(root)}
            for i, result in enumerate(task.res):
                order = plan.order_of_output(structured, i)
                assert order == self.channels.orders[result], "a choice must not change the order of a result"
                sinks.append(self._sink(result, order, label))
            weight_names = {value: name for value, (role, name) in self.names.items() if role == "weight"}
            GenericEmitter(structured, plan, writer, channels, sinks, randoms, weight_names).emit()
        else:
            self._lower_copy(root, task.res[0], label, writer)
        self.channels.add(writer.finish())
        for result in task.res:
            self.channels.fork(result, source)

    def _sink(self, result: SSAValue, order: OrderAttr, label: str) -> Sink:
        stream = self.channels.produce(result, order, f"{label}_out")
        return StreamSink(stream) if stream is not None else NoSink()

    def _lower_copy(self, root: Operation, result: SSAValue, label: str, writer: NodeWriter) -> None:
        copies = analyze_copies(root)
        order = self.channels.orders[result]
        if isinstance(copies, Slice):
            walk = walk_operand(copies.operand, shape_of(copies.operand), self._order_of)
            source = self._source(walk.access)
            emit_slice(copies, order, walk, source, self._sink(result, order, label), writer)
            return
        walks = [walk_operand(p.operand, [r.count for r in p.box], self._order_of) for p in copies.pieces]
        sources = [self._source(walk.access) for walk in walks]
        emit_copies(copies, order, walks, sources, self._sink(result, order, label), writer)

    def _source(self, access: Access) -> Source:
        if access.value is None:
            return Source(None, None)
        if self._is_weight(access.value):
            order = OrderAttr.row_major(shape_of(access.value))
            return Source(self._whole_weight(access.value), order)
        value = self._result_of(access.value)
        return Source(self.channels.consume(value), self.channels.orders[value])

    def _load_inputs(self, root: Operation) -> None:
        """A loader for every model input that is met for the first time."""
        for value in read_values(root):
            self._load_input(value)

    def _load_input(self, value: SSAValue) -> None:
        if value in self.names and not self._is_weight(value) and not self.channels.is_produced(value):
            self.channels.load_input(value, self.names[value][1], self.channels.orders[value])

    def _operand_channels(self, op: Structured, plan: Plan) -> list[SSAValue | None]:
        channels: list[SSAValue | None] = []
        modes = (*plan.inputs, *plan.inits)
        for number, (access, mode) in enumerate(zip((*op.inputs, *op.inits), modes, strict=True)):
            if access.value is None or mode is None:
                channels.append(None)
            elif not self._is_weight(access.value):
                stream = self.channels.consume(self._result_of(access.value))
                whole = isinstance(mode, Slab) and mode.depth == 0 and mode.row is None
                channels.append(self._buffered(stream, mode) if whole else stream)  # type: ignore[arg-type]
            elif isinstance(mode, Replay):
                loops = (*plan.outer, *(plan.inner if number < len(op.inputs) else plan.accumulated))
                channels.append(self._replayed_weight(access, mode, loops, op.domain))
            else:
                assert isinstance(mode, Slab)
                channels.append(self._whole_weight(access.value))
        return channels

    def _buffered(self, stream: SSAValue, slab: Slab) -> SSAValue:
        """A tensor that its reader needs whole: a ping-pong buffer between the two, if a second copy fits.

        Then the next call's tensor comes in while this one's is in use. Without room the reader keeps a copy of its
        own.
        """
        element = stream.type.element_type  # type: ignore[attr-defined]
        bits = prod(slab.shape) * bits_of(element)
        if bits > self.spare_bits or prod(slab.shape) == 1:
            return stream
        self.spare_bits -= bits
        label = (stream.name_hint or "x").removesuffix("_out")
        buffer = BufferOp(self.channels.label(f"{label}_all"), element, [e for e in slab.shape if e > 1], stages=2)
        buffer.attributes["reason"] = StringAttr("the reader's order is not the writer's")
        self.channels.add(buffer)
        writer = NodeWriter(self.channels.label(f"{label}_collect"), None)
        rank = len(slab.shape)
        fill(writer, writer.reading(stream), writer.writing(buffer.channel), slab, rank)
        self.channels.add(writer.finish())
        return buffer.channel

    def _whole_weight(self, value: SSAValue) -> SSAValue:
        loops = [ReplayLoop(extent, dim) for dim, extent in enumerate(shape_of(value))]
        return self.channels.load_weight(value, self.names[value][1], loops)

    def _replayed_weight(self, access: Access, mode: Replay, loops: Sequence[int], domain: Domain) -> SSAValue:
        assert access.value is not None
        last = max((loops.index(d) for d in mode.movers), default=-1)
        replay = []
        for loop in loops[: last + 1]:
            touched = [(d, i) for d, i in enumerate(access.index) if isinstance(i, Linear) and i.coefficient(loop)]
            dim, step = (touched[0][0], touched[0][1].coefficient(loop)) if touched else (None, 1)
            replay.append(ReplayLoop(domain.extent(loop), dim, step))
        return self.channels.load_weight(access.value, self.names[access.value][1], replay)

    def _random_array(self, value: SSAValue, writer: NodeWriter) -> tuple[Table, SSAValue | None]:
        """A table that a body indexes by value: a weight stays off chip and is read where it is needed."""
        table = table_of(value)
        base = table.base
        if base is None:
            return table, None
        elements = prod(shape_of(base))
        if self._is_weight(base):
            element = base.type.element_type  # type: ignore[attr-defined]
            return table, writer.reading(self.channels.port("weight", self.names[base][1], element, elements))
        stream = self.channels.consume(self._result_of(base))
        order = self.channels.orders[self._result_of(base)]
        kept = writer.buffer("table", base.type.element_type, [elements])  # type: ignore[attr-defined]
        shape = shape_of(base)
        flat = Linear()
        loops = [(v, p.extent, f"f{v}") for v, p in enumerate(order.data)]
        for variable, loop in enumerate(order.data):
            flat = flat + Linear.of(variable, loop.step * prod(shape[loop.dim + 1 :]))
        with writer.loops(loops, "fill"):
            writer.store(writer.take(writer.reading(stream)), kept, [flat.affine()])
        return table, kept

    # --- outputs and the new function -------------------------------------------------------------------------------

    def _store_outputs(self) -> None:
        names = result_names(self.main)
        for value, name in zip(results_of(self.main), names, strict=True):
            base = base_of(value)
            if base is not None:
                self._load_input(base)
            element, shape = value.type.element_type, shape_of(value)  # type: ignore[attr-defined]
            walk = walk_operand(value, shape, self._order_of)
            source = self._source(walk.access)
            port = self.channels.port("output", name, element, prod(shape))
            writer = NodeWriter(self.channels.label(f"store_{name}"), None)
            emit_store(value, walk, source, ArraySink(port, shape), writer)
            self.channels.add(writer.finish())

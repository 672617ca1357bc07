"""Types and attributes of the `dataflow` dialect.

`StreamType` is a FIFO of scalars. `OrderAttr` says in which order a stream, or an off-chip array, holds the elements of
a tensor. `SourceAttr` ties an op to the user's PyTorch line. `PipelineAttr`, `MemoryAttr` and `DepthAttr` are
decisions; each carries the reason for which it was taken, so that a report can always say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, IntAttr, StringAttr
from xdsl.ir import Attribute, Data, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition, param_def
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

MEMORY_KINDS = ("auto", "register", "lutram", "bram", "uram")
"""Where a buffer lives; `auto` until `place-memories` decides."""


@irdl_attr_definition
class StreamType(ParametrizedAttribute, TypeAttribute):
    """A FIFO of scalars, `!dataflow.stream<f32>`, or an array of them, `!dataflow.stream<f32, 4, 8>`.

    An array has one FIFO per combination of `lanes` indices, all of the same depth. Depth and order are attributes of
    the op that makes it.
    """

    name = "dataflow.stream"
    element_type: Attribute = param_def()
    lanes: ArrayAttr[IntAttr] = param_def()

    @classmethod
    def get(cls, element_type: Attribute, lanes: Sequence[int] = ()) -> StreamType:
        """Build from plain values; no lanes means a single FIFO."""
        return cls(element_type, ArrayAttr(IntAttr(extent) for extent in lanes))

    @property
    def lane_shape(self) -> tuple[int, ...]:
        """Extents of the array of FIFOs; () for a single one."""
        return tuple(extent.data for extent in self.lanes)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Parse `<type, extent, ...>`."""
        with parser.in_angle_brackets():
            element, lanes = parser.parse_type(), []
            while parser.parse_optional_punctuation(","):
                lanes.append(IntAttr(parser.parse_integer()))
            return (element, ArrayAttr(lanes))

    def print_parameters(self, printer: Printer) -> None:
        """Print `<type, extent, ...>`."""
        with printer.in_angle_brackets():
            printer.print_attribute(self.element_type)
            printer.print_string("".join(f", {extent}" for extent in self.lane_shape))


@irdl_attr_definition
class SourceAttr(ParametrizedAttribute):
    """Where an op comes from: `#dataflow.source<"layer1.0.conv1", "conv2d", "resnet18.py", 34>`."""

    name = "dataflow.source"
    layer: StringAttr = param_def()
    op: StringAttr = param_def()
    file: StringAttr = param_def()
    line: IntAttr = param_def()

    @classmethod
    def get(cls, layer: str, op: str, file: str, line: int) -> SourceAttr:
        """Build from plain values; empty strings and 0 mean unknown."""
        return cls(StringAttr(layer), StringAttr(op), StringAttr(file), IntAttr(line))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Parse `<"layer", "op", "file", line>`."""
        with parser.in_angle_brackets():
            texts = []
            for _ in range(3):
                texts.append(StringAttr(parser.parse_str_literal()))
                parser.parse_punctuation(",")
            return (*texts, IntAttr(parser.parse_integer()))

    def print_parameters(self, printer: Printer) -> None:
        """Print `<"layer", "op", "file", line>`."""
        with printer.in_angle_brackets():
            for text in (self.layer, self.op, self.file):
                printer.print_string_literal(text.data)
                printer.print_string(", ")
            printer.print_string(str(self.line.data))


@dataclass(frozen=True, slots=True)
class OrderLoop:
    """One loop of an order: it walks `extent` steps of `step` elements along tensor dimension `dim`."""

    dim: int
    extent: int
    step: int = 1


@irdl_attr_definition
class OrderAttr(Data[tuple[OrderLoop, ...]]):
    """The order of the elements of a tensor, outermost loop first: `#dataflow.order<1:56, 2:56, 0:64>`.

    The index along dimension d is the sum of step * iv over the loops with that `dim`; a step other than 1 is printed
    as `dim:extent*step`. Together the loops visit every element exactly once.
    """

    name = "dataflow.order"

    @classmethod
    def get(cls, loops: Iterable[OrderLoop]) -> OrderAttr:
        """Build from loops, outermost first."""
        return cls(tuple(loops))

    @classmethod
    def row_major(cls, shape: Sequence[int]) -> OrderAttr:
        """The order of a C array of `shape`."""
        return cls(tuple(OrderLoop(dim, extent) for dim, extent in enumerate(shape)))

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> tuple[OrderLoop, ...]:
        """Parse `<dim:extent[*step], ...>`."""

        def loop() -> OrderLoop:
            dim = parser.parse_integer()
            parser.parse_punctuation(":")
            extent = parser.parse_integer()
            step = parser.parse_integer() if parser.parse_optional_punctuation("*") else 1
            return OrderLoop(dim, extent, step)

        return tuple(parser.parse_comma_separated_list(parser.Delimiter.ANGLE, loop))

    def print_parameter(self, printer: Printer) -> None:
        """Print `<dim:extent[*step], ...>`."""
        with printer.in_angle_brackets():
            text = ", ".join(f"{p.dim}:{p.extent}" + (f"*{p.step}" if p.step != 1 else "") for p in self.data)
            printer.print_string(text)

    def verify(self) -> None:
        """Dimensions count from 0, and every loop moves."""
        for loop in self.data:
            if loop.dim < 0 or loop.extent < 1 or loop.step < 1:
                raise VerifyException(
                    "a loop of an order has a dimension from 0 and a positive extent and step, "
                    f"got {loop.dim}:{loop.extent}*{loop.step}"
                )

    @property
    def extents(self) -> tuple[int, ...]:
        """Trip counts, outermost first."""
        return tuple(loop.extent for loop in self.data)


class _Decision(ParametrizedAttribute):
    """`<value, "reason">`: the common text form of the decisions below."""

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Parse `<value, "reason">`."""
        with parser.in_angle_brackets():
            number = parser.parse_optional_integer()
            value = StringAttr(parser.parse_identifier()) if number is None else IntAttr(number)
            parser.parse_punctuation(",")
            return (value, StringAttr(parser.parse_str_literal()))

    def print_parameters(self, printer: Printer) -> None:
        """Print `<value, "reason">`."""
        with printer.in_angle_brackets():
            value, reason = self.parameters
            assert isinstance(value, IntAttr | StringAttr) and isinstance(reason, StringAttr)
            printer.print_string(f"{value.data}, ")
            printer.print_string_literal(reason.data)


@irdl_attr_definition
class PipelineAttr(_Decision):
    """Initiation interval of a pipelined loop, in cycles: `#dataflow.pipeline<1, "no recurrence">`."""

    name = "dataflow.pipeline"
    value: IntAttr = param_def()
    reason: StringAttr = param_def()

    def verify(self) -> None:
        """A loop starts at most one iteration per cycle."""
        if self.value.data < 1:
            raise VerifyException(f"an initiation interval is at least 1, got {self.value.data}")

    @classmethod
    def get(cls, interval: int, reason: str) -> PipelineAttr:
        """Build from plain values."""
        return cls(IntAttr(interval), StringAttr(reason))


@irdl_attr_definition
class DepthAttr(_Decision):
    """Capacity of a stream in tokens: `#dataflow.depth<32, "default">`."""

    name = "dataflow.depth"
    value: IntAttr = param_def()
    reason: StringAttr = param_def()

    def verify(self) -> None:
        """A FIFO holds at least one token."""
        if self.value.data < 1:
            raise VerifyException(f"a stream has a depth of at least 1, got {self.value.data}")

    @classmethod
    def get(cls, depth: int, reason: str) -> DepthAttr:
        """Build from plain values."""
        return cls(IntAttr(depth), StringAttr(reason))


@irdl_attr_definition
class MemoryAttr(_Decision):
    """Memory kind of a buffer, one of `MEMORY_KINDS`: `#dataflow.memory<bram, "65536 bits">`."""

    name = "dataflow.memory"
    value: StringAttr = param_def()
    reason: StringAttr = param_def()

    def verify(self) -> None:
        """Only the known kinds."""
        if self.value.data not in MEMORY_KINDS:
            raise VerifyException(f"memory kind must be one of {', '.join(MEMORY_KINDS)}, got '{self.value.data}'")

    @classmethod
    def get(cls, kind: str, reason: str) -> MemoryAttr:
        """Build from plain values."""
        return cls(StringAttr(kind), StringAttr(reason))


@irdl_attr_definition
class UnrollAttr(_Decision):
    """Copies of a loop body that run side by side: `#dataflow.unroll<4, "matches the banks of x">`; 0 means all."""

    name = "dataflow.unroll"
    value: IntAttr = param_def()
    reason: StringAttr = param_def()

    @classmethod
    def get(cls, factor: int, reason: str) -> UnrollAttr:
        """Build from plain values."""
        return cls(IntAttr(factor), StringAttr(reason))


PARTITION_KINDS = ("cyclic", "block", "complete")


@dataclass(frozen=True, slots=True)
class DimPartition:
    """How one array dimension is split over banks: index i is in bank i % factor (cyclic), i // ceil(extent / factor)
    (block) or i (complete, `factor` is then the extent)."""

    dim: int
    kind: str
    factor: int


@irdl_attr_definition
class PartitionAttr(Data[tuple[DimPartition, ...]]):
    """Banks of an array: `#dataflow.partition<0 cyclic 4, 2 complete 8>`; dimensions that are absent are not split."""

    name = "dataflow.partition"

    @classmethod
    def get(cls, dims: Iterable[DimPartition]) -> PartitionAttr:
        """Build from the split dimensions, in ascending order."""
        return cls(tuple(sorted(dims, key=lambda d: d.dim)))

    @property
    def banks(self) -> int:
        """Number of banks of the whole array."""
        total = 1
        for dim in self.data:
            total *= dim.factor
        return total

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> tuple[DimPartition, ...]:
        """Parse `<dim kind factor, ...>`."""

        def dimension() -> DimPartition:
            return DimPartition(parser.parse_integer(), parser.parse_identifier(), parser.parse_integer())

        return tuple(parser.parse_comma_separated_list(parser.Delimiter.ANGLE, dimension))

    def print_parameter(self, printer: Printer) -> None:
        """Print `<dim kind factor, ...>`."""
        with printer.in_angle_brackets():
            printer.print_string(", ".join(f"{d.dim} {d.kind} {d.factor}" for d in self.data))

    def verify(self) -> None:
        """Known kinds, positive factors, each dimension once."""
        dims = [d.dim for d in self.data]
        if len(set(dims)) != len(dims):
            raise VerifyException("a partition names each dimension once")
        for d in self.data:
            if d.kind not in PARTITION_KINDS or d.factor < 1:
                raise VerifyException(f"partition kinds are {', '.join(PARTITION_KINDS)} with a positive factor")

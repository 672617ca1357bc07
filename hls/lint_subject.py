"""What the linter looks at: the C++ tree, its processes and channels, and every statement with its loops and guards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

from xdsl.dialects.builtin import MemRefType, ModuleOp

from dataflowc.contracts import HlsProgram
from dataflowc.dialects.dataflow import PortOp
from dataflowc.hls.cpp import (
    Assign,
    Call,
    Comment,
    Declare,
    DeclareStream,
    For,
    Function,
    If,
    Parameter,
    Pragma,
    SourceFile,
    Statement,
    StreamWrite,
)
from dataflowc.hls.lint_expressions import (
    Counter,
    Expr,
    NotDecidable,
    Space,
    conjuncts,
    names_of,
    negated,
    parse,
    substitute,
)

SCALARS = frozenset({"float", "double", "int64_t", "int32_t", "int16_t", "int8_t", "bool", "int"})
"""The scalar types of emitted code."""

READ = re.compile(r"\b(\w+)\.read\(\)")
"""A token taken from a stream."""

_STREAM = re.compile(r"hls::stream<([^<>]+)>& (\w+)")
_POINTER = re.compile(r"(const )?(\w+)\* (\w+)")
_ARRAY = re.compile(r"(\w+) (\w+)((?:\[\d+\])+)")
_EXTENT = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the program breaks: which, in which file and function, and what is wrong."""

    rule: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Operand:
    """A parameter as the linter understands it: `kind` is stream, pointer, array or unknown."""

    name: str
    kind: str
    element: str
    dims: tuple[int, ...] = ()
    is_const: bool = False


def read_parameter(parameter: Parameter) -> Operand:
    """Kind, element type and extents from the parameter's text."""
    text = parameter.text
    if match := _STREAM.fullmatch(text):
        return Operand(match[2], "stream", match[1])
    if match := _POINTER.fullmatch(text):
        return Operand(match[3], "pointer", match[2], (), match[1] is not None)
    if match := _ARRAY.fullmatch(text):
        return Operand(match[2], "array", match[1], extents(match[3]))
    return Operand(parameter.name, "unknown", text)


def extents(text: str) -> tuple[int, ...]:
    """`[4][5]` -> (4, 5)."""
    return tuple(int(extent) for extent in _EXTENT.findall(text))


@dataclass(frozen=True, slots=True)
class Site:
    """A statement with the loops around it, outermost first, and its guards.

    `counters` and `guards` are None if a loop's bound or a condition is not made of counters and integers.
    """

    statement: Statement
    loops: tuple[For, ...] = ()
    counters: tuple[Counter, ...] | None = ()
    guards: tuple[Expr, ...] | None = ()
    names: Mapping[str, Expr] = field(default_factory=dict)
    """Named integers that stand for expressions of counters."""

    @property
    def space(self) -> Space:
        """The counters and guards around the statement. NotDecidable if data takes part."""
        if self.counters is None or self.guards is None:
            raise NotDecidable("a condition or bound")
        return Space(self.counters, self.guards)


def sites(body: Iterable[Statement]) -> Iterator[Site]:
    """Every statement of a function, outer ones first."""
    yield from _sites(body, Site(Comment("")))


def _sites(body: Iterable[Statement], around: Site) -> Iterator[Site]:
    names = dict(around.names)
    for statement in body:
        here = replace(around, statement=statement, names=names)
        yield here
        match statement:
            case Declare(type_, name, (), init) if init is not None and type_.startswith("const int"):
                value = parse(init)
                if value is not None:
                    names = {**names, name: substitute(value, names)}
            case For():
                counter = _counter(statement, names)
                counters = (*here.counters, counter) if here.counters is not None and counter is not None else None
                yield from _sites(statement.body, replace(here, loops=(*here.loops, statement), counters=counters))
            case If():
                condition = parse(statement.condition)
                yes: tuple[Expr, ...] | None = None
                no: tuple[Expr, ...] | None = None
                if condition is not None and here.guards is not None:
                    condition = substitute(condition, names)
                    yes, no = (*here.guards, *conjuncts(condition)), (*here.guards, negated(condition))
                yield from _sites(statement.body, replace(here, guards=yes))
                yield from _sites(statement.otherwise, replace(here, guards=no))
            case _:
                pass


def _counter(loop: For, names: Mapping[str, Expr]) -> Counter | None:
    start, limit = parse(loop.start), parse(loop.limit)
    if start is None or limit is None:
        return None
    return Counter(loop.name, substitute(start, names), substitute(limit, names), loop.step)


def texts(statement: Statement) -> tuple[str, ...]:
    """The C++ expressions that a statement evaluates; for `a[i] = v` these are `a[i]` and `v`."""
    match statement:
        case Declare(init=init):
            return (init,) if init is not None else ()
        case Assign(target, value):
            return (target, value)
        case StreamWrite(_, value):
            return (value,)
        case If(condition=condition):
            return (condition,)
        case For(start=start, limit=limit):
            return (start, limit)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Element:
    """An array element in a text: `array[index][index]`."""

    array: str
    indices: tuple[str, ...]


_INDEXED = re.compile(r"\b([A-Za-z_]\w*)\[")


def elements(text: str) -> Iterator[Element]:
    """The array elements in an expression, also those inside the index of another."""
    for match in _INDEXED.finditer(text):
        indices, position = [], match.end() - 1
        while position < len(text) and text[position] == "[":
            depth, start = 0, position
            while position < len(text):
                depth += {"[": 1, "]": -1}.get(text[position], 0)
                position += 1
                if depth == 0:
                    break
            indices.append(text[start + 1 : position - 1])
        yield Element(match[1], tuple(indices))


def loads_of(statement: Statement) -> Iterator[Element]:
    """The array elements that a statement loads."""
    if isinstance(statement, Assign):
        target = next(elements(statement.target), None)
        for index in target.indices if target else ():
            yield from elements(index)
        yield from elements(statement.value)
    else:
        for text in texts(statement):
            yield from elements(text)


def store_of(statement: Statement) -> Element | None:
    """The array element that a statement stores, if any."""
    return next(elements(statement.target), None) if isinstance(statement, Assign) else None


@dataclass
class Process:
    """A function below the top: its parameters, what it does to them, and every statement."""

    function: Function
    where: str

    @cached_property
    def sites(self) -> list[Site]:
        """Every statement."""
        return list(sites(self.function.body))

    @cached_property
    def parameters(self) -> list[Operand]:
        """The parameters, in order."""
        return [read_parameter(parameter) for parameter in self.function.parameters]

    def of_kind(self, kind: str) -> list[Operand]:
        """The parameters of one kind."""
        return [parameter for parameter in self.parameters if parameter.kind == kind]

    @cached_property
    def reads(self) -> set[str]:
        """Names of streams taken from and arrays loaded."""
        found: set[str] = set()
        for site in self.sites:
            found.update(name for text in texts(site.statement) for name in READ.findall(text))
            found.update(element.array for element in loads_of(site.statement))
        return found

    @cached_property
    def writes(self) -> set[str]:
        """Names of streams put to and arrays stored."""
        found: set[str] = set()
        for site in self.sites:
            if isinstance(site.statement, StreamWrite):
                found.add(site.statement.stream)
            elif (element := store_of(site.statement)) is not None:
                found.add(element.array)
        return found


@dataclass
class Subject:
    """The program under the linter. `files` is the tree of which `program.sources` is the text."""

    module: ModuleOp
    program: HlsProgram
    files: Sequence[SourceFile]
    target_name: str | None = None
    clock_ns: float = 0.0

    @cached_property
    def functions(self) -> list[tuple[str, Function]]:
        """Every function with its file."""
        return [(file.path, function) for file in self.files for function in file.functions]

    @cached_property
    def top(self) -> Function:
        """The top function; an empty one if the tree has none."""
        return next((f for _, f in self.functions if f.extern_c), Function(self.program.top, (), ()))

    @cached_property
    def top_where(self) -> str:
        """Where the top function is, for messages."""
        return next((f"{path}: {f.name}" for path, f in self.functions if f is self.top), self.program.top)

    @cached_property
    def processes(self) -> list[Process]:
        """Every function but the top, in the order of the files."""
        return [Process(f, f"{path}: {f.name}") for path, f in self.functions if f is not self.top]

    @cached_property
    def process(self) -> dict[str, Process]:
        """Processes by name."""
        return {process.function.name: process for process in self.processes}

    @cached_property
    def calls(self) -> list[Call]:
        """The calls of the top function, in order."""
        return [s for s in self.top.body if isinstance(s, Call)]

    def bindings(self) -> Iterator[tuple[int, Process, str, Operand]]:
        """For every call whose function is known: its position, the process, and each argument with its parameter."""
        for position, call in enumerate(self.calls):
            process = self.process.get(call.function)
            if process is not None:
                for argument, parameter in zip(call.arguments, process.parameters, strict=False):
                    yield position, process, argument, parameter

    @cached_property
    def streams(self) -> dict[str, DeclareStream]:
        """The FIFOs of the top function."""
        return {s.name: s for s in self.top.body if isinstance(s, DeclareStream)}

    @cached_property
    def arrays(self) -> dict[str, Declare]:
        """The array channels of the top function."""
        return {s.name: s for s in self.top.body if isinstance(s, Declare)}

    @cached_property
    def ports(self) -> dict[str, Operand]:
        """The off-chip arrays: the parameters of the top function."""
        return {p.name: read_parameter(p) for p in self.top.parameters}

    @cached_property
    def port_elements(self) -> dict[str, int]:
        """The number of elements behind each port, from the IR's types rather than from the pragmas."""
        return {
            op.bundle.data: prod(op.array.type.get_shape())
            for op in self.module.body.walk()
            if isinstance(op, PortOp) and isinstance(op.array.type, MemRefType)
        }

    @cached_property
    def pragmas(self) -> list[tuple[str, Function, Site, Pragma]]:
        """Every pragma, with its place."""
        return [
            (f"{path}: {function.name}", function, site, site.statement)
            for path, function in self.functions
            for site in self.sites_of(function)
            if isinstance(site.statement, Pragma)
        ]

    def sites_of(self, function: Function) -> list[Site]:
        """Every statement of a function, computed once."""
        process = self.process.get(function.name)
        if process is not None and process.function is function:
            return process.sites
        return list(sites(function.body))


def options(pragma: Pragma) -> tuple[str, dict[str, str]]:
    """The kind of a pragma and its options; a word without `=` has the value ''."""
    kind, *words = pragma.text.split()
    return kind, dict((word.partition("=")[0], word.partition("=")[2]) for word in words)


def is_counter_only(site: Site, index: str) -> Expr | None:
    """The index as an expression of loop counters and integers; None if data takes part."""
    expr = parse(index)
    if expr is None:
        return None
    expr = substitute(expr, site.names)
    counters = {loop.name for loop in site.loops}
    return expr if names_of(expr) <= counters else None


def array_dims(process: Process) -> dict[str, tuple[int, ...]]:
    """Extents of every local array and array parameter of a process; scalars have none."""
    dims = {p.name: p.dims for p in process.of_kind("array")}
    dims.update({s.statement.name: s.statement.dims for s in process.sites if isinstance(s.statement, Declare)})
    return dims

"""The C++ subset as a tree of plain values: what the parser makes and the lowering reads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """File (its name), 1-based line, function, and the text in question if it helps."""

    file: str
    line: int
    function: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; `type` is its C++ type: f32, f64, i32, u32, i64, u64 or bool."""

    value: int | float
    type: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier."""

    name: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Subscript:
    """`base[i][j]`, all subscripts of one array together."""

    base: str
    indices: tuple[Expression, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x`, `!x` or `~x`."""

    operator: str
    operand: Expression
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Ternary:
    """`condition ? yes : no`."""

    condition: Expression
    yes: Expression
    no: Expression
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Cast:
    """`(type)value`."""

    type: str
    operand: Expression
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CallExpression:
    """`function(arguments)`, the name without its namespace."""

    function: str
    arguments: tuple[Expression, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class StreamRead:
    """`stream[i].read()`."""

    stream: str
    lane: tuple[Expression, ...]
    line: int = field(default=0, compare=False)


Expression = Number | Name | Subscript | Unary | Binary | Ternary | Cast | CallExpression | StreamRead


@dataclass(frozen=True, slots=True)
class Pragma:
    """`#pragma HLS name key=value flag ...`; names and keys in lower case, flags with an empty value."""

    name: str
    options: tuple[tuple[str, str], ...]
    line: int

    def get(self, key: str) -> str | None:
        """The value of an option, "" for a flag, None if absent."""
        return next((value for name, value in self.options if name == key), None)

    def integer(self, key: str) -> int | None:
        """The value of an option as a number; options are checked when they are parsed."""
        value = self.get(key)
        return int(value) if value else None


@dataclass(frozen=True, slots=True)
class Declaration:
    """`type name[dims] = init;`. `type` is a scalar type, `is_stream` for `hls::stream<type>`."""

    name: str
    type: str
    dims: tuple[Expression, ...]
    init: Expression | None
    line: int
    is_stream: bool = False
    depth: Expression | None = None
    is_pointer: bool = False
    is_reference: bool = False
    is_const: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """`target operator value;`, operator one of = += -= *= /= and so on."""

    target: Name | Subscript
    operator: str
    value: Expression
    line: int


@dataclass(frozen=True, slots=True)
class StreamWrite:
    """`stream[i].write(value);`."""

    stream: str
    lane: tuple[Expression, ...]
    value: Expression
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments);`."""

    function: str
    arguments: tuple[Expression, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """`{ statements }` with the pragmas that stand directly in it."""

    statements: tuple[Statement, ...]
    pragmas: tuple[Pragma, ...]
    line: int


@dataclass(frozen=True, slots=True)
class For:
    """`label: for (counter = start; counter relation limit; counter += step) body`."""

    label: str
    counter: str
    start: Expression
    relation: str
    limit: Expression
    step: Expression
    body: Block
    line: int


@dataclass(frozen=True, slots=True)
class If:
    """`if (condition) body else otherwise`."""

    condition: Expression
    body: Block
    otherwise: Block | None
    line: int


Statement = Declaration | Assignment | StreamWrite | Call | Block | For | If


@dataclass(frozen=True, slots=True)
class Function:
    """A function that returns nothing. `assigned` are the names that its body assigns after their declaration."""

    name: str
    parameters: tuple[Declaration, ...]
    body: Block
    file: str
    line: int
    is_extern_c: bool = False
    assigned: frozenset[str] = frozenset()


@dataclass(slots=True)
class Program:
    """All functions and constants of a design. `constants` maps macros and global constants to their expression,
    `aliases` type names that the program defines to scalar types."""

    functions: dict[str, Function] = field(default_factory=dict)
    constants: dict[str, Expression] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

"""Expressions: from the concrete tree of tree-sitter to `syntax`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from tree_sitter import Node

from dataflowc.frontends.hls_cpp.c_types import scalar_type
from dataflowc.frontends.hls_cpp.errors import unsupported
from dataflowc.frontends.hls_cpp.syntax import (
    Binary,
    CallExpression,
    Cast,
    Expression,
    Name,
    Number,
    Place,
    StreamRead,
    Subscript,
    Ternary,
    Unary,
)

_NAMED_NUMBERS = {
    "INFINITY": Number(float("inf"), "f32"),
    "NAN": Number(float("nan"), "f32"),
    "M_PI": Number(3.14159265358979323846, "f64"),
    "FLT_MAX": Number(3.4028234663852886e38, "f32"),
    "INT_MAX": Number(2**31 - 1, "i32"),
}
"""Macros of the C headers. Sources: C17 5.2.4.2 and 7.12."""

MAX_DEPTH = 5000
"""Levels of an expression; a sum of n terms has n - 1."""

_BINARY = frozenset("+ - * / % < <= > >= == != && || & | ^ << >>".split())


class ExpressionParser:
    """Parses the expressions of one file; `aliases` are type names that the program defines."""

    def __init__(self, file: str, aliases: Mapping[str, str]) -> None:
        self.file = file
        self.aliases = aliases
        self.function = ""
        self._depth = 0
        self._cases: dict[str, Callable[[Node], Expression]] = {
            "number_literal": self._number,
            "identifier": self._identifier,
            "subscript_expression": self._subscript,
            "parenthesized_expression": self._inside,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "conditional_expression": self._ternary,
            "cast_expression": self._cast,
            "call_expression": self._call,
            "true": lambda node: Number(1, "bool", node.start_point[0] + 1),
            "false": lambda node: Number(0, "bool", node.start_point[0] + 1),
            "condition_clause": self._inside,
            "qualified_identifier": self._qualified,
        }

    def parse(self, node: Node) -> Expression:
        """The expression at `node`.

        Raises:
            UnsupportedOp: DF170 for a construct outside the subset.
        """
        case = self._cases.get(node.type)
        if case is None:
            self.refuse(node, f"{node.type.replace('_', ' ')} is outside the supported C++")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.refuse(node, f"an expression is nested more than {MAX_DEPTH} levels deep")
        found = case(node)
        self._depth -= 1
        return found

    def scalar(self, text: str) -> str | None:
        """The short name of a scalar type, None if it is none."""
        return scalar_type(text) or self.aliases.get(text.removeprefix("const ").strip())

    def place(self, node: Node) -> Place:
        """Where `node` stands."""
        text = text_of(node)
        return Place(self.file, node.start_point[0] + 1, self.function, text.split("\n")[0][:120])

    def refuse(self, node: Node, message: str) -> NoReturn:
        """Raise DF170 for `node`."""
        raise unsupported(self.place(node), message, construct=node.type.replace("_", " "))

    def _number(self, node: Node) -> Number:
        return parse_number(text_of(node), node.start_point[0] + 1)

    def _identifier(self, node: Node) -> Expression:
        name = text_of(node)
        return _NAMED_NUMBERS.get(name) or Name(name, node.start_point[0] + 1)

    def _qualified(self, node: Node) -> Expression:
        return Name(text_of(node).rsplit("::", 1)[-1], node.start_point[0] + 1)

    def _inside(self, node: Node) -> Expression:
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            self.refuse(node, "the comma operator is outside the supported C++")
        return self.parse(inner[0])

    def base_and_indices(self, node: Node) -> tuple[str, tuple[Expression, ...]]:
        """Name and subscripts of `a`, `a[i]`, `a[i][j]`."""
        indices: list[Expression] = []
        while node.type == "subscript_expression":
            arguments = node.child_by_field_name("indices")
            assert arguments is not None
            inner = [child for child in arguments.named_children if child.type != "comment"]
            if len(inner) != 1:
                self.refuse(node, "a subscript has one index")
            indices.append(self.parse(inner[0]))
            argument = node.child_by_field_name("argument")
            assert argument is not None
            node = argument
        if node.type != "identifier":
            self.refuse(node, "only named arrays can be subscripted")
        return text_of(node), tuple(reversed(indices))

    def _subscript(self, node: Node) -> Subscript:
        name, indices = self.base_and_indices(node)
        return Subscript(name, indices, node.start_point[0] + 1)

    def _binary(self, node: Node) -> Binary:
        left, operator, right = node.children if len(node.children) == 3 else _without_comments(node)
        if operator.type not in _BINARY:
            self.refuse(node, f"the operator '{operator.type}' is outside the supported C++")
        return Binary(operator.type, self.parse(left), self.parse(right), node.start_point[0] + 1)

    def _unary(self, node: Node) -> Expression:
        operator, operand = _without_comments(node)
        if operator.type not in "-+!~":
            self.refuse(node, f"the operator '{operator.type}' is outside the supported C++")
        value = self.parse(operand)
        if operator.type == "-" and isinstance(value, Number) and value.type != "bool":
            return Number(-value.value, value.type, value.line)
        return Unary(operator.type, value, node.start_point[0] + 1)

    def _ternary(self, node: Node) -> Ternary:
        parts = [node.child_by_field_name(name) for name in ("condition", "consequence", "alternative")]
        if None in parts:
            self.refuse(node, "a ternary needs three operands")
        yes, no, other = (self.parse(part) for part in parts if part is not None)
        return Ternary(yes, no, other, node.start_point[0] + 1)

    def _cast(self, node: Node) -> Cast:
        type_node, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        assert type_node is not None and value is not None
        type_ = self.scalar(text_of(type_node))
        if type_ is None:
            self.refuse(node, f"the type '{text_of(type_node)}' is outside the supported C++")
        return Cast(type_, self.parse(value), node.start_point[0] + 1)

    def _call(self, node: Node) -> Expression:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        assert function is not None and arguments is not None
        values = [child for child in arguments.named_children if child.type != "comment"]
        line = node.start_point[0] + 1
        if function.type == "field_expression":
            method, target = self.method(function)
            if method != "read" or values:
                self.refuse(node, f"the stream method '{method}' is not supported here (read and write are)")
            stream, lane = self.base_and_indices(target)
            return StreamRead(stream, lane, line)
        name = text_of(function).rsplit("::", 1)[-1]
        if function.type == "parenthesized_expression":  # `(data_t)(x)` looks like a call to the parser
            name = name.strip("() ")
        cast = self.scalar(name)
        if function.type == "primitive_type" or (cast is not None and len(values) == 1):
            assert cast is not None
            return Cast(cast, self.parse(values[0]), line)
        if function.type == "template_function" and name.startswith("static_cast<"):
            cast = self.scalar(name.removeprefix("static_cast<").removesuffix(">"))
            if cast is not None and len(values) == 1:
                return Cast(cast, self.parse(values[0]), line)
        if function.type not in ("identifier", "qualified_identifier"):
            self.refuse(node, "only named functions can be called")
        return CallExpression(name, tuple(self.parse(value) for value in values), line)

    def method(self, function: Node) -> tuple[str, Node]:
        """Method name and object of `object.method`."""
        field, target = function.child_by_field_name("field"), function.child_by_field_name("argument")
        assert field is not None and target is not None
        return text_of(field), target


def _without_comments(node: Node) -> list[Node]:
    return [child for child in node.children if child.type != "comment"]


def text_of(node: Node) -> str:
    """Source text of a node."""
    assert node.text is not None
    return node.text.decode()


def parse_number(text: str, line: int = 0) -> Number:
    """A C++ literal: `1`, `0x1F`, `2LL`, `1.5`, `1e-5f`."""
    low = text.lower().replace("'", "")
    if low.startswith("0x") or not any(mark in low for mark in ".e"):
        digits = low.rstrip("ul") if low.startswith("0x") else low.rstrip("ulf")
        if low.endswith("f") and not low.startswith("0x"):
            return Number(float(digits), "f32", line)
        octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
        value = int(digits, 8 if octal else 0)
        suffix = low[len(digits) :]
        wide = "l" in suffix or value >= 2**31
        return Number(value, ("u" if "u" in suffix else "i") + ("64" if wide else "32"), line)
    if low.endswith("f"):
        return Number(float(low[:-1]), "f32", line)
    return Number(float(low.rstrip("l")), "f64", line)

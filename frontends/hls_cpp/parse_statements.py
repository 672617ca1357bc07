"""Statements, declarations and pragmas of one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tree_sitter import Node

from dataflowc.frontends.hls_cpp.parse_expressions import ExpressionParser, text_of
from dataflowc.frontends.hls_cpp.pragmas import parse_pragma
from dataflowc.frontends.hls_cpp.syntax import (
    Assignment,
    Binary,
    Block,
    Call,
    CallExpression,
    Declaration,
    Expression,
    For,
    If,
    Name,
    Number,
    Pragma,
    Statement,
    StreamWrite,
    Subscript,
)

_ASSIGNMENTS = frozenset("= += -= *= /= %= &= |= ^= <<= >>=".split())
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!="}


class StatementParser:
    """Parses statements; remembers which names are assigned after their declaration."""

    def __init__(self, expressions: ExpressionParser, constants: Callable[[], Mapping[str, int]]) -> None:
        self.expressions = expressions
        self._constants = constants
        self._assigned: set[str] = set()

    def take_assigned(self) -> set[str]:
        """The names assigned since the last call."""
        found, self._assigned = self._assigned, set()
        return found

    def block(self, node: Node) -> Block:
        """`{ ... }`, or one statement as a block."""
        line = node.start_point[0] + 1
        if node.type != "compound_statement":
            return Block(tuple(self.statement(node)), (), line)
        statements: list[Statement] = []
        pragmas: list[Pragma] = []
        for child in node.named_children:
            if child.type == "preproc_call":
                pragma = self.pragma(child)
                if pragma is not None:
                    pragmas.append(pragma)
            elif child.type == "return_statement":
                if child.named_children:
                    self.expressions.refuse(child, "a function returns nothing")
                if child.next_named_sibling is not None and child.next_named_sibling.type != "comment":
                    self.expressions.refuse(child, "return is supported at the end of a function only")
            else:
                statements += self.statement(child)
        return Block(tuple(statements), tuple(pragmas), line)

    def pragma(self, node: Node) -> Pragma | None:
        """A `#pragma HLS`; None for another one that changes nothing."""
        directive, argument = node.child_by_field_name("directive"), node.child_by_field_name("argument")
        if directive is None or text_of(directive).replace(" ", "") != "#pragma":
            self.expressions.refuse(node, "this preprocessor directive is outside the supported C++")
        text = text_of(argument) if argument is not None else ""
        return parse_pragma(text, self.expressions.place(node), self._constants())

    def statement(self, node: Node) -> list[Statement]:
        """The statements at `node`; a declaration may make several, a comment none."""
        line = node.start_point[0] + 1
        match node.type:
            case "expression_statement":
                inner = [child for child in node.named_children if child.type != "comment"]
                return [self._expression(inner[0])] if inner else []
            case "declaration":
                return list(self.declarations(node))
            case "for_statement":
                return [self._for(node, "")]
            case "labeled_statement":
                return self._labeled(node)
            case "if_statement":
                return [self._if(node)]
            case "compound_statement":
                return [self.block(node)]
            case "comment" | "using_declaration" | ";":
                return []
            case "preproc_call":
                self.pragma(node)
                self.expressions.refuse(node, "a pragma stands in a block of its own")
            case _:
                self.expressions.refuse(node, f"{node.type.replace('_', ' ')} is outside the supported C++")
        raise AssertionError(line)

    def _labeled(self, node: Node) -> list[Statement]:
        label = node.child_by_field_name("label")
        target = node.named_children[-1]
        assert label is not None
        if target.type != "for_statement":
            return self.statement(target)
        return [self._for(target, text_of(label))]

    # --- declarations -----------------------------------------------------------------------------------------------

    def declarations(self, node: Node) -> list[Declaration]:
        """The variables of a declaration or parameter."""
        type_node = node.child_by_field_name("type")
        assert type_node is not None
        type_, is_stream, depth = self._type(type_node)
        is_const = any(
            child.type == "type_qualifier" and text_of(child) in ("const", "constexpr") for child in node.children
        )
        for child in node.children:
            if child.type == "storage_class_specifier" and not (is_const and text_of(child) in ("static", "inline")):
                self.expressions.refuse(node, f"'{text_of(child)}' variables are outside the supported C++")
        found = []
        for declarator in node.children_by_field_name("declarator"):
            found.append(self._declarator(declarator, type_, is_stream, depth, is_const))
        return found

    def _type(self, node: Node) -> tuple[str, bool, Expression | None]:
        """Scalar type, whether it is a stream of them, and the depth in the template."""
        template = node.child_by_field_name("name") if node.type == "qualified_identifier" else node
        if template is not None and template.type == "template_type":
            name, arguments = template.child_by_field_name("name"), template.child_by_field_name("arguments")
            if name is not None and arguments is not None and text_of(name) == "stream":
                inner = [child for child in arguments.named_children if child.type != "comment"]
                element = self.expressions.scalar(text_of(inner[0])) if inner else None
                if element is not None and len(inner) <= 2:
                    return element, True, self.expressions.parse(inner[1]) if len(inner) == 2 else None
        type_ = self.expressions.scalar(text_of(node))
        if type_ is None:
            self.expressions.refuse(node, f"the type '{text_of(node)}' is outside the supported C++")
        assert type_ is not None
        return type_, False, None

    def _declarator(
        self, node: Node, type_: str, is_stream: bool, depth: Expression | None, is_const: bool
    ) -> Declaration:
        line, whole = node.start_point[0] + 1, node
        init: Expression | None = None
        if node.type == "init_declarator":
            value, inner = node.child_by_field_name("value"), node.child_by_field_name("declarator")
            assert value is not None and inner is not None
            init = None if is_stream else self._initial(value)
            node = inner
        is_pointer = is_reference = False
        dims: list[Expression] = []
        while node.type != "identifier":
            if node.type == "array_declarator":
                size = node.child_by_field_name("size")
                if size is None:
                    self.expressions.refuse(whole, "an array needs the size of every dimension")
                dims.append(self.expressions.parse(size))
                inner = node.child_by_field_name("declarator")
            elif node.type == "pointer_declarator":
                is_pointer, inner = True, node.child_by_field_name("declarator")
            elif node.type == "reference_declarator":
                is_reference, inner = True, node.named_children[-1]
            elif node.type == "parenthesized_declarator":
                inner = node.named_children[0]
            else:
                self.expressions.refuse(whole, f"{node.type.replace('_', ' ')} is outside the supported C++")
            assert inner is not None
            node = inner
        if is_pointer and dims:
            self.expressions.refuse(whole, "arrays of pointers and pointers to arrays are outside the supported C++")
        return Declaration(
            text_of(node),
            type_,
            tuple(reversed(dims)),
            init,
            line,
            is_stream,
            depth,
            is_pointer,
            is_reference,
            is_const,
        )

    def _initial(self, value: Node) -> Expression:
        if value.type in ("initializer_list", "argument_list"):
            inner = [child for child in value.named_children if child.type != "comment"]
            if len(inner) != 1 or inner[0].type == "initializer_list":
                self.expressions.refuse(value, "a list of initial values is outside the supported C++")
            return self.expressions.parse(inner[0])
        return self.expressions.parse(value)

    # --- control ----------------------------------------------------------------------------------------------------

    def _if(self, node: Node) -> If:
        condition, body = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
        other = node.child_by_field_name("alternative")
        assert condition is not None and body is not None
        otherwise = None
        if other is not None:
            inner = [child for child in other.named_children if child.type != "comment"]
            otherwise = self.block(inner[0])
        return If(self.expressions.parse(condition), self.block(body), otherwise, node.start_point[0] + 1)

    def _for(self, node: Node, label: str) -> For:
        parts = [node.child_by_field_name(name) for name in ("initializer", "condition", "update", "body")]
        initializer, condition, update, body = parts
        if initializer is None or condition is None or update is None or body is None:
            self.expressions.refuse(node, "a for loop needs a start, a condition and an update")
        assert initializer is not None and condition is not None and update is not None and body is not None
        counter, start = self._start(initializer)
        limit = self.expressions.parse(condition)
        if not isinstance(limit, Binary) or limit.operator not in _FLIPPED:
            self.expressions.refuse(condition, "a loop condition compares the counter with a bound")
        assert isinstance(limit, Binary)
        relation, bound = limit.operator, limit.right
        if limit.left != Name(counter, _line(limit.left)):
            if limit.right != Name(counter, _line(limit.right)):
                self.expressions.refuse(condition, f"a loop condition compares the counter '{counter}' with a bound")
            relation, bound = _FLIPPED[relation], limit.left
        step = self._step(update, counter)
        return For(label, counter, start, relation, bound, step, self.block(body), node.start_point[0] + 1)

    def _start(self, node: Node) -> tuple[str, Expression]:
        if node.type == "declaration":
            found = self.declarations(node)
            if len(found) == 1 and found[0].init is not None and not found[0].dims and found[0].type[0] in "iu":
                return found[0].name, found[0].init
        elif node.type == "assignment_expression" and node.children[1].type == "=":
            target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            if target is not None and value is not None and target.type == "identifier":
                return text_of(target), self.expressions.parse(value)
        self.expressions.refuse(node, "a for loop starts with one integer counter and its value")
        raise AssertionError

    def _step(self, node: Node, counter: str) -> Expression:
        """The signed step of `i++`, `--i`, `i += k`, `i = i + k`."""
        if node.type == "update_expression":
            argument = node.child_by_field_name("argument")
            if argument is not None and text_of(argument) == counter:
                return Number(1 if "++" in text_of(node) else -1, "i32")
        elif node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and text_of(left) == counter:
                value, sign = self.expressions.parse(right), node.children[1].type
                if sign == "+=":
                    return value
                if sign == "-=":
                    return Binary("-", Number(0, "i32"), value)
                if sign == "=" and isinstance(value, Binary) and value.operator in "+-":
                    zero, first = Number(0, "i32"), value.left
                    if isinstance(first, Name) and first.name == counter:
                        return value.right if value.operator == "+" else Binary("-", zero, value.right)
        self.expressions.refuse(node, f"a for loop ends with a constant step of its counter '{counter}'")
        raise AssertionError

    # --- expression statements --------------------------------------------------------------------------------------

    def _expression(self, node: Node) -> Statement:
        line = node.start_point[0] + 1
        if node.type == "assignment_expression":
            return self._assignment(node)
        if node.type == "update_expression":
            argument = node.child_by_field_name("argument")
            assert argument is not None
            sign = "+=" if "++" in text_of(node) else "-="
            return Assignment(self._target(argument), sign, Number(1, "i32", line), line)
        if node.type == "call_expression":
            return self._call(node)
        if node.type == "binary_expression" and node.children[1].type == "<<":
            stream, lane = self.expressions.base_and_indices(node.children[0])
            return StreamWrite(stream, lane, self.expressions.parse(node.children[2]), line)
        self.expressions.refuse(node, f"a {node.type.replace('_', ' ')} alone does nothing, or is not supported")
        raise AssertionError

    def _assignment(self, node: Node) -> Assignment:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        assert left is not None and right is not None
        sign = next(child.type for child in node.children if child.type in _ASSIGNMENTS)
        if right.type == "assignment_expression":
            self.expressions.refuse(node, "chained assignments are outside the supported C++")
        return Assignment(self._target(left), sign, self.expressions.parse(right), node.start_point[0] + 1)

    def _target(self, node: Node) -> Name | Subscript:
        target = self.expressions.parse(node)
        if isinstance(target, Name):
            self._assigned.add(target.name)
            return target
        if not isinstance(target, Subscript):
            self.expressions.refuse(node, "only variables and array elements can be assigned")
        assert isinstance(target, Subscript)
        return target

    def _call(self, node: Node) -> Statement:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        assert function is not None and arguments is not None
        line = node.start_point[0] + 1
        if function.type == "field_expression":
            method, target = self.expressions.method(function)
            values = [child for child in arguments.named_children if child.type != "comment"]
            stream, lane = self.expressions.base_and_indices(target)
            if method == "write" and len(values) == 1:
                return StreamWrite(stream, lane, self.expressions.parse(values[0]), line)
            self.expressions.refuse(node, f"the stream method '{method}' is not supported here (read and write are)")
        call = self.expressions.parse(node)
        if not isinstance(call, CallExpression):
            self.expressions.refuse(node, "this expression alone does nothing")
        assert isinstance(call, CallExpression)
        return Call(call.function, call.arguments, line)


def _line(expression: Expression) -> int:
    return expression.line

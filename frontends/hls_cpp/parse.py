"""Functions and statements: from the concrete tree of tree-sitter to `syntax`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tree_sitter_cpp
from tree_sitter import Language, Node, Parser

from dataflowc.frontends.hls_cpp.call_graph import note_references
from dataflowc.frontends.hls_cpp.constants import evaluate
from dataflowc.frontends.hls_cpp.errors import bad_design
from dataflowc.frontends.hls_cpp.parse_expressions import ExpressionParser, text_of
from dataflowc.frontends.hls_cpp.parse_statements import StatementParser
from dataflowc.frontends.hls_cpp.syntax import Declaration, Function, Number, Program

_PREDEFINED = frozenset({"__SYNTHESIS__", "__cplusplus", "__VITIS_HLS__"})
_SKIPPED = frozenset(
    {"comment", "preproc_include", "using_declaration", ";", "preproc_def", "static_assert_declaration"}
)
_TRANSPARENT = frozenset({"linkage_specification", "declaration_list", "namespace_definition"})


def parse_program(texts: list[tuple[str, bytes]]) -> Program:
    """All functions and constants of the given files.

    Raises:
        UnsupportedOp: DF170 for C++ outside the subset; UserError: DF171 for a pragma, DF173 for a syntax error or a
        function that is defined twice.
    """
    program, defined = Program(), set(_PREDEFINED)
    parser = Parser(Language(tree_sitter_cpp.language()))
    for file, text in texts:
        _FileParser(file, program, defined).parse(parser.parse(text).root_node)
    note_references(program)
    return program


class _FileParser:
    """Parses one file into the program."""

    def __init__(self, file: str, program: Program, defined: set[str]) -> None:
        self.expressions = ExpressionParser(file, program.aliases)
        self.statements = StatementParser(self.expressions, self._constants)
        self.program = program
        self.defined = defined
        self._numbers: dict[str, int] = {}

    def _constants(self) -> Mapping[str, int]:
        return self._numbers

    def parse(self, root: Node) -> None:
        if root.has_error:
            broken = next(_errors(root), root)
            raise bad_design(
                self.expressions.place(broken), "this is not C++ that can be parsed", f"near: {text_of(broken)[:60]!r}"
            )
        self._refresh()
        for child in root.children:
            self._item(child)

    def _refresh(self) -> None:
        for name, value in self.program.constants.items():
            if isinstance(value, Number) and value.type[0] != "f":
                self._numbers[name] = int(value.value)

    def _item(self, node: Node) -> None:
        kind = node.type
        if kind == "preproc_def":
            self._define(node)
        elif kind in _SKIPPED:
            return
        elif kind == "function_definition":
            self._function(node, _is_extern_c(node))
        elif kind in _TRANSPARENT:
            body = node.child_by_field_name("body")
            for child in [body] if body is not None else node.named_children:
                self._item(child)
        elif kind in ("preproc_ifdef", "preproc_if"):
            self._conditional(node)
        elif kind == "preproc_call":
            self.statements.pragma(node)
        elif kind in ("type_definition", "alias_declaration"):
            self._alias(node)
        elif kind == "declaration":
            self._declaration(node)
        elif node.is_named:
            self.expressions.refuse(node, f"{kind.replace('_', ' ')} is outside the supported C++")

    def _define(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        assert name is not None
        self.defined.add(text_of(name))
        if value is None:
            return
        source = text_of(value).split("//")[0].strip()
        type_ = self.expressions.scalar(source)
        if type_ is not None:
            self.program.aliases[text_of(name)] = type_
            return
        tree = Parser(Language(tree_sitter_cpp.language())).parse(f"int x = ({source});".encode()).root_node
        inner = tree.children[0].child_by_field_name("declarator") if tree.children else None
        expression = inner.child_by_field_name("value") if inner is not None else None
        if tree.has_error or expression is None:
            self.expressions.refuse(node, f"the macro '{text_of(name)}' is not a constant")
        assert expression is not None
        parsed = self.expressions.parse(expression)
        self.program.constants[text_of(name)] = evaluate(parsed, self.program.constants) or parsed
        self._refresh()

    def _alias(self, node: Node) -> None:
        """`typedef float data_t;` or `using data_t = float;`."""
        name = node.child_by_field_name("declarator") or node.child_by_field_name("name")
        type_node = node.child_by_field_name("type")
        type_ = self.expressions.scalar(text_of(type_node)) if type_node is not None else None
        if name is None or name.type != "type_identifier" or type_ is None:
            self.expressions.refuse(node, "only scalar types can be given another name")
        assert name is not None and type_ is not None
        self.program.aliases[text_of(name)] = type_

    def _conditional(self, node: Node) -> None:
        """`#ifdef` and `#ifndef` on known names; the branch taken is read as if it stood alone."""
        name, other = node.child_by_field_name("name"), node.child_by_field_name("alternative")
        if node.type != "preproc_ifdef" or name is None:
            self.expressions.refuse(node, "#if with an expression is outside the supported C++ (#ifdef is supported)")
        assert name is not None
        wanted = node.children[0].type == "#ifdef"
        if (text_of(name) in self.defined) == wanted:
            for child in node.named_children:
                if child != name and child != other:
                    self._item(child)
        elif other is not None:
            for child in other.named_children:
                self._item(child)

    def _declaration(self, node: Node) -> None:
        """A prototype is skipped; a global constant is kept; other globals are refused."""
        declarator = node.child_by_field_name("declarator")
        if declarator is not None and declarator.type == "function_declarator":
            return
        for item in self.statements.declarations(node):
            value = evaluate(item.init, self.program.constants) if item.init is not None and not item.dims else None
            if value is None or not item.is_const:
                self.expressions.refuse(node, f"the global variable '{item.name}' is not a constant number")
            assert value is not None
            self.program.constants[item.name] = value
        self._refresh()

    def _function(self, node: Node, is_extern_c: bool) -> None:
        type_, declarator = node.child_by_field_name("type"), node.child_by_field_name("declarator")
        body = node.child_by_field_name("body")
        if type_ is None or declarator is None or body is None or declarator.type != "function_declarator":
            self.expressions.refuse(node, "only free functions are supported")
        assert type_ is not None and declarator is not None and body is not None
        name_node, parameters = (
            declarator.child_by_field_name("declarator"),
            declarator.child_by_field_name("parameters"),
        )
        assert name_node is not None and parameters is not None
        name = text_of(name_node)
        self.expressions.function = name
        if text_of(type_) != "void":
            self.expressions.refuse(node, f"function '{name}' returns a value; write results into an argument")
        if name in self.program.functions:
            raise bad_design(self.expressions.place(name_node), f"function '{name}' is defined twice")
        found = [self._parameter(child) for child in parameters.named_children if child.type != "comment"]
        block = self.statements.block(body)
        self.program.functions[name] = Function(
            name,
            tuple(p for p in found if p is not None),
            block,
            self.expressions.file,
            node.start_point[0] + 1,
            is_extern_c,
            frozenset(self.statements.take_assigned()),
        )
        self.expressions.function = ""

    def _parameter(self, node: Node) -> Declaration | None:
        if text_of(node) == "void":
            return None
        if node.type != "parameter_declaration":
            self.expressions.refuse(node, "default values and packs of parameters are outside the supported C++")
        found = self.statements.declarations(node)
        if len(found) != 1:
            self.expressions.refuse(node, "a parameter needs a name")
        return found[0]


def _is_extern_c(node: Node) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.type == "linkage_specification":
            return True
        parent = parent.parent
    return False


def _errors(node: Node) -> Iterator[Node]:
    if node.type == "ERROR" or node.is_missing:
        yield node
    for child in node.children:
        if child.has_error or child.type == "ERROR" or child.is_missing:
            yield from _errors(child)

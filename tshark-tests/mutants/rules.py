# SPDX-License-Identifier: GPL-2.0-or-later
"""The mutants of a C source, found by clang's syntax tree, and the source with all of them woven in.

A mutant is one small change of a function: a condition negated, an operand of && or || dropped, a boundary moved by
one, a constant raised by one or turned, a call left out, a value of an enumeration in place of its neighbour. What
is fixed before a function runs (tables, sizes, labels of cases) is let alone, and so is what stands inside a macro.
"""

import bisect
import dataclasses
import pathlib
import re

from clang import cindex

Kind = cindex.CursorKind

LOGICAL = {"&&", "||"}
BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
EQUALITY = {"==", "!="}
COMPARISON = EQUALITY | set(BOUNDARY)
TURNED = {"true": "false", "false": "true", "TRUE": "FALSE", "FALSE": "TRUE"}

# The longest text of a mutant that is shown by what stands around it.
LONGEST_CONTEXT = 90

STATEMENTS_WITH_BODY = {Kind.COMPOUND_STMT, Kind.IF_STMT, Kind.FOR_STMT, Kind.WHILE_STMT, Kind.DO_STMT,
                        Kind.CASE_STMT, Kind.DEFAULT_STMT}


@dataclasses.dataclass(eq=False)
class Node:
    """A piece of the source that may be woven by itself."""
    cursor: cindex.Cursor
    start: int
    end: int
    parent: "Node | None"
    children: list = dataclasses.field(default_factory=list)
    mutants: list = dataclasses.field(default_factory=list)

    @property
    def kind(self):
        return self.cursor.kind


@dataclasses.dataclass(eq=False)
class Mutant:
    file: str
    function: str
    line: int
    rule: str
    before: str
    after: str
    turn: int = 1       # which one of those that look alike in the function
    other: str = ""     # the text that takes its place, where it is one

    @property
    def key(self):
        """Stays what it is while lines move."""
        return f"{self.file}: {self.function}: {self.rule}: {self.before} => {self.after}".rstrip() + (
            f" (#{self.turn})" if self.turn > 1 else "")


def peeled(node):
    """Without what clang puts around an expression that the source does not show."""
    while node.kind == Kind.UNEXPOSED_EXPR and len(node.children) == 1 and (
            node.start, node.end) == (node.children[0].start, node.children[0].end):
        node = node.children[0]
    return node


class Source:
    """A source and its mutants."""

    def __init__(self, root, path, arguments):
        self.root = root
        self.name = str(path.relative_to(root))
        self.bytes = path.read_bytes()
        self.mutants = []
        self._functions = []
        unit = cindex.Index.create().parse(
            str(path), args=arguments, options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        wrong = [str(found) for found in unit.diagnostics if found.severity >= cindex.Diagnostic.Error]
        if wrong:
            raise SystemExit(f"{self.name}: clang could not read it: {wrong[0]}")
        self._unit = unit   # the cursors need it
        mine = [cursor for cursor in unit.cursor.get_children()
                if cursor.location.file and cursor.location.file.name == str(path)]
        self._read_macros(mine)
        for cursor in mine:
            if cursor.kind == Kind.FUNCTION_DECL and cursor.is_definition():
                self._read_function(cursor)
        self._number_those_alike()

    def text(self, start, end):
        return self.bytes[start:end].decode()

    def _read_macros(self, cursors):
        """Where macros are used, and which of those are the project's own."""
        self._macros = sorted({(cursor.extent.start.offset, cursor.extent.end.offset) for cursor in cursors
                               if cursor.kind == Kind.MACRO_INSTANTIATION})
        self._macro_starts = [start for start, _ in self._macros]
        self._own_macros = set()
        for cursor in cursors:
            if cursor.kind == Kind.MACRO_INSTANTIATION and cursor.referenced:
                file = cursor.referenced.location.file
                if file and self.root in pathlib.Path(file.name).parents:
                    self._own_macros.add((cursor.extent.start.offset, cursor.extent.end.offset))

    def _macro_around(self, start, end):
        """The outermost macro that the piece stands in, or is."""
        last = bisect.bisect_right(self._macro_starts, start)
        for macro in self._macros[max(0, last - 20):last]:
            if macro[0] <= start and end <= macro[1]:
                return macro
        return None

    # Reading

    def _read_function(self, cursor):
        body = list(cursor.get_children())[-1]
        top = Node(body, body.extent.start.offset, body.extent.end.offset, None)
        if self._macro_around(top.start, top.end):
            return
        self._read_children(top)
        self._functions.append(top)
        self._find(top, cursor.spelling, False)

    def _read_children(self, node):
        for cursor in self._woven_children(node.cursor):
            start, end = cursor.extent.start.offset, cursor.extent.end.offset
            last = node.children[-1].end if node.children else node.start
            if not (last <= start < end <= node.end):
                continue
            child = Node(cursor, start, end, node)
            macro = self._macro_around(start, end)
            if macro and (macro != (start, end) or macro == (node.start, node.end)):
                continue
            node.children.append(child)
            if not macro:
                self._read_children(child)

    @staticmethod
    def _woven_children(cursor):
        """Those that are worked out when the function runs."""
        children = list(cursor.get_children())
        if cursor.kind == Kind.CASE_STMT:
            return children[1:]
        if cursor.kind == Kind.CXX_UNARY_EXPR:      # sizeof
            return []
        if cursor.kind == Kind.VAR_DECL:
            of_array = cursor.type.kind in (cindex.TypeKind.CONSTANTARRAY, cindex.TypeKind.INCOMPLETEARRAY)
            if cursor.storage_class == cindex.StorageClass.STATIC or (
                    of_array and children and children[-1].kind != Kind.INIT_LIST_EXPR):
                return []
            return children[-1:]
        return children

    # Finding

    def _find(self, node, function, in_condition):
        self._of_logic(node, function, in_condition)
        self._of_values(node, function)
        self._of_calls(node, function)
        condition = self._condition_of(node)
        if condition:
            self._add(peeled(condition), function, "negated", f"!({self._shown(condition)})")
        goes_on = self.operator(node) in LOGICAL or in_condition and node.kind in (
            Kind.PAREN_EXPR, Kind.UNEXPOSED_EXPR, Kind.UNARY_OPERATOR, Kind.BINARY_OPERATOR)
        for child in node.children:
            self._find(child, function, child is condition or goes_on)

    def _shown(self, node):
        return " ".join(self.text(node.start, node.end).split())

    def _add(self, node, function, rule, after, other=""):
        before, after = self._with_context(node, after)
        line = self.bytes.count(b"\n", 0, node.start) + 1
        mutant = Mutant(self.name, function, line, rule, before, after, other=other)
        node.mutants.append(mutant)
        self.mutants.append(mutant)

    def _with_context(self, node, after):
        """A change as the text before and after it, with so much around it that it can be told from others."""
        around = node
        while around.parent and around.parent.kind != Kind.COMPOUND_STMT and (
                len(self._shown(around.parent)) <= LONGEST_CONTEXT):
            around = around.parent
        changed = self.text(around.start, node.start) + after + self.text(node.end, around.end)
        return self._shown(around), " ".join(changed.split())

    def operator(self, node):
        """What stands between the operands of a binary operator, or None."""
        if node.kind != Kind.BINARY_OPERATOR or len(node.children) != 2:
            return None
        between = self.text(node.children[0].end, node.children[1].start)
        return re.sub(r"/\*.*?\*/", "", between, flags=re.DOTALL).strip()

    def _condition_of(self, node):
        if node.kind in (Kind.IF_STMT, Kind.WHILE_STMT, Kind.CONDITIONAL_OPERATOR):
            place = 0
        elif node.kind == Kind.DO_STMT:
            place = 1
        elif node.kind == Kind.FOR_STMT and len(node.children) == 4:
            place = 1
        elif node.kind == Kind.FOR_STMT and len(node.children) == 3 and re.match(
                r"for \(;", self.text(node.start, node.end)):
            place = 0
        else:
            return None
        # One that is a macro's inside is not there.
        return node.children[place] if len(node.children) > place and len(node.children) == len(
            list(node.cursor.get_children())) else None

    def _of_logic(self, node, function, in_condition):
        operator = self.operator(node)
        if operator in LOGICAL:
            left, right = node.children
            self._add(node, function, "dropped", self._shown(left), other="right")
            self._add(node, function, "dropped", self._shown(right), other="left")
        if operator in BOUNDARY:
            left, right = node.children
            self._add(node, function, "boundary",
                      f"{self._shown(left)} {BOUNDARY[operator]} {self._shown(right)}")
        if operator in COMPARISON | LOGICAL and not in_condition:
            self._add(node, function, "negated", f"!({self._shown(node)})")

    def _of_values(self, node, function):
        if node.kind == Kind.DECL_REF_EXPR and node.cursor.referenced and (
                node.cursor.referenced.kind == Kind.ENUM_CONSTANT_DECL):
            other = neighbour(node.cursor.referenced)
            if other:
                self._add(node, function, "swapped", other, other)
            return
        text = self.text(node.start, node.end)
        if text in TURNED and not node.children:
            self._add(node, function, "constant", TURNED[text], TURNED[text])
        elif node.kind == Kind.INTEGER_LITERAL and not self._is_boundary(node) and (
                text[0].isdigit() or (node.start, node.end) in self._own_macros):
            self._add(node, function, "constant", f"({text} + 1)", f"{text} + 1")

    def _is_boundary(self, node):
        """A constant that, raised by one, is the same as the boundary moved."""
        above = node.parent
        while above.kind == Kind.UNEXPOSED_EXPR and above.parent:
            above = above.parent
        return self.operator(above) in ("<", ">=") and peeled(above.children[1]) is node

    def _of_calls(self, node, function):
        if node.kind == Kind.CALL_EXPR and node.parent.kind in STATEMENTS_WITH_BODY and (
                self._condition_of(node.parent) is not node) and (
                node.parent.kind != Kind.FOR_STMT or node is node.parent.children[-1]):
            self._add(node, function, "left out", "")

    def _number_those_alike(self):
        turns = {}
        for mutant in self.mutants:
            alike = (mutant.function, mutant.rule, mutant.before, mutant.after)
            turns[alike] = mutant.turn = turns.get(alike, 0) + 1

    # Weaving

    def woven(self, numbers):
        """The source with those mutants of it that have a number; its lines stay where they are."""
        pieces, at = [], 0
        for function in self._functions:
            pieces += [self.text(at, function.start), self._weave(function, numbers)]
            at = function.end
        return "".join(pieces) + self.text(at, len(self.bytes))

    def _weave(self, node, numbers):
        wanted = {(mutant.rule, mutant.other if mutant.rule == "dropped" else ""): (numbers[mutant], mutant)
                  for mutant in node.mutants if mutant in numbers}
        operator = self.operator(node)
        if operator in LOGICAL:
            text = self._weave_logic(node, operator, wanted, numbers)
        elif operator in BOUNDARY and ("boundary", "") in wanted:
            text = self._weave_boundary(node, operator, wanted["boundary", ""][0], numbers)
        elif operator in EQUALITY:
            text = self._weave_equality(node, operator, numbers)
        else:
            text = self._weave_plain(node, numbers)
        for (rule, _), (number, mutant) in wanted.items():
            if rule == "negated":
                text = f"(MUTANT({number}) ^ !!({text}))"
            elif rule == "swapped":
                text = f"(MUTANT({number}) ? {mutant.other} : {text})"
            elif rule == "constant":
                text = f"(MUTANT({number}) ? {mutant.other} : {text})"
            elif rule == "left out":
                text = f"(MUTANT({number}) ? (void)0 : (void)({text}))"
        return text

    def _weave_plain(self, node, numbers):
        pieces, at = [], node.start
        for child in node.children:
            pieces += [self.text(at, child.start), self._weave(child, numbers)]
            at = child.end
        return "".join(pieces) + self.text(at, node.end)

    def _between(self, node):
        return self.text(node.children[0].end, node.children[1].start)

    def _lines_between(self, node):
        return "\n" * self._between(node).count("\n")

    def _weave_logic(self, node, operator, wanted, numbers):
        left, right = (self._weave(child, numbers) for child in node.children)
        absent = (lambda text, number: f"(({text}) || MUTANT({number}))") if operator == "&&" else (
            lambda text, number: f"(({text}) && !MUTANT({number}))")
        if ("dropped", "left") in wanted:
            left = absent(left, wanted["dropped", "left"][0])
        if ("dropped", "right") in wanted:
            right = absent(right, wanted["dropped", "right"][0])
        return left + self._between(node) + right

    def _weave_boundary(self, node, operator, number, numbers):
        left, right = (self._weave(child, numbers) for child in node.children)
        a, b = f"left_{number}_", f"right_{number}_"
        return (f"({{ __auto_type {a} = ({left}) + 0; {self._lines_between(node)}__auto_type {b} = ({right}) + 0; "
                f"{a} == {b} ? MUTANT({number}) ^ ({a} {operator} {b}) : {a} {operator} {b}; }})")

    def _weave_equality(self, node, operator, numbers):
        """A value that is compared makes a difference for itself and for the one in its place only."""
        value = peeled(node.children[1])
        wanted = [mutant for mutant in value.mutants if mutant in numbers]
        if len(wanted) != 1 or wanted[0].rule not in ("swapped", "constant"):
            return self._weave_plain(node, numbers)
        number, one = numbers[wanted[0]], f"one_{numbers[wanted[0]]}_"
        this, other = self.text(value.start, value.end), wanted[0].other
        return (f"({{ __auto_type {one} = ({self._weave(node.children[0], numbers)}) + 0; {self._lines_between(node)}"
                f"{one} == ({this}) || {one} == ({other}) ? MUTANT({number}) ^ ({one} {operator} ({this})) "
                f": {one} {operator} ({this}); }})")


def neighbour(constant):
    """The name of the value next to it in its enumeration, or of the one before it."""
    values = [cursor for cursor in constant.semantic_parent.get_children()
              if cursor.kind == Kind.ENUM_CONSTANT_DECL]
    place = next(place for place, cursor in enumerate(values) if cursor.spelling == constant.spelling)
    for cursor in values[place + 1:] + values[:place][::-1]:
        if cursor.enum_value != constant.enum_value and not cursor.spelling.endswith("_COUNT"):
            return cursor.spelling
    return None

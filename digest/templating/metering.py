"""Puts the meter into a template's tree, so that compiled code pays for what it does.

Filters, tests, calls and arithmetic pass the sandbox anyway. Code that Jinja compiles to plain
Python is changed here: each turn of a loop and each entry of a macro, a block or a template pays
for the text that stands in it; comparisons, joins with `~`, keys and slices weigh what they are
given.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

ENTERED, WEIGHED, KEPT = "entered", "weighed", "kept"
"""Filters of the sandbox, called by what is put in here; a template has no use for them."""

_Entered = nodes.Template | nodes.Block | nodes.Macro | nodes.CallBlock | nodes.For


def metered(tree: nodes.Template) -> nodes.Template:
    """Return the tree with the meter in it; it is changed in place."""
    entered: list[_Entered] = [tree]
    for kind in (nodes.Block, nodes.Macro, nodes.CallBlock, nodes.For):
        entered += tree.find_all(kind)
    _Meter().visit(tree)
    for node in entered:
        node.body.insert(0, _entry(node.body, node.lineno))
    return tree


class _Meter(NodeTransformer):
    """Weighs operands before they are used, and results that are kept."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.iter = _filter(WEIGHED, node.iter, node.lineno)
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:  # noqa: N802 - as above
        self.generic_visit(node)
        node.filter = _filter(KEPT, node.filter, node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 - as above
        self.generic_visit(node)
        node.nodes = [_through(KEPT, part) for part in node.nodes]  # paid before they are joined
        return _filter(KEPT, node, node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:  # noqa: N802 - as above
        self.generic_visit(node)
        node.expr = _through(WEIGHED, node.expr)
        for operand in node.ops:
            operand.expr = _through(WEIGHED, operand.expr)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Pair:  # noqa: N802 - as above
        self.generic_visit(node)
        node.key = _through(WEIGHED, node.key)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802 - as above
        self.generic_visit(node)
        return _filter(KEPT, node, node.lineno) if isinstance(node.arg, nodes.Slice) else node


def _entry(body: Sequence[nodes.Node], lineno: int) -> nodes.ExprStmt:
    """Return the statement that pays for entering a body and for the text that stands in it."""
    letters = sum(len(text.data) for node in body for text in _texts(node))
    paid = nodes.Filter(nodes.Const(letters), ENTERED, [], [], None, None, lineno=lineno)
    return nodes.ExprStmt(paid, lineno=lineno)


def _texts(node: nodes.Node) -> list[nodes.TemplateData]:
    return list(node.find_all(nodes.TemplateData))


def _through(name: str, inner: nodes.Expr) -> nodes.Expr:
    return inner if isinstance(inner, nodes.Const) else _filter(name, inner, inner.lineno)


def _filter(name: str, inner: nodes.Node | None, lineno: int) -> nodes.Filter:
    return nodes.Filter(inner, name, [], [], None, None, lineno=lineno)

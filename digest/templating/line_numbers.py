"""The lines of a template that its compiled code remembers, so that a fault is told at its own.

Jinja notes a line where a statement's code begins. For two statements it begins too late, and a
fault in them was told of whatever stood before: `{% with %}`, and `{% set x.y %}` of what is no
namespace.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class LineKeeper(CodeGenerator):
    """Compiles as Jinja does, and notes the line before anything else."""

    def visit_With(self, node: nodes.With, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Compile the values that a block begins with."""
        self.newline(node)
        super().visit_With(node, frame)

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802 - as above
        """Compile a {% set %} on one line."""
        self.newline(node)
        super().visit_Assign(node, frame)

    def visit_AssignBlock(  # noqa: N802 - as above
        self, node: nodes.AssignBlock, frame: Frame
    ) -> None:
        """Compile a {% set %} with an end."""
        self.newline(node)
        super().visit_AssignBlock(node, frame)

"""The parts that every page shares: templates that escape, and our own files only."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from digest.resources import templates_folder
from digest.templating.compiled_code import CompiledCode

_BYTES_IN_A_KILOBYTE = 1000
_COMPILED = CompiledCode("pages")


class Pages:
    """The templates of `templates/web`, read once an application."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates_folder() / "web"),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=_COMPILED,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["kilobytes"] = kilobytes

    def fragment(self, template: str, context: Mapping[str, object]) -> str:
        """Fill one template."""
        return self._environment.get_template(template).render(context)

    def page(self, template: str, context: Mapping[str, object], status: int = 200) -> HTMLResponse:
        """Answer with one filled template."""
        return HTMLResponse(self.fragment(template, context), status_code=status)


def static_files() -> Mount:
    """Serve style sheets and scripts at /static, from this installation and nowhere else."""
    return Mount("/static", StaticFiles(directory=templates_folder() / "web" / "static"))


def kilobytes(size: int) -> str:
    """Write a size in bytes as people read it: "840 bytes", "43.1 KB", "102 KB"."""
    if size < _BYTES_IN_A_KILOBYTE:
        return f"{size} bytes"
    return f"{size / _BYTES_IN_A_KILOBYTE:.1f} KB".replace(".0 KB", " KB")

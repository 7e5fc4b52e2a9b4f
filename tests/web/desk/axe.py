"""axe-core on a page that is open: what is serious or critical, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judges.tools import npm_file
from judges.verdict import ToolMissing
from tests.required import lacking

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`)))"""


def axe_script() -> str:
    """Return axe-core's own script; the test is skipped where `npm ci` was not run in judges/."""
    try:
        return npm_file("axe-core", "axe.min.js").read_text(encoding="utf-8")
    except ToolMissing as error:
        raise lacking("axe", str(error)) from None


def grave_faults(page: Page, script: str) -> list[str]:
    """Return each serious or critical finding of the page around the mail.

    The mail itself is looked at by `make judge`; nothing runs in its frame.
    """
    page.evaluate(script)
    found: list[str] = page.evaluate(_RUN)
    return found

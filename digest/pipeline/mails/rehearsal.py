"""An issue's mails before anybody is planned: rendered, then looked at, and never twice.

Between composing and planning a reader may choose sections that nobody had chosen. The issue is
then asked for once more, with one variant more, and only that one costs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from digest.config import Settings
from digest.models.compositions import Composition
from digest.models.issues import Issue
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.pipeline.mails.rendering import renderer_of


class Rehearsal:
    """Renders one issue's variants within their size, and has each looked at once.

    `look` raises what holds a mail; it is given those that were not looked at before, or changed:
    a story that leaves a section for its size gives all variants a link.
    """

    def __init__(
        self, settings: Settings, issue: Issue, sha256: str, look: Callable[[Fitted], None]
    ) -> None:
        """Begin with nothing rendered."""
        self._settings = settings
        self._issue = issue
        self._sha256 = sha256
        self._renderer = renderer_of(settings, issue, sha256)
        self._look = look
        self._seen: dict[str, Composition] = {}

    def of(self, compositions: Collection[Composition]) -> Fitted:
        """Return the variants as they will be sent. Raises RenderError, and what `look` does."""
        fitted = render_within_budget(
            self._settings, self._issue, self._sha256, compositions, self._renderer
        )
        new = {
            name: part for name, part in fitted.compositions.items() if self._seen.get(name) != part
        }
        if new:
            self._look(replace(fitted, compositions=new, rendered=fitted.rendered.only(new)))
            self._seen |= new
        return fitted

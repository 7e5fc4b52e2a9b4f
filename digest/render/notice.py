"""An issue's mail with a notice to editors around it; in between it is as readers get it.

The notice stands before and after the page, in English, as all that speaks to operators does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest.models.compositions import Rendered
from digest.render.environment import Templates

_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_END = re.compile(r"</body\s*>(?!.*</body)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """The words around a mail: what happens to it, what to do, what is in it and what is not.

    `ways` are pairs of what a command does and the command; `inside` pairs of place and headline;
    `outside` pairs of a reason and the headlines it holds for.
    """

    subject: str
    title: str
    sentences: Sequence[str]
    ways: Sequence[tuple[str, str]]
    inside: Sequence[tuple[str, str]]
    outside: Sequence[tuple[str, Sequence[str]]]


def with_notice(page: str, text: str, said: NoticeWords, folder: Path) -> Rendered:
    """Return a filled mail (HTML and text) with the notice around it; `folder` has the templates.

    Raises RenderError.
    """
    templates = Templates([folder])
    values: dict[str, object] = {"notice": said}
    above = templates.render("notice-above.html", values)
    below = templates.render("notice-below.html", values)
    page = _BODY.sub(lambda found: found.group() + above, page, count=1)
    page = _END.sub(lambda found: below + found.group(), page, count=1)
    return Rendered(
        variant="notice",
        language="en",
        subject=said.subject,
        html=page,
        text=templates.render("notice.txt", {**values, "mail": text}),
    )

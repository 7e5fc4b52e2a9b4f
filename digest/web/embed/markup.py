"""The form as HTML to paste: no script, no style of its own, one request to the readers' pages."""

from __future__ import annotations

from collections.abc import Sequence

from digest.config import EditionSettings, Settings
from digest.web.pages import Pages
from digest.web.readers.signing_up import TRAP
from digest.web.readers.speech import Speech


def form_markup(settings: Settings, editions: Sequence[EditionSettings], locale: str = "") -> str:
    """Return a form that subscribes to these editions; several are boxes to tick.

    `locale` chooses its words, and those of the pages and mails that follow. RenderError for one
    that is no language.
    """
    context = {
        "action": f"{settings.site.public_url}/subscribe",
        "words": Speech(locale or settings.site.language),
        "locale": locale,
        "trap": TRAP,
        "editions": [(one, settings.sections_of(one)) for one in editions],
        "site_name": settings.site.name,
    }
    return Pages().fragment("embed-form.html", context) + "\n"

"""Articles → issue, as a good night editor would choose, with a reason for every article.

Pure: values in, values out. No clock, file, network or database may enter here, and no other
stage; the slot's time is "now".
"""

from __future__ import annotations

from digest.editorial.choosing.compose import (
    Composer,
    chosen_in,
    compose,
    leads_of,
    variant_name,
)
from digest.editorial.choosing.history import readers, told_to
from digest.editorial.overlay.circumstances import Circumstances
from digest.editorial.overlay.file import parse_overlay
from digest.editorial.overlay.ineffective_wishes import unheeded
from digest.editorial.overlay.match import section_faults
from digest.editorial.overlay.names import nearest
from digest.editorial.overlay.wishes import Overlay
from digest.editorial.plan import Choice, EditionPlan, ScoreTerms, SectionPlan
from digest.editorial.selection import choose
from digest.editorial.stories.possible_duplicates import suspected_duplicates
from digest.editorial.stories.same_event import Memory

__all__ = [
    "Choice",
    "Circumstances",
    "Composer",
    "EditionPlan",
    "Memory",
    "Overlay",
    "ScoreTerms",
    "SectionPlan",
    "choose",
    "chosen_in",
    "compose",
    "leads_of",
    "nearest",
    "parse_overlay",
    "readers",
    "section_faults",
    "suspected_duplicates",
    "told_to",
    "unheeded",
    "variant_name",
]

"""Articles → issue, as a good night editor would choose, with a reason for every article.

Pure: values in, values out. No clock, file, network or database may enter here, and no other
stage; the slot's time is "now".
"""

from __future__ import annotations

from digest.editorial.compose import chosen_in, compose, leads_of, variant_name
from digest.editorial.history import readers, told_to
from digest.editorial.nearest import nearest
from digest.editorial.overlay import Desk, Overlay
from digest.editorial.overlay_file import parse_overlay
from digest.editorial.overlay_match import section_faults
from digest.editorial.plan import Choice, EditionPlan, SectionPlan, Terms
from digest.editorial.sameness import Memory
from digest.editorial.selection import choose
from digest.editorial.suspects import suspected_duplicates
from digest.editorial.unheeded import unheeded

__all__ = [
    "Choice",
    "Desk",
    "EditionPlan",
    "Memory",
    "Overlay",
    "SectionPlan",
    "Terms",
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

"""Articles → issue, as a good night editor would choose, with a reason for every article.

Pure: values in, values out. No clock, file, network or database may enter here, and no other
stage; the slot's time is "now".
"""

from __future__ import annotations

from digest.editorial.compose import compose, variant_name
from digest.editorial.plan import Choice, EditionPlan, SectionPlan, Terms
from digest.editorial.sameness import Memory
from digest.editorial.selection import choose

__all__ = [
    "Choice",
    "EditionPlan",
    "Memory",
    "SectionPlan",
    "Terms",
    "choose",
    "compose",
    "variant_name",
]

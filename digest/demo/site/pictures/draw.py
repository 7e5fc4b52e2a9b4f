"""Draws every illustration of the site; run it after a scene or a headline changed.

    python -m digest.demo.site.pictures.draw [HEADLINE-SLUG …]

Needs Pillow, which is in the test group. The same content draws the same pictures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from digest.demo.site.links import PICTURES
from digest.demo.site.pictures import (
    buildings,
    devices,
    land,
    rooms,
    science,
    stage,
    streets,
    tabletop,
    waterside,
)
from digest.demo.site.pictures.canvas import Canvas
from digest.demo.site.pictures.palette import PALETTES
from digest.demo.site.reading import commissions

SCENES = {
    **buildings.SCENES,
    **devices.SCENES,
    **land.SCENES,
    **rooms.SCENES,
    **science.SCENES,
    **stage.SCENES,
    **streets.SCENES,
    **tabletop.SCENES,
    **waterside.SCENES,
}
_QUALITY = 72


class Job(NamedTuple):
    """One picture to draw: the file's stem, the scene, and the section and mood of its colours."""

    slug: str
    scene: str
    section: str
    mood: int


def jobs() -> Iterator[Job]:
    """Yield every picture the content asks for; neighbours in a section differ in mood."""
    for section, posts in commissions().items():
        for place, (slug, scene) in enumerate(posts):
            yield Job(slug, scene, section, place % len(PALETTES[section]))


def draw(job: Job) -> Canvas:
    """Paint one picture."""
    canvas = Canvas(PALETTES[job.section][job.mood], job.slug)
    SCENES[job.scene](canvas)
    return canvas


def main() -> None:
    """Draw all pictures, or those named."""
    parser = argparse.ArgumentParser(description="Draw the site's illustrations.")
    parser.add_argument("slugs", nargs="*", help="only these")
    wanted = frozenset(parser.parse_args().slugs)
    for job in jobs():
        if not wanted or job.slug in wanted:
            picture = draw(job).finish()
            picture.save(
                PICTURES / f"{job.slug}.jpg", quality=_QUALITY, optimize=True, progressive=True
            )


if __name__ == "__main__":
    main()

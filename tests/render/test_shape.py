"""A flow run once for all variants of one shape."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.models.compositions import Composition
from digest.render import Theme, load_theme, themes_in
from digest.render.flow import Flow, Kind
from digest.render.shape import Looked, StandIn, shape_of, stand_in, step, values_of
from digest.render.views import VariantView, Viewer

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom


def _flow(newsroom: Newsroom, theme: Theme, kind: Kind = "html") -> tuple[Flow, Viewer]:
    viewer = Viewer(newsroom.issue(newsroom.everything()), "en")
    values: dict[str, object] = {
        "hole": dict.fromkeys(theme.holes, "hole"), "edition": viewer.edition,
        "words": viewer.words, "css": str, "subject": "s", "preheader": "p",
        "colour": theme.palette,
    }  # fmt: skip
    return Flow(theme, kind, values, "inside"), viewer


def _variants(newsroom: Newsroom) -> list[Composition]:
    whole = newsroom.everything()
    other = replace(whole, lead=newsroom.story("tech", 9), lead_section="tech", variant="other")
    turned = replace(whole, sections=whole.sections[::-1], variant="turned")
    fewer = replace(whole, sections=whole.sections[1:], variant="fewer")
    return [whole, other, turned, fewer, replace(fewer, lead=None, variant="leaderless")]


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_runs_hold_the_pieces_of_the_variant_itself(
    newsroom: Newsroom, frontpage: Theme, kind: Kind
) -> None:
    """What was noted once gives, for every variant, what its own flow would give."""
    flow, viewer = _flow(newsroom, frontpage, kind)
    for composition in _variants(newsroom):
        variant = viewer.variant(composition)
        runs = flow.runs(variant)
        assert tuple(piece for run in runs for piece in run.pieces) == flow.pieces(variant)


def test_variants_with_the_same_stories_share_their_runs(
    newsroom: Newsroom, frontpage: Theme
) -> None:
    """A section's run is there for the second variant that shows it, wherever it stands."""
    flow, viewer = _flow(newsroom, frontpage)
    whole, _, turned, *_ = _variants(newsroom)
    first, second = flow.runs(viewer.variant(whole)), flow.runs(viewer.variant(turned))
    sections = [run for run in first if run.pieces[0].name == "heading"]
    assert len(sections) == 3
    assert [run for run in second if run.pieces[0].name == "heading"] == sections[::-1]
    assert first[0] is second[0]
    assert [piece.name for piece in first[0].pieces] == ["page", "masthead", "contents"]


def test_only_what_brings_something_new_is_woven(newsroom: Newsroom, frontpage: Theme) -> None:
    """The document does not grow with variants that are made of what is there."""
    flow, viewer = _flow(newsroom, frontpage)
    for composition in (*_variants(newsroom), *_variants(newsroom)):
        flow.runs(viewer.variant(composition))
    assert 0 < len(flow.fresh) <= len(_variants(newsroom))


@pytest.mark.parametrize(
    "looking",
    [
        '{% if sections[0].top|length > 9 %}{{ block("masthead") }}{% endif %}',
        '{% if lead and lead.picture %}{{ block("masthead") }}{% endif %}',
        '{% if lead == sections[0].head %}{{ block("masthead") }}{% endif %}',
        '{% if variant.lead_section %}{{ block("masthead") }}{% endif %}',
        '{% if variant.variant == "fewer" %}{{ block("masthead") }}{% endif %}',
    ],
)
def test_a_flow_that_looks_is_run_for_each_variant(
    tmp_path: Path, themes: Path, newsroom: Newsroom, looking: str
) -> None:
    """Slower, and just as right: nothing is noted of what depends on a variant's own values."""
    shutil.copytree(themes / "frontpage", tmp_path / "frontpage")
    file = tmp_path / "frontpage" / "flow.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('{{ block("footer") }}', looking), encoding="utf-8")
    flow, viewer = _flow(newsroom, load_theme("frontpage", [tmp_path, themes]))
    for composition in _variants(newsroom):
        variant = viewer.variant(composition)
        runs = flow.runs(variant)
        assert tuple(piece for run in runs for piece in run.pieces) == flow.pieces(variant)


def test_no_shipped_theme_looks(newsroom: Newsroom, themes: Path) -> None:
    """Their flows run once for each number of sections, not for each of 255 variants."""
    for name in themes_in([themes]):
        for kind in ("html", "txt"):
            flow, viewer = _flow(newsroom, load_theme(name, [themes]), kind)
            runs = flow.runs(viewer.variant(newsroom.everything()))
            assert any(len(run.pieces) > 1 for run in runs), (name, kind)


@pytest.mark.parametrize(
    "look",
    [bool, str, len, list, hash, lambda it: it.title, lambda it: it == 1, lambda it: it[0]],
)
def test_a_stand_in_for_a_text_tells_nothing(look: Callable[[object], object]) -> None:
    """Whatever asks it for its value is told that it looked."""
    with pytest.raises(Looked):
        look(stand_in((True, 1)).lead_section)
    with pytest.raises(Looked):
        1 in stand_in((True, 1)).lead_section  # noqa: B015


def test_values_are_found_where_the_stand_in_said(newsroom: Newsroom) -> None:
    """Lead, its section's name, a section and its head, each at its place."""
    variant = _flow_variant(newsroom)
    some = stand_in(shape_of(variant))
    given: dict[str, object] = {
        "a": some.lead, "b": some.lead_section, "c": some.sections[2], "d": some.sections[1].head,
        "e": 7,
    }  # fmt: skip
    noted = step("part", "section", given)
    assert noted.fixed == (("e", 7),)
    values = values_of(variant)
    assert [values[place] for place in noted.places] == [
        *(variant.lead, variant.lead_section),
        *(variant.sections[2], variant.sections[1].head),
    ]
    assert all(isinstance(given[name], StandIn) for name in noted.names)


def _flow_variant(newsroom: Newsroom) -> VariantView:
    composition = newsroom.everything()
    return Viewer(newsroom.issue(composition), "en").variant(composition)

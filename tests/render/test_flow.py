"""One variant as a sequence of pieces."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import RenderError
from digest.render import Theme, load_theme, render
from digest.render.flow import Flow
from digest.render.views import Viewer

if TYPE_CHECKING:
    from tests.render.conftest import Newsroom

_VALUES = {"hole": {"unsubscribe_url": "a", "preferences_url": "b", "view_url": "c"}}


def _flow(newsroom: Newsroom, theme: Theme) -> tuple[Flow, Viewer]:
    viewer = Viewer(newsroom.issue(newsroom.everything()), "en")
    values: dict[str, object] = {
        **_VALUES, "edition": viewer.edition, "words": viewer.words, "css": str, "subject": "s",
        "preheader": "p", "colour": theme.palette,
    }  # fmt: skip
    return Flow(theme, "html", values, "inside"), viewer


def test_a_piece_is_rendered_once_for_all_variants(newsroom: Newsroom, frontpage: Theme) -> None:
    """A second variant of the same stories asks for pieces that are there already."""
    flow, viewer = _flow(newsroom, frontpage)
    first = flow.pieces(viewer.variant(newsroom.everything()))
    known = dict(flow.sources)
    assert flow.pieces(viewer.variant(newsroom.everything())) == first
    assert flow.sources == known


def test_frames_open_and_close_in_order(newsroom: Newsroom, frontpage: Theme) -> None:
    """Every sequence is well nested, the page around everything."""
    flow, viewer = _flow(newsroom, frontpage)
    pieces = flow.pieces(viewer.variant(newsroom.everything()))
    open_frames = []
    for piece in pieces:
        if piece.part == "open":
            open_frames.append(piece.name)
        if piece.part == "close":
            assert open_frames.pop() == piece.name
    assert not open_frames
    assert (pieces[0].name, pieces[-1].name) == ("page", "page")


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        ('{% call frame("page") %}Hello{% endcall %}', 'writes "Hello" outside'),
        ('Hello{% call frame("page") %}{% endcall %}', 'writes "Hello" outside'),
        ('{% call frame("page") %}{{ block("horoscope") }}{% endcall %}', "does not declare"),
        (
            '{% call frame("page") %}{{ block("entry", section=sections[0]) }}{% endcall %}',
            "differ",
        ),
        ('{% call frame("wall") %}{% endcall %}', '"wall"'),
    ],
)
def test_a_flow_that_cannot_be_cut_is_refused(
    tmp_path: Path, themes: Path, newsroom: Newsroom, flow: str, said: str
) -> None:
    """What belongs to no piece, or would differ between variants, is an error of the theme."""
    shutil.copytree(themes / "frontpage", tmp_path / "frontpage")
    (tmp_path / "frontpage" / "flow.html").write_text(flow, encoding="utf-8")
    composition = newsroom.everything()
    with pytest.raises(RenderError) as caught:
        render(
            newsroom.issue(composition),
            [composition],
            load_theme("frontpage", [tmp_path, themes]),
            newsroom.nonce,
        )
    assert said in caught.value.what
    assert caught.value.where.startswith(str(tmp_path / "frontpage" / "flow.html"))


def test_a_frame_without_inside_is_refused(
    tmp_path: Path, themes: Path, newsroom: Newsroom
) -> None:
    """A frame that shows nothing inside would lose stories."""
    shutil.copytree(themes / "frontpage", tmp_path / "frontpage")
    (tmp_path / "frontpage" / "frames" / "main.html").write_text("<div></div>", encoding="utf-8")
    flow, viewer = _flow(newsroom, load_theme("frontpage", [tmp_path, themes]))
    with pytest.raises(RenderError, match="exactly once"):
        flow.pieces(viewer.variant(newsroom.everything()))

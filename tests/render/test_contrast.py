"""How well one colour can be read on another, and the nearest that can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.contrast import contrast, least_contrast, mix, readable

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_the_ends_of_the_scale_are_those_of_the_standard() -> None:
    """Black on white is 21 to 1, a colour on itself 1 to 1 (WCAG 2.2)."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#a4161a", "#a4161a") == pytest.approx(1)


def test_a_known_figure_comes_out() -> None:
    """#767676 is the lightest grey that may stand on white."""
    assert contrast("#767676", "#ffffff") >= 4.5
    assert contrast("#777777", "#ffffff") < 4.5


@given(COLOUR, COLOUR)
def test_a_nearest_colour_can_be_read(colour: str, ground: str) -> None:
    """On any one ground there is always such a colour; one that passes is left as it is."""
    found = readable(colour, [ground])
    assert contrast(found, ground) >= 4.5
    assert found == colour or contrast(colour, ground) < 4.5


def test_the_nearest_keeps_its_hue() -> None:
    """A yellow becomes a dark yellow, not a grey."""
    found = readable("#ffdd00", ["#ffffff"])
    red, green, blue = (int(found[index : index + 2], 16) for index in (1, 3, 5))
    assert blue == 0
    assert red > green > blue


def test_where_nothing_passes_the_best_is_given() -> None:
    """Black, grey and white grounds at once have no text colour; the worst case counts."""
    grounds = ["#000000", "#777777", "#ffffff"]
    assert readable("#808080", grounds) in {"#000000", "#ffffff"}
    assert least_contrast("#808080", grounds) < 4.5


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    """Nothing of the other, half, all of it."""
    assert [mix("#000000", "#ff8040", share) for share in (0, 0.5, 1)] == [
        "#000000", "#804020", "#ff8040",
    ]  # fmt: skip

"""CSS's ways to write a colour, read as "#rrggbb"; one that lets its ground through is mixed."""

from __future__ import annotations

import colorsys
import re

from digest.render.contrast import mix

_HEX = re.compile(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b")
_CALL = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_PARTS = re.compile(r"[\d.]+%?")
_NAMED = {
    "white": "#ffffff", "black": "#000000", "red": "#ff0000", "gray": "#808080",
    "grey": "#808080", "silver": "#c0c0c0", "blue": "#0000ff", "green": "#008000",
    "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3", "darkgray": "#a9a9a9", "darkgrey": "#a9a9a9",
    "gainsboro": "#dcdcdc", "whitesmoke": "#f5f5f5", "yellow": "#ffff00", "orange": "#ffa500",
    "navy": "#000080", "maroon": "#800000", "teal": "#008080", "purple": "#800080",
}  # fmt: skip
_OPAQUE = 4


def colour(text: str, ground: str = "#ffffff") -> str:
    """Return "#rrggbb" of what stands on a ground; "" of what cannot be read as a colour.

    `text` is in lower case, as a declaration's value or an attribute is written.
    """
    if found := _HEX.search(text):
        return _from_hex(found.group(1), ground)
    if found := _CALL.search(text):
        parts = _PARTS.findall(found.group(2))
        if len(parts) not in {3, _OPAQUE}:
            return ""
        shade = _from_rgb(parts[:3]) if found.group(1) == "rgb" else _from_hsl(parts[:3])
        return _mixed(shade, ground, _share(parts[3], 1.0) if len(parts) == _OPAQUE else 1.0)
    first = text.split(maxsplit=1)
    return _NAMED.get(first[0], "") if first else ""


def _from_hex(digits: str, ground: str) -> str:
    if len(digits) <= _OPAQUE:
        digits = "".join(one * 2 for one in digits)
    alpha = int(digits[6:], 16) / 255 if digits[6:] else 1.0
    return _mixed(f"#{digits[:6]}", ground, alpha)


def _from_rgb(parts: list[str]) -> str:
    return "#" + "".join(f"{round(min(_share(part, 255.0), 1.0) * 255):02x}" for part in parts)


def _from_hsl(parts: list[str]) -> str:
    hue, saturation, light = (
        float(parts[0].rstrip("%")) / 360,
        *(_share(p, 100.0) for p in parts[1:]),
    )
    channels = colorsys.hls_to_rgb(hue % 1.0, min(light, 1.0), min(saturation, 1.0))
    return "#" + "".join(f"{round(one * 255):02x}" for one in channels)


def _share(part: str, whole: float) -> float:
    """Return 0 to 1 of a figure that is a percentage, or a part of `whole`."""
    return float(part[:-1]) / 100 if part.endswith("%") else float(part) / whole


def _mixed(shade: str, ground: str, alpha: float) -> str:
    return mix(ground, shade, min(alpha, 1.0)) if alpha < 1.0 else shade

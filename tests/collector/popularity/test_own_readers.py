"""Who came by our own mails is not counted, where a counter can tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from digest.collector.popularity import ADAPTERS, Counter

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def _asked(kind: str, **own: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON or a form
    adapter = ADAPTERS[kind]
    keys = adapter.keys.model_validate({"site": "1", "url": "https://stats.example"})
    counter = Counter("c", kind, "https://news.example", keys, secret="k", **own)  # type: ignore[arg-type]
    body = (adapter.ask(counter, NOW, "token").body or b"").decode()
    return parse_qs(body) if kind == "matomo" else json.loads(body)


@pytest.mark.parametrize(
    ("kind", "place", "want"),
    [
        ("plausible", "filters", [["is_not", "visit:utm_source", ["digest", "weekly"]]]),
        (
            "ga4",
            "dimensionFilter",
            {
                "notExpression": {
                    "filter": {
                        "fieldName": "sessionManualSource",
                        "inListFilter": {"values": ["digest", "weekly"]},
                    }
                }
            },
        ),
        ("matomo", "segment", ["referrerName!@daily%2F;referrerName!@week"]),
    ],
)
def test_our_own_readers_are_left_out(kind: str, place: str, want: object) -> None:
    """Plausible and Google by utm_source, Matomo by its one name of a campaign."""
    own = {"own_sources": ("digest", "weekly"), "own_campaigns": ("daily/", "week")}
    assert _asked(kind, **own)[place] == want
    assert place not in _asked(kind)


def test_matomo_knows_the_source_where_no_campaign_is_set() -> None:
    """Its name of a campaign is then the utm_source."""
    assert _asked("matomo", own_sources=("digest",))["segment"] == ["referrerName!@digest"]

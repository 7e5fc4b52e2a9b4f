"""The keys that every provider's table has, and their bounds."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from digest.sender.api.declare import ApiSettings
from digest.sender.registry import TRANSPORTS

APIS = [name for name in TRANSPORTS if issubclass(TRANSPORTS[name].keys, ApiSettings)]
NEEDED = {
    "mailgun": {"domain": "news.example"},
    "postal": {"url": "https://postal.news.example"},
    "scaleway": {"project": "6170692e-7363-616c-6577-61792e636f6d"},
    "ses": {"region": "eu-west-1"},
}


@pytest.mark.parametrize("name", APIS)
def test_no_provider_takes_any_number_of_connections(name: str) -> None:
    """A provider that has another default has the same bounds: none, or hundreds, are refused."""
    keys, needed = TRANSPORTS[name].keys, NEEDED.get(name, {})
    assert keys.model_validate(needed).connections == (
        16 if name in {"mandrill", "postal", "scaleway"} else 4
    )
    assert keys.model_validate({**needed, "connections": 50}).connections == 50
    for wrong in (0, -1, 51):
        with pytest.raises(ValidationError, match="connections"):
            keys.model_validate({**needed, "connections": wrong})

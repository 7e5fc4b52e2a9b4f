"""The demo's applications run in the one local server of `digest.web.serving`."""

from digest.web.serving import serving as serve

__all__ = ["serve"]

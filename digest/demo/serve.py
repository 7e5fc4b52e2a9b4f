"""The demo's applications run in the one local server of `digest.web.server.serving`."""

from digest.web.server.serving import serving as serve

__all__ = ["serve"]

"""httpx for one connection, without what its client does that a call never needs.

Redirects, cookies and ways to sign in cost as much as the request itself. They are left out where
httpx's client would ask its transport anyway: no proxy stands in the environment, and no login in
the address.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from urllib.request import getproxies

import httpx


class HttpLine:
    """Sends one request after the other, and keeps its connection open between them."""

    def __init__(self, timeout: float, tls: ssl.SSLContext) -> None:
        """Bound each step of a request by `timeout`, in seconds; follow no redirect."""
        # A client that is handed a transport uses no proxy of the environment.
        self._direct = None if getproxies() else httpx.AsyncHTTPTransport(verify=tls)
        self._client = httpx.AsyncClient(
            timeout=timeout, follow_redirects=False, verify=tls, transport=self._direct
        )

    async def answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        """Return the response, read to its end. Raises httpx.HTTPError."""
        request = self._client.build_request(method, url, headers=headers, content=body)
        if self._direct is None or request.url.userinfo:
            return await self._client.send(request)
        response = await self._direct.handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

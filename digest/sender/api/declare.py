"""From a provider to a transport that `transport = "name"` can choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from digest.extension.networks import Networks
from digest.extension.secret import Secret
from digest.extension.table import HttpUrl
from digest.sender.api.contract import Provider
from digest.sender.declaration import Check, Greeting, Opening, TransportKind, TransportSettings
from digest.sender.transport import CallTransport

KEEPS_HEADERS = "it keeps our headers, with each reader's List-Unsubscribe"


ConnectionCount = Annotated[int, Field(ge=1, le=50)]


class ApiSettings(TransportSettings):
    """The keys that every provider's table has.

    `url` is the API's base, as for another region. `allow` are the networks from which reports are
    taken; none named means from anywhere.
    """

    connections: ConnectionCount = 4
    timeout: Annotated[float, Field(gt=0, le=600)] = 60.0
    url: HttpUrl
    allow: Networks = ()


ApiSettingsT = TypeVar("ApiSettingsT", bound=ApiSettings)


def provider_kind(
    name: str,
    keys: type[ApiSettingsT],
    secrets: Sequence[Secret],
    make: Callable[[Opening[ApiSettingsT]], Provider],
    note: str = "",
) -> TransportKind[ApiSettingsT]:
    """Return the declaration of a provider's transport; `make` builds the provider.

    `note` says what the provider does to our headers, where it does not keep them.
    """

    def open_(opening: Opening[ApiSettingsT]) -> CallTransport:
        from digest.sender.api.transport import ApiTransport

        return ApiTransport(make(opening), timeout=opening.settings.timeout)

    def checks(opening: Opening[ApiSettingsT]) -> Sequence[Check]:
        async def look() -> Greeting:
            from digest.sender.api.transport import ApiTransport

            await ApiTransport(make(opening), timeout=opening.settings.timeout).check()
            return Greeting(f"{name} takes our key; {note or KEEPS_HEADERS}")

        return (look,)

    return TransportKind(
        name, keys, open_, secrets=lambda _: tuple(secrets), checks=checks, changes=note
    )

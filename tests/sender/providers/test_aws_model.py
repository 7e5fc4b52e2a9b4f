"""Amazon's own description of its API as a judge of our requests, as botocore has it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest

from digest.aws_signature import AwsCredentials, AwsSigner
from digest.models.calls import Call
from digest.sender.providers.ses import Ses
from tests.sender.conftest import MemoryLedger
from tests.sender.providers.parts import content, share

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
URL = "https://email.eu-west-1.amazonaws.com"


def ses(session: str = "") -> Ses:
    return Ses(URL, AwsSigner(AwsCredentials("key", "canary", session), "eu-west-1", "ses"), "set")


def call(readers: int) -> Call:
    rows = MemoryLedger(readers).rows.values()
    return Call("key", content(), tuple(share(row.recipient) for row in rows))


@pytest.mark.parametrize("session", ["", "a/session+token=="])
def test_a_signature_is_that_of_botocore(session: str) -> None:
    """The same request at the same time has the same Authorization."""
    from botocore import auth, awsrequest, credentials

    ours = ses(session)
    request = ours.request(call(2))
    theirs = awsrequest.AWSRequest(method="POST", url=request.url, data=request.body)
    signer = auth.SigV4Auth(
        credentials.Credentials("key", "canary", session or None), "ses", "eu-west-1"
    )
    with patch("botocore.auth.get_current_datetime", return_value=AT.replace(tzinfo=None)):
        signer.add_auth(theirs)
    assert request.signed is not None
    assert request.signed(AT)["authorization"] == theirs.headers["Authorization"]


@pytest.mark.parametrize("readers", [1, 50])
def test_a_call_is_valid_by_amazons_description(readers: int) -> None:
    """No key that SendBulkEmail does not know, none missing, no limit exceeded."""
    from botocore import loaders, model, validate

    described: dict[str, Any] = loaders.Loader().load_service_model("sesv2", "service-2")
    operation = model.ServiceModel(described).operation_model("SendBulkEmail")
    request = ses().request(call(readers))
    assert operation.http["method"] == request.method
    assert request.url.endswith(operation.http["requestUri"])
    found = validate.ParamValidator().validate(json.loads(request.body), operation.input_shape)
    assert not found.has_errors(), found.generate_report()

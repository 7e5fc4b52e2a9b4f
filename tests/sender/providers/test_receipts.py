"""Every field of a receipt: what each provider's answer says of each reader of a call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import ApiResponse, Refusal, RefusalKind
from tests.sender.providers.test_requests import NAMES, call_of, opened

ACCEPTED, FAILED = Outcome.ACCEPTED, Outcome.FAILED
UNSENT, UNCERTAIN = Outcome.UNSENT, Outcome.UNCERTAIN


def _said(
    number: int,
    outcome: Outcome,
    text: str = "",
    given: str = "",
    *,
    suppress: bool = False,
    throttled: bool = False,
) -> Receipt:
    return Receipt(
        number,
        outcome,
        code=200,
        text=text,
        phase="api",
        suppress=suppress,
        throttled=throttled,
        provider_id=given,
    )


def _ses(*results: dict[str, str]) -> dict[str, Any]:
    return {"BulkEmailEntryResults": list(results)}


def _mailjet(*errors: dict[str, Any]) -> dict[str, Any]:
    return {"Messages": [{"Status": "error", "Errors": list(errors)}]}


def _sparkpost(rejected: object, *errors: str) -> dict[str, Any]:
    told = [{"message": one} for one in errors]
    return {"results": {"id": "m", "total_rejected_recipients": rejected, "rcpt_to_errors": told}}


# The body of a 200, and the receipts of a call to readers 1 and 2, or to reader 1 alone.
ANSWERS: list[tuple[str, Any, list[Receipt]]] = [
    ("brevo", {"messageIds": ["m1", "m2"]}, [_said(1, ACCEPTED, given="m1"),
                                             _said(2, ACCEPTED, given="m2")]),
    ("brevo", {"messageId": "m1"}, [_said(1, ACCEPTED, given="m1")]),
    ("brevo", [], []),
    ("mailersend", {}, [_said(1, ACCEPTED), _said(2, ACCEPTED)]),
    ("mailgun", {"id": "m"}, [_said(1, ACCEPTED), _said(2, ACCEPTED)]),
    ("sendgrid", None, [_said(1, ACCEPTED), _said(2, ACCEPTED)]),
    ("mailjet", {"Messages": [{"Status": "success", "To": [{"MessageID": 5}]},
                              {"Status": "success"}]},
     [_said(1, ACCEPTED, given="5"), _said(2, ACCEPTED)]),
    ("mailjet", _mailjet({"StatusCode": 400, "ErrorMessage": "a"}, {"ErrorMessage": "b"}),
     [_said(1, FAILED, "a; b")]),
    ("mailjet", _mailjet({"StatusCode": 400, "ErrorRelatedTo": ["From"], "ErrorMessage": "a"}),
     [_said(1, UNSENT, "a")]),
    ("mailjet", _mailjet({"StatusCode": 429, "ErrorMessage": "slow"}),
     [_said(1, UNSENT, "slow", throttled=True)]),
    ("mailjet", _mailjet({"StatusCode": 429}, {"StatusCode": 401}), [_said(1, UNSENT, ";")]),
    ("mailtrap", {"responses": [{"success": True, "message_ids": ["m"]}, {"success": True}]},
     [_said(1, ACCEPTED, given="m"), _said(2, ACCEPTED)]),
    ("mailtrap", {"responses": [{"success": False, "errors": ["'to' a@b.example", "twice"]},
                                {"success": False, "errors": "'from' is not verified"}]},
     [_said(1, FAILED, "'to' a…@b.example; twice"),
      _said(2, UNSENT, "'from' is not verified")]),
    ("mandrill", [{"status": "queued", "_id": "m"}], [_said(1, ACCEPTED, given="m")]),
    ("mandrill", [{"status": "sent"}], [_said(1, ACCEPTED)]),
    ("mandrill", [{"status": "scheduled"}], [_said(1, ACCEPTED)]),
    ("mandrill", [{"status": "rejected", "reject_reason": "unsigned", "_id": "m"}],
     [_said(1, UNSENT, "rejected unsigned")]),
    ("mandrill", [{"status": "rejected", "reject_reason": "spam"}],
     [_said(1, FAILED, "rejected spam", suppress=True)]),
    ("mandrill", [{"status": "invalid"}], [_said(1, FAILED, "invalid")]),
    ("mandrill", [{"status": "novel"}], [_said(1, UNCERTAIN, "novel")]),
    ("mandrill", {}, []),
    ("postal", {"status": "success", "data": {"messages": {"a@b.example": {"id": 5}}}},
     [_said(1, ACCEPTED, given="5")]),
    ("postal", {"status": "success"}, [_said(1, ACCEPTED)]),
    ("postal", {"status": "error", "data": {"code": "NoRecipients", "message": "None"}},
     [_said(1, FAILED, "NoRecipients None")]),
    ("postal", {"status": "parameter-error", "data": {"message": "no a@b.example"}},
     [_said(1, UNSENT, "no a…@b.example")]),
    ("postal", {"status": "novel", "data": {"code": "NoRecipients"}}, [_said(1, UNCERTAIN)]),
    ("postal", [], [_said(1, UNCERTAIN)]),
    ("postmark", [{"ErrorCode": 0, "MessageID": "m"}, {"ErrorCode": 0}],
     [_said(1, ACCEPTED, given="m"), _said(2, ACCEPTED)]),
    ("postmark", [{"ErrorCode": 406, "Message": "inactive: a@b.example"}, {"ErrorCode": 300}],
     [_said(1, FAILED, "406: inactive: a…@b.example", suppress=True),
      _said(2, FAILED, "300:")]),
    ("postmark", [{"ErrorCode": 405, "Message": "credits"}], [_said(1, UNSENT, "405: credits")]),
    ("postmark", {}, []),
    ("resend", {"data": [{"id": "m"}], "errors": [{"index": 0, "message": "a@b.example?"}]},
     [_said(1, FAILED, "a…@b.example?"), _said(2, ACCEPTED, given="m")]),
    ("resend", {"data": [{}], "errors": [{"index": 1}, {"index": "0"}, 7]},
     [_said(1, ACCEPTED), _said(2, FAILED)]),
    ("resend", {"data": [{"id": "m"}]}, [_said(1, ACCEPTED, given="m")]),
    ("resend", [], []),
    ("scaleway", {"emails": [{"status": "new", "id": "m"}]}, [_said(1, ACCEPTED, given="m")]),
    ("scaleway", {"emails": [{"status": "failed", "id": "m", "status_details": "a@b.example"}]},
     [_said(1, FAILED, "a…@b.example", "m")]),
    ("scaleway", {"emails": [{"status": "canceled"}]}, [_said(1, FAILED, "canceled")]),
    ("scaleway", {"emails": [{"status": "novel"}]}, [_said(1, UNCERTAIN, "novel")]),
    ("ses", _ses({"Status": "SUCCESS", "MessageId": "m"},
                 {"Status": "MESSAGE_REJECTED", "Error": "a@b.example"}),
     [_said(1, ACCEPTED, "SUCCESS", "m"), _said(2, FAILED, "MESSAGE_REJECTED a…@b.example")]),
    ("ses", _ses({"Status": "ACCOUNT_THROTTLED"}, {"Status": "NOVEL"}),
     [_said(1, UNSENT, "ACCOUNT_THROTTLED", throttled=True), _said(2, UNCERTAIN, "NOVEL")]),
    ("sparkpost", _sparkpost(0), [_said(1, ACCEPTED, given="m"),
                                  _said(2, ACCEPTED, given="m")]),
    ("sparkpost", _sparkpost(1, "reader2@news.example is invalid"),
     [_said(1, ACCEPTED, given="m"), _said(2, FAILED, "rejected")]),
    ("sparkpost", _sparkpost(1),
     [_said(one, UNCERTAIN, "1 of 2 were rejected, it does not say who") for one in (1, 2)]),
    ("sparkpost", _sparkpost("one"), []),
    ("sparkpost", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "receipts"), ANSWERS)
def test_an_answer_is_read_in_full(name: str, body: object, receipts: list[Receipt]) -> None:
    """Outcome, words without addresses, the mail's id there; whom it leaves out gets none."""
    provider = opened(name)
    response = ApiResponse(200, {}, json.dumps(body).encode())
    assert provider.receipts(call_of(provider), response) == tuple(receipts)


def test_every_provider_answers_here() -> None:
    """A new one brings its answers."""
    assert {name for name, _, _ in ANSWERS} == set(NAMES)


_WORDS: dict[str, Any] = {
    "brevo": {"message": "no a@b.example"},
    "mailersend": {"message": "no a@b.example"},
    "mailgun": {"message": "no a@b.example"},
    "mailjet": {"ErrorMessage": "no a@b.example"},
    "mailtrap": {"errors": ["no", "a@b.example"]},
    "mandrill": {"message": "no a@b.example"},
    "postal": {"data": {"code": "no a@b.example"}},
    "postmark": {"Message": "no a@b.example"},
    "resend": {"message": "no a@b.example"},
    "scaleway": {"message": "no a@b.example"},
    "sendgrid": {"errors": [{"message": "no a@b.example"}, {"message": "other"}]},
    "ses": {"Message": "no a@b.example"},
    "sparkpost": {"errors": [{"message": "no", "description": "a@b.example"}]},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_has_the_provider_s_words(name: str) -> None:
    """Without addresses; the status stands for them where there are none, whatever the body is."""
    provider = opened(name)
    joined = "; " if name in {"mailtrap", "sparkpost"} else " "
    worded = ApiResponse(400, {}, json.dumps(_WORDS[name]).encode())
    assert provider.refusal(worded) == Refusal(RefusalKind.POISON, f"no{joined}a…@b.example")
    for body in (b"{}", b"[]", b"<html>", b'{"errors": [], "data": 7}'):
        wordless = ApiResponse(400, {}, body)
        assert provider.refusal(wordless) == Refusal(RefusalKind.POISON, "HTTP 400")
        kept = ApiResponse(413, {}, body)
        assert provider.refusal(kept).kind is RefusalKind.TOO_LARGE


KINDS: list[tuple[str, int, Any, RefusalKind]] = [
    ("brevo", 400, {"code": "duplicate_parameter"}, RefusalKind.DONE),
    ("brevo", 402, {"code": "not_enough_credits"}, RefusalKind.OURS),
    ("mailjet", 400, {"Messages": [{"Status": "error"}]}, RefusalKind.ANSWERED),
    ("mailtrap", 401, {"error": "Unauthorized"}, RefusalKind.OURS),
    ("mandrill", 500, {"name": "ServiceUnavailable"}, RefusalKind.WAIT),
    ("mandrill", 500, {"name": "ValidationError"}, RefusalKind.POISON),
    ("mandrill", 500, {}, RefusalKind.UNKNOWN),
    ("postmark", 422, {"ErrorCode": 405}, RefusalKind.OURS),
    ("postmark", 422, {"ErrorCode": 300}, RefusalKind.POISON),
    ("resend", 409, {"name": "invalid_idempotent_request"}, RefusalKind.OTHER),
    ("resend", 409, {"name": "concurrent_idempotent_requests"}, RefusalKind.WAIT),
    ("ses", 400, {"message": "sandbox"}, RefusalKind.OURS),
    ("sparkpost", 420, {}, RefusalKind.OURS),
    ("sparkpost", 400, {"errors": [{"code": "7001"}]}, RefusalKind.OURS),
    ("sparkpost", 400, {"errors": [{"code": "7002"}]}, RefusalKind.POISON),
]  # fmt: skip


@pytest.mark.parametrize(("name", "status", "body", "kind"), KINDS)
def test_a_refusal_is_about_what_its_code_says(
    name: str, status: int, body: object, kind: RefusalKind
) -> None:
    """The vendor's own word counts for more than the status."""
    response = ApiResponse(status, {}, json.dumps(body).encode())
    assert opened(name).refusal(response).kind is kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("ThrottlingException", RefusalKind.WAIT),
        ("SendingPausedException:http://x", RefusalKind.OURS),
        ("NovelException", RefusalKind.POISON),
    ],
)
def test_a_refusal_of_ses_is_named_by_a_header(word: str, kind: RefusalKind) -> None:
    """What stands behind a colon is none of the name."""
    response = ApiResponse(400, {"x-amzn-errortype": word}, b"{}")
    assert opened("ses").refusal(response).kind is kind

"""Drives the API with the Python client of openapi-generator."""

import json
import time
from contextlib import contextmanager
from datetime import datetime

from generated import (
    ApiClient,
    ApiException,
    BatchCreated,
    BatchFailed,
    CompaniesApi,
    Configuration,
    EventsApi,
    InvitationPatch,
    InvitationsApi,
    NewInvitation,
    PublicApi,
    RecipientPatch,
    Resending,
    Revocation,
    Status,
)

import samples
from samples import PROBLEM, STALE, UNKNOWN, done


def with_key(base):
    return ApiClient(Configuration(host=base, api_key={"functionKey": samples.KEY}))


client = with_key(samples.BASE)
# Of an instance with a webhook.
hooked = with_key(samples.HOOKED)
invitations, company_api = InvitationsApi(client), CompaniesApi(client)
anyone = ApiClient(Configuration(host=samples.BASE), header_name="accept", header_value="application/json")


def draft(email):
    return NewInvitation.from_dict(samples.draft(email))


@contextmanager
def refused(status, kind=None):
    """What is called inside is refused; gives the error."""
    caught = {}
    try:
        yield caught
    except ApiException as error:
        assert error.status == status, error
        assert kind is None or error.data.type == PROBLEM + kind, error
        caught["error"] = error
    else:
        raise AssertionError(f"not refused with {status}")


def creates():
    assert "invitationId=" in invitations.create_invitation(draft("generator@example.com")).link
    key = samples.new_key("openapi-generator")
    first = invitations.create_invitation(draft("once@example.com"), idempotency_key=key)
    assert invitations.create_invitation(draft("once@example.com"), idempotency_key=key).id == first.id
    with refused(422, "idempotency-key-reused"):
        invitations.create_invitation(draft("other@example.com"), idempotency_key=key)
    with refused(422, "invalid-fields") as invalid:
        invitations.create_invitation(draft("nobody"))
    assert invalid["error"].data.errors[0].pointer == "/recipient/email"
    with refused(415, "unsupported-media-type"):
        invitations.create_invitation(draft("zip@example.com"), _headers=samples.COMPRESSED)
    done("create_invitation", 201, 415, 422)
    good, bad = invitations.create_invitations([draft("batch@example.com"), draft("nobody")])
    good, bad = good.actual_instance, bad.actual_instance
    assert isinstance(good, BatchCreated) and good.invitation.recipient.email == "batch@example.com"
    assert isinstance(bad, BatchFailed) and bad.problem.status == 422
    large = NewInvitation.from_dict({**samples.draft("large@example.com"), "metadata": samples.MUCH})
    with refused(413, "too-large"):
        invitations.create_invitations([large] * 100)
    done("create_invitations", 200, 413)


def lists():
    seen, cursor = [], ""
    while cursor is not None:
        page = invitations.list_invitations(status=[Status.PENDING], limit=2, cursor=cursor)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
    assert len(seen) >= 3 and len(set(seen)) == len(seen)
    with refused(400, "invalid-parameters") as invalid:
        invitations.list_invitations(cursor="nonsense")
    assert invalid["error"].data.errors[0].parameter == "cursor"
    done("list_invitations", 200, 400)


def reads(id):
    read = invitations.get_invitation_with_http_info(id)
    assert read.data.timeline[0].type == "invitation.created"
    with refused(304):
        invitations.get_invitation(id, if_none_match=read.headers["etag"])
    with refused(404, "unknown-invitation"):
        invitations.get_invitation(UNKNOWN)
    done("get_invitation", 200, 304, 404)


def patches(id):
    # Only what is set is sent; `from_dict` would set all the other members to null.
    patch = InvitationPatch(recipient=RecipientPatch(first_name="Ann"), metadata={"order": "4711"}, message=None)
    patched = invitations.update_invitation_with_http_info(id, patch)
    assert patched.data.metadata["order"] == "4711"
    tag = patched.headers["etag"]
    order = lambda number: InvitationPatch(metadata={"order": number})
    assert invitations.update_invitation(id, order("4712"), if_match=tag).metadata["order"] == "4712"
    with refused(412, "precondition-failed"):
        invitations.update_invitation(id, order("4713"), if_match=tag)
    with refused(422, "invalid-fields"):
        invitations.update_invitation(id, InvitationPatch(metadata={"": ""}))
    with refused(415, "unsupported-media-type"):
        invitations.update_invitation(id, patch, _headers=samples.COMPRESSED)
    with refused(404, "unknown-invitation"):
        invitations.update_invitation(UNKNOWN, patch)
    done("update_invitation", 200, 404, 412, 415, 422)


def resends(id):
    assert invitations.resend_invitation(id, resending=Resending(send_email=False)).send_email is False
    for _ in range(5):
        assert invitations.resend_invitation(id).id == id
    with refused(429, "too-many-emails") as resent:
        invitations.resend_invitation(id)
    assert int(resent["error"].headers["retry-after"]) > 80_000
    done("resend_invitation", 200, 429)


def revoked(id, tag, body):
    """Deliveries in the background change the tag, too."""
    while True:
        try:
            return invitations.revoke_invitation(id, if_match=tag, revocation=body)
        except ApiException as error:
            assert error.status == 412, error
            tag = error.headers["etag"]


def actions(id):
    """What each action refuses of an invitation that is revoked, another version or unknown."""
    assert "invitationId=" in invitations.reveal_link(id).link
    for action in (
        invitations.reveal_link,
        invitations.resend_invitation,
        invitations.revoke_invitation,
        invitations.erase_invitation,
    ):
        with refused(412, "precondition-failed") as stale:
            action(id, if_match=STALE)
        with refused(404, "unknown-invitation"):
            action(UNKNOWN)
    done("reveal_link", 200, 404, 412)
    body = Revocation(reason="by mistake")
    assert revoked(id, stale["error"].headers["etag"], body).revoke_reason == "by mistake"
    with refused(409, "invalid-state"):
        invitations.revoke_invitation(id)
    done("revoke_invitation", 200, 404, 409, 412)
    with refused(409, "invalid-state"):
        invitations.resend_invitation(id)
    done("resend_invitation", 404, 409, 412)
    with refused(409, "invalid-state"):
        invitations.update_invitation(id, InvitationPatch(message=None))
    done("update_invitation", 409)
    erased = invitations.erase_invitation(id)
    assert erased.erased_at and erased.recipient is None
    done("erase_invitation", 200, 404, 412)


def webhooks(id):
    assert InvitationsApi(hooked).redeliver_invitation(id).id == id
    with refused(412, "precondition-failed"):
        InvitationsApi(hooked).redeliver_invitation(id, if_match=STALE)
    with refused(404, "not-found"):
        invitations.redeliver_invitation(id)
    done("redeliver_invitation", 200, 404, 412)
    test = EventsApi(hooked).test_webhook()
    assert test.accepted and test.reason is None, test
    with refused(404, "not-found"):
        EventsApi(client).test_webhook()
    done("test_webhook", 200, 404)
    since = datetime.fromisoformat(samples.SINCE)
    answer = EventsApi(client).redeliver_events(since)
    assert answer.since == since <= answer.until, answer
    done("redeliver_events", 202)


def companies():
    read = company_api.get_company_with_http_info(samples.COMPANY)
    assert read.data.members[0].role == "created"
    with refused(304):
        company_api.get_company(samples.COMPANY, if_none_match=read.headers["etag"])
    with refused(404, "unknown-company"):
        company_api.get_company(samples.NO_COMPANY)
    done("get_company", 200, 304, 404)
    number = read.data.customer_number
    found = company_api.find_company_with_http_info(number)
    assert [str(each.id) for each in found.data.items] == [samples.COMPANY]
    with refused(304):
        company_api.find_company(number, if_none_match=found.headers["etag"])
    done("find_company", 200, 304)


def events():
    page = EventsApi(client).list_events(limit=2)
    # The events are some seconds late.
    while len(page.items) < 2:
        time.sleep(1)
        page = EventsApi(client).list_events(limit=2)
    assert page.items[0].data.invitation_id and page.items[0].data.actor.type
    more = EventsApi(client).list_events(after=page.next_cursor, type=["invitation.created"], limit=1)
    assert all(event.type == "invitation.created" for event in more.items)
    with refused(400, "invalid-parameters"):
        EventsApi(client).list_events(after="x")
    done("list_events", 200, 400)


def without_key():
    with refused(401):
        InvitationsApi(anyone).list_invitations()
    done("list_invitations", 401)
    public = PublicApi(anyone)
    assert public.open_link(samples.SECRET).platform
    with refused(404, "unknown-invitation"):
        public.open_link(samples.NO_SECRET)
    done("open_link", 200, 404)
    document = public.get_openapi_document_with_http_info()
    assert document.data["openapi"] == "3.1.0"
    with refused(304):
        public.get_openapi_document(if_none_match=document.headers["etag"])
    done("get_openapi_document", 200, 304)


def wrong_method():
    """The document has no such operation, so that only a client that is misled calls it."""
    headers = {"x-functions-key": samples.KEY, "content-type": "application/json"}
    answer = client.call_api("PATCH", f"{samples.BASE}/api/Invitations", headers, {})
    body = json.loads(answer.read())
    assert (answer.status, body["type"]) == (405, PROBLEM + "method-not-allowed"), body
    done("wrong_method", 405)


creates()
lists()
id = invitations.create_invitation(draft("change@example.com")).id
reads(id)
webhooks(id)
patches(id)
resends(id)
actions(id)
companies()
events()
without_key()
wrong_method()

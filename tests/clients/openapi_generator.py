"""Drives the API with the Python client of openapi-generator."""

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
from samples import PROBLEM, UNKNOWN, done

client = ApiClient(Configuration(host=samples.BASE, api_key={"functionKey": samples.KEY}))
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
    done("create_invitation")
    key = samples.new_key("openapi-generator")
    first = invitations.create_invitation(draft("once@example.com"), idempotency_key=key)
    assert invitations.create_invitation(draft("once@example.com"), idempotency_key=key).id == first.id
    with refused(422, "idempotency-key-reused"):
        invitations.create_invitation(draft("other@example.com"), idempotency_key=key)
    done("create_invitation")
    with refused(422, "invalid-fields") as invalid:
        invitations.create_invitation(draft("nobody"))
    assert invalid["error"].data.errors[0].pointer == "/recipient/email"
    done("create_invitation")
    good, bad = invitations.create_invitations([draft("batch@example.com"), draft("nobody")])
    good, bad = good.actual_instance, bad.actual_instance
    assert isinstance(good, BatchCreated) and good.invitation.recipient.email == "batch@example.com"
    assert isinstance(bad, BatchFailed) and bad.problem.status == 422
    done("create_invitations")


def lists():
    seen, cursor = [], ""
    while cursor is not None:
        page = invitations.list_invitations(status=[Status.PENDING], limit=2, cursor=cursor)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
    assert len(seen) >= 3 and len(set(seen)) == len(seen)
    done("list_invitations")
    with refused(400, "invalid-parameters") as invalid:
        invitations.list_invitations(cursor="nonsense")
    assert invalid["error"].data.errors[0].parameter == "cursor"
    done("list_invitations")


def revoked(id, tag, body):
    """Deliveries in the background change the tag, too."""
    while True:
        try:
            return invitations.revoke_invitation(id, if_match=tag, revocation=body)
        except ApiException as error:
            assert error.status == 412, error
            tag = error.headers["etag"]


def changes():
    id = invitations.create_invitation(draft("change@example.com")).id
    read = invitations.get_invitation_with_http_info(id)
    etag = read.headers["etag"]
    assert read.data.timeline[0].type == "invitation.created"
    with refused(304):
        invitations.get_invitation(id, if_none_match=etag)
    with refused(404, "unknown-invitation"):
        invitations.get_invitation(UNKNOWN)
    done("get_invitation")
    # Only what is set is sent; `from_dict` would set all the other members to null.
    patch = InvitationPatch(recipient=RecipientPatch(first_name="Ann"), metadata={"order": "4711"}, message=None)
    assert invitations.update_invitation(id, patch).metadata["order"] == "4711"
    with refused(422, "invalid-fields"):
        invitations.update_invitation(id, InvitationPatch(metadata={"": ""}))
    done("update_invitation")
    assert "invitationId=" in invitations.reveal_link(id).link
    done("reveal_link")
    assert invitations.resend_invitation(id, resending=Resending(send_email=False)).send_email is False
    assert invitations.resend_invitation(id).id == id
    done("resend_invitation")
    body = Revocation(reason="by mistake")
    with refused(412, "precondition-failed") as stale:
        invitations.revoke_invitation(id, if_match=etag, revocation=body)
    assert revoked(id, stale["error"].headers["etag"], body).revoke_reason == "by mistake"
    with refused(409, "invalid-state"):
        invitations.revoke_invitation(id)
    done("revoke_invitation")
    with refused(404, "not-found"):
        invitations.redeliver_invitation(id)
    done("redeliver_invitation")
    erased = invitations.erase_invitation(id)
    assert erased.erased_at and erased.recipient is None
    done("erase_invitation")


def companies():
    company = company_api.get_company(samples.COMPANY)
    assert company.members[0].role == "created"
    done("get_company")
    found = company_api.find_company(company.customer_number)
    assert [str(each.id) for each in found.items] == [samples.COMPANY]
    done("find_company")


def events():
    since = datetime.fromisoformat(samples.SINCE)
    answer = EventsApi(client).redeliver_events(since)
    assert answer.since == since <= answer.until, answer
    done("redeliver_events")
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
    done("list_events")
    with refused(404, "not-found"):
        EventsApi(client).test_webhook()
    done("test_webhook")


def without_key():
    with refused(401):
        InvitationsApi(anyone).list_invitations()
    assert PublicApi(anyone).open_link(samples.SECRET).platform
    done("open_link")
    assert PublicApi(anyone).get_openapi_document()["openapi"] == "3.1.0"
    done("get_openapi_document")


creates()
lists()
changes()
companies()
events()
without_key()

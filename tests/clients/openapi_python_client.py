"""Drives the API with the client of openapi-python-client."""

import time
from datetime import datetime

from generated import AuthenticatedClient, Client
from generated.api.companies import find_company, get_company
from generated.api.events import list_events, redeliver_events, test_webhook
from generated.api.invitations import (
    create_invitation,
    create_invitations,
    erase_invitation,
    get_invitation,
    list_invitations,
    redeliver_invitation,
    resend_invitation,
    reveal_link,
    revoke_invitation,
    update_invitation,
)
from generated.api.public import get_openapi_document, open_link
from generated.models import (
    BatchCreated,
    BatchFailed,
    Invitation,
    InvitationPage,
    InvitationPatch,
    LinkState,
    ListEventsTypeItem,
    NewInvitation,
    Problem,
    Resending,
    Revocation,
    Status,
)
from generated.types import UNSET

import samples
from samples import PROBLEM, UNKNOWN, done

client = AuthenticatedClient(samples.BASE, samples.KEY, prefix="", auth_header_name="x-functions-key")
anyone = Client(samples.BASE, headers={"accept": "application/json"})


def draft(email):
    return NewInvitation.from_dict(samples.draft(email))


def created(email, **headers):
    answer = create_invitation.sync_detailed(client=client, body=draft(email), **headers)
    assert answer.status_code == 201 and isinstance(answer.parsed, Invitation), answer
    return answer.parsed


def refused(answer, status, kind):
    assert answer.status_code == status and isinstance(answer.parsed, Problem), answer
    assert answer.parsed.type_ == PROBLEM + kind, answer
    return answer


def creates():
    assert "invitationId=" in created("python@example.com").link
    done("create_invitation")
    key = samples.new_key("openapi-python-client")
    first = created("once@example.com", idempotency_key=key)
    assert created("once@example.com", idempotency_key=key).id == first.id
    other = create_invitation.sync_detailed(client=client, body=draft("other@example.com"), idempotency_key=key)
    refused(other, 422, "idempotency-key-reused")
    done("create_invitation")
    invalid = refused(create_invitation.sync_detailed(client=client, body=draft("nobody")), 422, "invalid-fields")
    assert invalid.parsed.errors[0].pointer == "/recipient/email"
    done("create_invitation")
    batch = [draft("batch@example.com"), draft("nobody")]
    good, bad = create_invitations.sync(client=client, body=batch)
    assert isinstance(good, BatchCreated) and good.invitation.recipient.email == "batch@example.com"
    assert isinstance(bad, BatchFailed) and bad.problem.status == 422
    done("create_invitations")


def lists():
    seen, cursor = [], UNSET
    while cursor is not None:
        page = list_invitations.sync(client=client, status=[Status.PENDING], limit=2, cursor=cursor)
        assert isinstance(page, InvitationPage), page
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
    assert len(seen) >= 3 and len(set(seen)) == len(seen)
    done("list_invitations")
    invalid = refused(list_invitations.sync_detailed(client=client, limit=1000), 400, "invalid-parameters")
    assert invalid.parsed.errors[0].parameter == "limit"
    done("list_invitations")


def changes():
    id = created("change@example.com").id
    read = get_invitation.sync_detailed(id, client=client)
    etag = read.headers["etag"]
    assert read.parsed.timeline[0].type_ == "invitation.created"
    assert get_invitation.sync_detailed(id, client=client, if_none_match=etag).status_code == 304
    refused(get_invitation.sync_detailed(UNKNOWN, client=client), 404, "unknown-invitation")
    done("get_invitation")
    patch = InvitationPatch.from_dict({"recipient": {"firstName": "Ann"}, "metadata": {"order": "4711"}, "message": None})
    assert update_invitation.sync(id, client=client, body=patch).metadata["order"] == "4711"
    misspelt = InvitationPatch.from_dict({"recipient": {"email": ""}})
    refused(update_invitation.sync_detailed(id, client=client, body=misspelt), 422, "invalid-fields")
    done("update_invitation")
    assert "invitationId=" in reveal_link.sync(id, client=client).link
    done("reveal_link")
    quiet = resend_invitation.sync(id, client=client, body=Resending(send_email=False))
    assert quiet.send_email is False
    assert resend_invitation.sync(id, client=client, body=Resending()).id == id
    done("resend_invitation")
    body = Revocation(reason="by mistake")
    revoke = lambda tag: revoke_invitation.sync_detailed(id, client=client, body=body, if_match=tag)
    revoked = refused(revoke(etag), 412, "precondition-failed")
    # Deliveries in the background change the tag, too.
    while revoked.status_code == 412:
        revoked = revoke(revoked.headers["etag"])
    assert revoked.parsed.revoke_reason == "by mistake"
    refused(revoke_invitation.sync_detailed(id, client=client, body=body), 409, "invalid-state")
    done("revoke_invitation")
    refused(redeliver_invitation.sync_detailed(id, client=client), 404, "not-found")
    done("redeliver_invitation")
    erased = erase_invitation.sync(id, client=client)
    assert erased.erased_at and erased.recipient is UNSET
    done("erase_invitation")


def companies():
    company = get_company.sync(samples.COMPANY, client=client)
    assert company.members[0].role == "created"
    done("get_company")
    found = find_company.sync(client=client, customer_number=company.customer_number)
    assert [str(each.id) for each in found.items] == [samples.COMPANY]
    done("find_company")


def events():
    since = datetime.fromisoformat(samples.SINCE)
    answer = redeliver_events.sync(client=client, since=since)
    assert answer.since == since <= answer.until, answer
    done("redeliver_events")
    page = list_events.sync(client=client, limit=2)
    # The events are some seconds late.
    while len(page.items) < 2:
        time.sleep(1)
        page = list_events.sync(client=client, limit=2)
    assert page.items[0].data.invitation_id and page.items[0].data.actor.type_
    kinds = [ListEventsTypeItem.INVITATION_CREATED]
    more = list_events.sync(client=client, after=page.next_cursor, type_=kinds, limit=1)
    assert all(event.type_ == "invitation.created" for event in more.items)
    refused(list_events.sync_detailed(client=client, after="x"), 400, "invalid-parameters")
    done("list_events")
    refused(test_webhook.sync_detailed(client=client), 404, "not-found")
    done("test_webhook")


def without_key():
    assert list_invitations.sync_detailed(client=anyone).status_code == 401
    link = open_link.sync(client=anyone, invitation_id=samples.SECRET)
    assert isinstance(link, LinkState) and link.platform, link
    done("open_link")
    assert get_openapi_document.sync(client=anyone)["openapi"] == "3.1.0"
    done("get_openapi_document")


creates()
lists()
changes()
companies()
events()
without_key()

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
from samples import PROBLEM, STALE, UNKNOWN, done


def with_key(base, **options):
    return AuthenticatedClient(base, samples.KEY, prefix="", auth_header_name="x-functions-key", **options)


client = with_key(samples.BASE)
zipping = with_key(samples.BASE, headers=samples.COMPRESSED)
# Of an instance with a webhook.
hooked = with_key(samples.HOOKED)
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
    key = samples.new_key("openapi-python-client")
    first = created("once@example.com", idempotency_key=key)
    assert created("once@example.com", idempotency_key=key).id == first.id
    other = create_invitation.sync_detailed(client=client, body=draft("other@example.com"), idempotency_key=key)
    refused(other, 422, "idempotency-key-reused")
    invalid = refused(create_invitation.sync_detailed(client=client, body=draft("nobody")), 422, "invalid-fields")
    assert invalid.parsed.errors[0].pointer == "/recipient/email"
    zipped = create_invitation.sync_detailed(client=zipping, body=draft("zip@example.com"))
    refused(zipped, 415, "unsupported-media-type")
    done("create_invitation", 201, 415, 422)
    batch = [draft("batch@example.com"), draft("nobody")]
    good, bad = create_invitations.sync(client=client, body=batch)
    assert isinstance(good, BatchCreated) and good.invitation.recipient.email == "batch@example.com"
    assert isinstance(bad, BatchFailed) and bad.problem.status == 422
    large = NewInvitation.from_dict({**samples.draft("large@example.com"), "metadata": samples.MUCH})
    refused(create_invitations.sync_detailed(client=client, body=[large] * 100), 413, "too-large")
    done("create_invitations", 200, 413)


def lists():
    seen, cursor = [], UNSET
    while cursor is not None:
        page = list_invitations.sync(client=client, status=[Status.PENDING], limit=2, cursor=cursor)
        assert isinstance(page, InvitationPage), page
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
    assert len(seen) >= 3 and len(set(seen)) == len(seen)
    invalid = refused(list_invitations.sync_detailed(client=client, limit=1000), 400, "invalid-parameters")
    assert invalid.parsed.errors[0].parameter == "limit"
    done("list_invitations", 200, 400)


def reads(id):
    read = get_invitation.sync_detailed(id, client=client)
    assert read.parsed.timeline[0].type_ == "invitation.created"
    same = get_invitation.sync_detailed(id, client=client, if_none_match=read.headers["etag"])
    assert same.status_code == 304
    refused(get_invitation.sync_detailed(UNKNOWN, client=client), 404, "unknown-invitation")
    done("get_invitation", 200, 304, 404)


def patches(id):
    patch = lambda id, changes, client=client, **headers: update_invitation.sync_detailed(
        id, client=client, body=InvitationPatch.from_dict(changes), **headers
    )
    changes = {"recipient": {"firstName": "Ann"}, "metadata": {"order": "4711"}, "message": None}
    patched = patch(id, changes)
    assert patched.parsed.metadata["order"] == "4711"
    tag = patched.headers["etag"]
    assert patch(id, {"metadata": {"order": "4712"}}, if_match=tag).parsed.metadata["order"] == "4712"
    refused(patch(id, {"metadata": {"order": "4713"}}, if_match=tag), 412, "precondition-failed")
    refused(patch(id, {"recipient": {"email": ""}}), 422, "invalid-fields")
    refused(patch(id, changes, client=zipping), 415, "unsupported-media-type")
    refused(patch(UNKNOWN, changes), 404, "unknown-invitation")
    done("update_invitation", 200, 404, 412, 415, 422)


def resends(id):
    quiet = resend_invitation.sync(id, client=client, body=Resending(send_email=False))
    assert quiet.send_email is False
    for _ in range(5):
        assert resend_invitation.sync(id, client=client, body=Resending()).id == id
    resent = resend_invitation.sync_detailed(id, client=client, body=Resending())
    refused(resent, 429, "too-many-emails")
    assert int(resent.headers["retry-after"]) > 80_000
    done("resend_invitation", 200, 429)


def actions(id):
    """What each action refuses of an invitation that is revoked, another version or unknown."""
    resending, body = Resending(), Revocation(reason="by mistake")
    assert "invitationId=" in reveal_link.sync(id, client=client).link
    refused(reveal_link.sync_detailed(id, client=client, if_match=STALE), 412, "precondition-failed")
    refused(reveal_link.sync_detailed(UNKNOWN, client=client), 404, "unknown-invitation")
    done("reveal_link", 200, 404, 412)
    resend = lambda id, **headers: resend_invitation.sync_detailed(id, client=client, body=resending, **headers)
    refused(resend(id, if_match=STALE), 412, "precondition-failed")
    refused(resend(UNKNOWN), 404, "unknown-invitation")
    revoke = lambda id, **headers: revoke_invitation.sync_detailed(id, client=client, body=body, **headers)
    revoked = refused(revoke(id, if_match=STALE), 412, "precondition-failed")
    # Deliveries in the background change the tag, too.
    while revoked.status_code == 412:
        revoked = revoke(id, if_match=revoked.headers["etag"])
    assert revoked.parsed.revoke_reason == "by mistake"
    refused(revoke(id), 409, "invalid-state")
    refused(revoke(UNKNOWN), 404, "unknown-invitation")
    done("revoke_invitation", 200, 404, 409, 412)
    refused(resend(id), 409, "invalid-state")
    done("resend_invitation", 404, 409, 412)
    patch = InvitationPatch.from_dict({"message": None})
    refused(update_invitation.sync_detailed(id, client=client, body=patch), 409, "invalid-state")
    done("update_invitation", 409)
    refused(erase_invitation.sync_detailed(id, client=client, if_match=STALE), 412, "precondition-failed")
    refused(erase_invitation.sync_detailed(UNKNOWN, client=client), 404, "unknown-invitation")
    erased = erase_invitation.sync(id, client=client)
    assert erased.erased_at and erased.recipient is UNSET
    done("erase_invitation", 200, 404, 412)


def webhooks(id):
    assert redeliver_invitation.sync(id, client=hooked).id == id
    refused(redeliver_invitation.sync_detailed(id, client=hooked, if_match=STALE), 412, "precondition-failed")
    refused(redeliver_invitation.sync_detailed(id, client=client), 404, "not-found")
    done("redeliver_invitation", 200, 404, 412)
    test = test_webhook.sync(client=hooked)
    assert test.accepted and test.reason is UNSET, test
    refused(test_webhook.sync_detailed(client=client), 404, "not-found")
    done("test_webhook", 200, 404)
    since = datetime.fromisoformat(samples.SINCE)
    answer = redeliver_events.sync(client=client, since=since)
    assert answer.since == since <= answer.until, answer
    done("redeliver_events", 202)


def companies():
    read = get_company.sync_detailed(samples.COMPANY, client=client)
    assert read.parsed.members[0].role == "created"
    same = get_company.sync_detailed(samples.COMPANY, client=client, if_none_match=read.headers["etag"])
    assert same.status_code == 304
    refused(get_company.sync_detailed(samples.NO_COMPANY, client=client), 404, "unknown-company")
    done("get_company", 200, 304, 404)
    find = lambda **headers: find_company.sync_detailed(
        client=client, customer_number=read.parsed.customer_number, **headers
    )
    found = find()
    assert [str(each.id) for each in found.parsed.items] == [samples.COMPANY]
    assert find(if_none_match=found.headers["etag"]).status_code == 304
    done("find_company", 200, 304)


def events():
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
    done("list_events", 200, 400)


def without_key():
    assert list_invitations.sync_detailed(client=anyone).status_code == 401
    done("list_invitations", 401)
    link = open_link.sync(client=anyone, invitation_id=samples.SECRET)
    assert isinstance(link, LinkState) and link.platform, link
    unknown = open_link.sync_detailed(client=anyone, invitation_id=samples.NO_SECRET)
    refused(unknown, 404, "unknown-invitation")
    done("open_link", 200, 404)
    document = get_openapi_document.sync_detailed(client=anyone)
    assert document.parsed["openapi"] == "3.1.0"
    same = get_openapi_document.sync_detailed(client=anyone, if_none_match=document.headers["etag"])
    assert same.status_code == 304
    done("get_openapi_document", 200, 304)


def wrong_method():
    """The document has no such operation, so that only a client that is misled calls it."""
    answer = client.get_httpx_client().patch("/api/Invitations", json={})
    assert (answer.status_code, answer.json()["type"]) == (405, PROBLEM + "method-not-allowed"), answer
    done("wrong_method", 405)


creates()
lists()
id = created("change@example.com").id
reads(id)
webhooks(id)
patches(id)
resends(id)
actions(id)
companies()
events()
without_key()
wrong_method()

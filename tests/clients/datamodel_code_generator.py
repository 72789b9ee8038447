"""Validates every answer of the API and every event of the webhook with the models of datamodel-code-generator."""

import json
import os
import re
import time
import urllib.error
import urllib.request

import generated
from pydantic import TypeAdapter

import samples
from samples import STALE, UNKNOWN, done


def call(method, path, body=None, headers=None, key=samples.KEY, base=samples.BASE):
    headers = {"accept": "application/json", "x-functions-key": key, **(headers or {})}
    if body is not None:
        headers["content-type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/api/{path}", data, headers, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, headers, answer.read()


def validate(model, text):
    """Nothing is lost in the model, and nothing is added. Times of Python end at microseconds."""
    parsed = TypeAdapter(model).validate_json(text)
    kept = TypeAdapter(model).dump_python(parsed, mode="json", by_alias=True, exclude_unset=True)
    body = json.loads(text)
    in_microseconds = json.loads(re.sub(r"(:\d\d\.\d{6})\d+Z", r"\1Z", json.dumps(body)))
    assert kept == in_microseconds, (kept, body)
    return body


def expect(operation, status, model, answer):
    got, headers, text = answer
    assert got == status, (operation, got, text)
    if model is None:
        assert text == b"", (operation, text)
        body = None
    else:
        body = validate(model, text)
    done(operation, status)
    return body, headers


def problem(operation, status, answer):
    expect(operation, status, generated.Problem, answer)


def creates():
    create = lambda email, **headers: call("POST", "Invitations", samples.draft(email), headers)
    expect("create_invitation", 201, generated.Invitation, create("models@example.com"))
    key = {"idempotency-key": samples.new_key("models")}
    once = create("once@example.com", **key)
    assert once[2] == create("once@example.com", **key)[2]
    expect("create_invitation", 201, generated.Invitation, once)
    problem("create_invitation", 422, create("other@example.com", **key))
    problem("create_invitation", 422, create("nobody"))
    problem("create_invitation", 415, create("zip@example.com", **samples.COMPRESSED))
    batch = [samples.draft("batch@example.com"), samples.draft("nobody")]
    answer = call("POST", "Invitations/batch", batch)
    expect("create_invitations", 200, list[generated.BatchItem], answer)
    large = {**samples.draft("large@example.com"), "metadata": samples.MUCH}
    problem("create_invitations", 413, call("POST", "Invitations/batch", [large] * 100))


def lists():
    cursor = ""
    while cursor is not None:
        answer = call("GET", f"Invitations?limit=2&cursor={cursor}")
        page, _ = expect("list_invitations", 200, generated.InvitationPage, answer)
        cursor = page["nextCursor"]
    problem("list_invitations", 400, call("GET", "Invitations?limit=1000"))


def unchanged(operation, path, model):
    """Answers 200, and then 304 to the tag of that; gives the body."""
    body, headers = expect(operation, 200, model, call("GET", path))
    expect(operation, 304, None, call("GET", path, headers={"if-none-match": headers["etag"]}))
    return body


def reads(id):
    unchanged("get_invitation", f"Invitations/{id}", generated.Invitation)
    problem("get_invitation", 404, call("GET", f"Invitations/{UNKNOWN}"))


def patches(id):
    patch = lambda id, body, **headers: call("PATCH", f"Invitations/{id}", body, headers)
    body = {"recipient": {"firstName": "Ann"}, "metadata": {"order": "4711"}, "message": None}
    TypeAdapter(generated.InvitationPatch).validate_python(body)
    _, headers = expect("update_invitation", 200, generated.Invitation, patch(id, body))
    matching = lambda order: patch(id, {"metadata": {"order": order}}, **{"if-match": headers["etag"]})
    expect("update_invitation", 200, generated.Invitation, matching("4712"))
    problem("update_invitation", 412, matching("4713"))
    problem("update_invitation", 422, patch(id, {"x": 1}))
    problem("update_invitation", 415, patch(id, body, **samples.COMPRESSED))
    problem("update_invitation", 404, patch(UNKNOWN, body))


def act(id, action, body=None, **headers):
    return call("POST", f"Invitations/{id}/{action}", body, headers)


def resends(id):
    expect("resend_invitation", 200, generated.Invitation, act(id, "resend", {"sendEmail": False}))
    for _ in range(5):
        expect("resend_invitation", 200, generated.Invitation, act(id, "resend"))
    problem("resend_invitation", 429, act(id, "resend"))


def actions(id):
    """What each action refuses of an invitation that is revoked, another version or unknown."""
    stale = {"if-match": STALE}
    expect("reveal_link", 200, generated.Invitation, act(id, "link"))
    for operation, action in (
        ("reveal_link", "link"),
        ("resend_invitation", "resend"),
        ("revoke_invitation", "revoke"),
        ("erase_invitation", "erase"),
    ):
        problem(operation, 412, act(id, action, **stale))
        problem(operation, 404, act(UNKNOWN, action))
    answer = act(id, "revoke", {"reason": "by mistake"}, **stale)
    # Deliveries in the background change the tag, too.
    while answer[0] == 412:
        answer = act(id, "revoke", {"reason": "by mistake"}, **{"if-match": answer[1]["etag"]})
    expect("revoke_invitation", 200, generated.Invitation, answer)
    problem("revoke_invitation", 409, act(id, "revoke"))
    problem("resend_invitation", 409, act(id, "resend"))
    problem("update_invitation", 409, call("PATCH", f"Invitations/{id}", {"message": None}))
    expect("erase_invitation", 200, generated.Invitation, act(id, "erase"))


def webhooks(id):
    redeliver = lambda **options: call("POST", f"Invitations/{id}/redeliver", **options)
    expect("redeliver_invitation", 200, generated.Invitation, redeliver(base=samples.HOOKED))
    problem("redeliver_invitation", 412, redeliver(base=samples.HOOKED, headers={"if-match": STALE}))
    problem("redeliver_invitation", 404, redeliver())
    test = call("POST", "Events/test", base=samples.HOOKED)
    expect("test_webhook", 200, generated.WebhookTest, test)
    problem("test_webhook", 404, call("POST", "Events/test"))
    answer = call("POST", f"Events/redeliver?since={samples.SINCE}")
    expect("redeliver_events", 202, generated.Redelivery, answer)
    problem("redeliver_events", 400, call("POST", "Events/redeliver"))


def companies():
    company = unchanged("get_company", f"Companies/{samples.COMPANY}", generated.Company)
    problem("get_company", 404, call("GET", f"Companies/{samples.NO_COMPANY}"))
    path = f"Companies?customerNumber={company['customerNumber']}"
    unchanged("find_company", path, generated.CompanyList)


def feed():
    page = {"items": []}
    # The events are some seconds late.
    while not page["items"]:
        time.sleep(1)
        page, _ = expect("list_events", 200, generated.EventPage, call("GET", "Events"))
    after = page["nextCursor"]
    expect("list_events", 200, generated.EventPage, call("GET", f"Events?after={after}&type=company.created"))
    problem("list_events", 400, call("GET", "Events?after=x"))


def without_key():
    expect("list_invitations", 401, None, call("GET", "Invitations", key=""))
    expect("open_link", 200, generated.LinkState, call("GET", f"InviteUser?invitationId={samples.SECRET}"))
    problem("open_link", 404, call("GET", f"InviteUser?invitationId={samples.NO_SECRET}"))
    unchanged("get_openapi_document", "openapi.json", dict)


def events():
    with open(os.environ["EVENTS"]) as file:
        for line in file:
            validate(generated.WebhookEvent, line)
            done("receive_event", 200)


creates()
lists()
answer = call("POST", "Invitations", samples.draft("change@example.com"))
id = expect("create_invitation", 201, generated.Invitation, answer)[0]["id"]
reads(id)
webhooks(id)
patches(id)
resends(id)
actions(id)
companies()
feed()
without_key()
problem("wrong_method", 405, call("PATCH", "Invitations", {}))
events()

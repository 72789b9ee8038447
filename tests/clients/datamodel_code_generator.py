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
from samples import UNKNOWN, done


def call(method, path, body=None, headers=None, key=samples.KEY):
    headers = {"accept": "application/json", "x-functions-key": key, **(headers or {})}
    if body is not None:
        headers["content-type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{samples.BASE}/api/{path}", data, headers, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, dict(answer.headers), answer.read()


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
    done(operation)
    return body, {name.lower(): value for name, value in headers.items()}


def creates():
    create = lambda email, **headers: call("POST", "Invitations", samples.draft(email), headers)
    expect("create_invitation", 201, generated.Invitation, create("models@example.com"))
    key = {"idempotency-key": samples.new_key("models")}
    once = create("once@example.com", **key)
    assert once[2] == create("once@example.com", **key)[2]
    expect("create_invitation", 201, generated.Invitation, once)
    expect("create_invitation", 422, generated.Problem, create("other@example.com", **key))
    expect("create_invitation", 422, generated.Problem, create("nobody"))
    batch = [samples.draft("batch@example.com"), samples.draft("nobody")]
    answer = call("POST", "Invitations/batch", batch)
    expect("create_invitations", 200, list[generated.BatchItem], answer)


def lists():
    cursor = ""
    while cursor is not None:
        answer = call("GET", f"Invitations?limit=2&cursor={cursor}")
        page, _ = expect("list_invitations", 200, generated.InvitationPage, answer)
        cursor = page["nextCursor"]
    expect("list_invitations", 400, generated.Problem, call("GET", "Invitations?limit=1000"))


def changes():
    body, headers = expect(
        "create_invitation",
        201,
        generated.Invitation,
        call("POST", "Invitations", samples.draft("change@example.com")),
    )
    id, etag = body["id"], headers["etag"]
    act = lambda action, body=None, **headers: call("POST", f"Invitations/{id}/{action}", body, headers)
    expect("get_invitation", 200, generated.Invitation, call("GET", f"Invitations/{id}"))
    expect("get_invitation", 304, None, call("GET", f"Invitations/{id}", headers={"if-none-match": etag}))
    expect("get_invitation", 404, generated.Problem, call("GET", f"Invitations/{UNKNOWN}"))
    patch = {"recipient": {"firstName": "Ann"}, "metadata": {"order": "4711"}, "message": None}
    TypeAdapter(generated.InvitationPatch).validate_python(patch)
    expect("update_invitation", 200, generated.Invitation, call("PATCH", f"Invitations/{id}", patch))
    expect("update_invitation", 422, generated.Problem, call("PATCH", f"Invitations/{id}", {"x": 1}))
    expect("reveal_link", 200, generated.Invitation, act("link"))
    expect("resend_invitation", 200, generated.Invitation, act("resend", {"sendEmail": False}))
    expect("resend_invitation", 200, generated.Invitation, act("resend"))
    revoke = lambda tag: act("revoke", {"reason": "by mistake"}, **{"if-match": tag})
    answer = revoke(etag)
    expect("revoke_invitation", 412, generated.Problem, answer)
    # Deliveries in the background change the tag, too.
    while answer[0] == 412:
        answer = revoke(dict(answer[1])["etag"])
    expect("revoke_invitation", 200, generated.Invitation, answer)
    expect("revoke_invitation", 409, generated.Problem, act("revoke"))
    expect("redeliver_invitation", 404, generated.Problem, act("redeliver"))
    expect("erase_invitation", 200, generated.Invitation, act("erase"))


def companies():
    answer = call("GET", f"Companies/{samples.COMPANY}")
    company, _ = expect("get_company", 200, generated.Company, answer)
    answer = call("GET", f"Companies?customerNumber={company['customerNumber']}")
    expect("find_company", 200, generated.CompanyList, answer)
    expect("get_company", 404, generated.Problem, call("GET", f"Companies/{UNKNOWN}"))


def redelivery():
    answer = call("POST", f"Events/redeliver?since={samples.SINCE}")
    expect("redeliver_events", 202, generated.Redelivery, answer)
    expect("redeliver_events", 400, generated.Problem, call("POST", "Events/redeliver"))
    expect("test_webhook", 404, generated.Problem, call("POST", "Events/test"))


def feed():
    page = {"items": []}
    # The events are some seconds late.
    while not page["items"]:
        time.sleep(1)
        page, _ = expect("list_events", 200, generated.EventPage, call("GET", "Events"))
    after = page["nextCursor"]
    expect("list_events", 200, generated.EventPage, call("GET", f"Events?after={after}&type=company.created"))
    expect("list_events", 400, generated.Problem, call("GET", "Events?after=x"))


def without_key():
    expect("list_invitations", 401, None, call("GET", "Invitations", key=""))
    expect("open_link", 200, generated.LinkState, call("GET", f"InviteUser?invitationId={samples.SECRET}"))
    expect("get_openapi_document", 200, dict, call("GET", "openapi.json"))


def events():
    with open(os.environ["EVENTS"]) as file:
        for line in file:
            validate(generated.WebhookEvent, line)
            done("receive_event")


creates()
lists()
changes()
companies()
redelivery()
feed()
without_key()
events()

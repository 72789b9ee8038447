"""What the drivers of the Python clients share: data that says nothing about types, and the protocol of ./run."""

import os
import time
from urllib.parse import parse_qs, urlsplit

BASE = os.environ["BASE"]
HOOKED = os.environ["HOOKED"]
KEY = os.environ["KEY"]
COMPANY = os.environ["COMPANY"]
SECRET = parse_qs(urlsplit(os.environ["LINK"]).query)["invitationId"][0]
UNKNOWN = "0" * 32
NO_COMPANY = NO_SECRET = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SINCE = "2026-11-22T12:00:00Z"
PROBLEM = "urn:onboarding:problem:"
STALE = '"stale"'
# With this header a body claims to be compressed.
COMPRESSED = {"content-encoding": "gzip"}
# As much as the document allows; a hundred invitations with it are more than a body may hold.
MUCH = {f"name-{at}": "x" * 500 for at in range(20)}


def draft(email):
    return {
        "recipient": {"email": email, "firstName": "Anna", "lastName": "Meier"},
        "inviter": {"name": "Thomas Keller", "organization": "GFMS"},
        "company": {
            "name": "Example AG",
            "street": "Seestrasse 12",
            "postalCode": "8002",
            "city": "Zürich",
            "country": "CH",
        },
        "sendEmail": False,
    }


def new_key(client):
    return f"{client}-{time.time_ns()}"


def done(operation, *statuses):
    """The operation answered as it should, with each of these statuses."""
    for status in statuses:
        print(operation, status, flush=True)

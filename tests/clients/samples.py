"""What the drivers of the Python clients share: data that says nothing about types, and the protocol of ./run."""

import os
import time
from urllib.parse import parse_qs, urlsplit

BASE = os.environ["BASE"]
KEY = os.environ["KEY"]
COMPANY = os.environ["COMPANY"]
SECRET = parse_qs(urlsplit(os.environ["LINK"]).query)["invitationId"][0]
UNKNOWN = "0" * 32
SINCE = "2026-11-22T12:00:00Z"
PROBLEM = "urn:onboarding:problem:"


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


def done(operation):
    """The operation answered as it should."""
    print(operation, flush=True)

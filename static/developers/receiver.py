"""A receiver of Akno's webhooks, with nothing but Python: checks each message, then does something with it.

AKNO_WEBHOOK_SECRET=whsec_… python3 receiver.py 9000
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300  # seconds that a message may be old, or early
seen = set()  # keep the ids in your database, so that they outlive a restart


class Refused(Exception):
    """This message is not from the window, or not from now."""


def verify(secret, headers, body):
    """Return the id of a message, or raise Refused. ``body``: the bytes as they came, before anything reads them."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or "." in message_id:
        raise Refused("no id")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE:
        raise Refused("not from now")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = message_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # Two signatures stand here for some time after you have rotated the secret: one that fits is enough.
    for one in headers.get("webhook-signature", "").split():
        version, _, given = one.partition(",")
        if version == "v1" and hmac.compare_digest(given.encode(), expected):
            return message_id
    raise Refused("no signature fits")


def handle(event):
    """Do your work here; or put the event into a queue of your own and work later, for an answer is due in 10 seconds."""
    print(event["type"], event["data"].get("number", ""), flush=True)


class Receiver(BaseHTTPRequestHandler):
    """Answers 200 to what it has, 400 to what is not from the window."""

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers["Content-Length"]), 64 * 1024))
        try:
            message_id = verify(os.environ["AKNO_WEBHOOK_SECRET"], self.headers, body)
        except Refused as refused:
            self.send_error(400, str(refused))
            return
        # The same event comes again when your answer was lost, or when you asked for a replay: do it once.
        if message_id not in seen:
            handle(json.loads(body))
            seen.add(message_id)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()

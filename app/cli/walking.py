"""Walking through the window as its people do, over HTTP: pages are opened, forms are filled in and sent."""

from __future__ import annotations

import http.cookiejar
import json
import mimetypes
import re
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from lxml import html

from app.clock import now
from app.identity import codes

TIMEOUT = 60
WAITING = 31
"""Seconds after which an app shows a code that nobody has given yet."""


class Unexpected(Exception):
    """The window answered something else than the road expects."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the address after redirects, status, body."""

    url: str
    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form."""

    name: str
    data: bytes


class Walker:
    """One person at a browser."""

    def __init__(self, base_url: str, email: str, password: str, secret: str = "") -> None:
        self.base_url, self.email = base_url, email
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.page = self.get("/sign-in")
        signed = self.send("/sign-in", email=email, password=password)
        if signed.url.endswith("/sign-in"):
            raise Unexpected(f"{email} could not sign in")
        if self.has_form("/sign-in/code"):
            self._show_who(secret)

    def _show_who(self, secret: str) -> None:
        """Give the code of the app; each is good once, so whoever signs in twice within half a minute gives the next one, and
        the third time waits."""
        for pause in (0, WAITING):
            time.sleep(pause)
            here = codes.interval(now())
            for step in (here, here + 1):
                answer = self.send("/sign-in/code", expect=None, code=codes.code_at(secret, step))
                if answer.status == 200:
                    return
        raise Unexpected(f"{self.email} could not show a second factor")

    def get(self, path: str, *, expect: int | None = 200) -> Answer:
        """Open a page. Raises Unexpected for another status than ``expect``."""
        self.page = self._ask(urllib.request.Request(urllib.parse.urljoin(self.base_url, path)), expect)
        return self.page

    def send(self, action: str, *, expect: int | None = 200, **fields: str | list[Upload]) -> Answer:
        """Send the form of the current page whose action ends with ``action``, with what it holds, changed by ``fields``."""
        form = self._form(action)
        values: list[tuple[str, str]] = [(k, v) for k, v in form.form_values() if k not in fields]
        files: list[tuple[str, Upload]] = []
        for name, value in fields.items():
            if isinstance(value, str):
                values.append((name, value))
            else:
                files += [(name, one) for one in value]
        address = urllib.parse.urljoin(self.page.url, form.action or self.page.url)
        body, kind = _multipart(values, files)
        request = urllib.request.Request(address, data=body, headers={"Content-Type": kind, "Origin": self.base_url})
        self.page = self._ask(request, expect)
        return self.page

    def has_form(self, action: str) -> bool:
        """Whether the current page has a form whose action ends with ``action``."""
        return bool(self._forms(action))

    def _form(self, action: str) -> Any:
        found = self._forms(action)
        if not found:
            raise Unexpected(f"{self.page.url} has no form that goes to {action}")
        return found[0]

    def _forms(self, action: str) -> list[Any]:
        return [
            form
            for form in html.fromstring(self.page.text).forms
            if re.split("[?#]", form.action or self.page.url)[0].endswith(action)
        ]

    def _ask(self, request: urllib.request.Request, expect: int | None) -> Answer:
        request.add_header("Accept-Language", "en")
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                answer = Answer(response.url, response.status, response.read())
        except urllib.error.HTTPError as error:
            answer = Answer(error.url or request.full_url, error.code, error.read())
        if expect is not None and answer.status != expect:
            words = " ".join(html.fromstring(answer.text or "<p>").text_content().split())[:600]
            raise Unexpected(f"{request.get_method()} {request.full_url} answered {answer.status}: {words}")
        return answer


def _multipart(values: list[tuple[str, str]], files: list[tuple[str, Upload]]) -> tuple[bytes, str]:
    mark = f"akno-{secrets.token_hex(12)}"
    parts = []
    for name, value in values:
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, file in files:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + file.data + b"\r\n")
    parts.append(f"--{mark}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={mark}"

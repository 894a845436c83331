"""A visitor at a browser: signs in, looks at pages (accessibility, width, console), keeps pictures of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Response

from app.cli.country import DOMAIN
from config import INSTANCE
from tests.factories.world import PASSWORD, code_of

CHROMIUM = Path("/usr/bin/chromium")
PICTURES = INSTANCE / "screenshots"
WIDTHS = ((390, 844), (1280, 900))
AXE = {"resultTypes": ["violations"]}
GRAVE = ("serious", "critical")
CARRIED = {
    "x-content-type-options": "nosniff", "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}  # fmt: skip
"""What every answer carries, a page as well as a picture on it (ASVS 3.4; trust.md S-CLICK, S-CACHE)."""
LISTEN = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy broken: ${event.violatedDirective} ${event.blockedURI}`));"""


class Visitor:
    """Somebody at a browser; what goes wrong on the way is gathered in ``troubles`` and fails the test at its end."""

    axe = Axe()
    looked_at: ClassVar[set[str]] = set()
    """Paths of the pages that anybody in this room has looked at."""

    def __init__(self, context: BrowserContext, name: str, app: Flask | None = None) -> None:
        self.name, self.app = name, app
        self.troubles: list[str] = []
        context.add_init_script(LISTEN)
        self.page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        if name:
            self.sign_in()

    def sign_in(self) -> None:
        """Sign in by the form; whoever wants English asks for it on the first page after."""
        self.go("/sign-in?lang=en")
        self.page.fill("[name=email]", f"{self.name}@{DOMAIN}")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form button:not([type=button])")
        self.page.wait_for_load_state()
        if "/sign-in/code" in self.page.url:
            self.show_who()

    def show_who(self) -> None:
        """Give the code of her app. The page shows it, for the people of the demonstration are made up; but each is good once, and
        nobody here waits half a minute for the next."""
        assert self.page.locator(".made-up-code").count() == 1
        assert self.app is not None
        self.page.fill("[name=code]", code_of(self.app, f"{self.name}@{DOMAIN}"))
        self.page.locator("form[action*='/sign-in/code'] button:not([type=button])").click()
        self.page.wait_for_load_state()
        assert "/sign-in/code" not in self.page.url

    def go(self, address: str) -> Response:
        """Open an address; anything above 399 is told by the caller's own look at the answer."""
        answer = self.page.goto(address)
        assert answer is not None
        return answer

    def press(self, action: str) -> None:
        """Press the button of the form whose action ends with ``action`` and wait for the page after it."""
        self.page.locator(f"form[action$='{action}'] button").last.click()
        self.page.wait_for_load_state()

    def look(self, picture: str = "") -> None:
        """Judge the page shown: no grave finding of axe, nothing wider than the window."""
        self.keep(picture)
        self.troubles.extend(self._findings())
        self.troubles.extend(self._cookies())
        self.looked_at.add(urlsplit(self.page.url).path)

    def keep(self, picture: str = "") -> None:
        """Keep a picture of the page at each width; nothing may be wider than the window."""
        self.page.wait_for_load_state()  # a click waits until the next page begins, not until there is something to see
        for width, height in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": height})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.troubles.append(f"{self.page.url}: {wide} pixels wide in a window of {width}")
            if picture:
                PICTURES.mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=PICTURES / f"{picture}-{width}.png", full_page=True)

    def _findings(self) -> list[str]:
        found: list[dict[str, Any]] = self.axe.run(self.page, options=AXE).response["violations"]
        return [
            f"{self.page.url}: {one['id']} {[node['target'] for node in one['nodes']][:3]}"
            for one in found
            if one["impact"] in GRAVE
        ]

    def _answered(self, answer: Response) -> None:
        """Every answer that the browser gets: from this window and no other, with all that keeps a page apart."""
        asked, own = urlsplit(answer.url), urlsplit(self.page.url)
        if asked.scheme in ("data", "blob"):
            return
        if own.netloc and (asked.scheme, asked.netloc) != (own.scheme, own.netloc):
            self.troubles.append(f"{self.page.url}: asked elsewhere: {answer.url}")
        carried = answer.headers
        if "server" not in carried:
            return  # no answer of a server: one that a test has put in its place
        wrong = [name for name, value in CARRIED.items() if carried.get(name) != value]
        policy = carried.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            wrong.append("content-security-policy")
        if wrong:
            self.troubles.append(f"{answer.url}: without {wrong}")

    def _cookies(self) -> list[str]:
        """What is wrong with the cookies in the jar (ASVS 3.3): each is for this host alone, for no script, for no stranger's
        form."""
        return [
            f"{self.page.url}: the cookie {one.get('name')} is open: {one}"
            for one in self.page.context.cookies()
            if not one.get("httpOnly")
            or one.get("sameSite") not in ("Lax", "Strict")
            or str(one.get("domain")).startswith(".")
        ]

    def tab_to(self, selector: str, limit: int = 120) -> None:
        """Walk with the Tab key until what has the focus matches; every stop on the way must show that it has it."""
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(
                """(selector) => { const at = document.activeElement, style = getComputedStyle(at);
                return {there: at.matches(selector), shown: style.outlineStyle !== "none" || style.boxShadow !== "none",
                        what: at.outerHTML.slice(0, 120)}; }""",
                selector,
            )
            assert seen["shown"], f"{self.page.url}: the focus cannot be seen on {seen['what']}"
            if seen["there"]:
                return
        raise AssertionError(f"{self.page.url}: the Tab key does not reach {selector}")

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser itself logs answers of 400 and above; the tests judge those by their status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.troubles.append(f"{self.page.url}: {message.text}")

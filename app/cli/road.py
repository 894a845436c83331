"""The whole road of one package over HTTP: filed by its trader, signed off by each agency, released, cleared, verified."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from app.cli.founding import Account
from app.cli.packing import Packed
from app.cli.walking import Unexpected, Upload, Walker

CUSTOMS = "BY-GTK"
PATIENCE = 60.0
"""Seconds to wait for the worker to render the clearance."""

Say = Callable[[str], None]


@dataclass
class Journey:
    """What came of it: the steps as told, the package's state as data, the PDF."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    pdf: bytes = b""

    def as_dict(self, base_url: str) -> dict[str, Any]:
        """The content of steps.json."""
        clearance = self.state.get("clearance") or {}
        return {
            "status": self.state.get("status"),
            "registration_number": self.state.get("number"),
            "lrn": self.state.get("lrn"),
            "version": self.state.get("version"),
            "digest": self.state.get("digest"),
            "lanes": self.state.get("lanes", []),
            "not_triggered": self.state.get("not_triggered", []),
            "decisions": [
                {"agency": lane["agency"], **decision}
                for lane in self.state.get("lanes", [])
                for decision in lane["decisions"]
            ],
            "clearance": {
                "number": clearance.get("number"),
                "code": clearance.get("code"),
                "sha256": hashlib.sha256(self.pdf).hexdigest() if self.pdf else None,
            },
            "verify": f"{base_url}{clearance['verify']}" if clearance.get("verify") else None,
            "steps": self.steps,
        }


class Road:
    """Walks the road; ``accounts`` maps ``filer`` and agency codes to the accounts that act."""

    def __init__(self, base_url: str, accounts: Mapping[str, Account], say: Say) -> None:
        self.base_url, self.accounts, self.say = base_url, accounts, say
        self.journey = Journey()
        self.began = time.monotonic()

    def walk(self, packed: Packed) -> Journey:
        """Take one package from filing to its clearance. Raises Unexpected at the first answer that is not on the road."""
        trader = self._as("filer")
        package = self._file(trader, packed)
        self._refresh(trader, package)
        signing = [lane["agency"] for lane in self.journey.state["lanes"] if lane["status"]]
        self._told(
            "registered",
            f"registered under {self.journey.state['number']}; asked: {', '.join(signing)}",
            number=self.journey.state["number"],
            lanes={lane["agency"]: lane["measures"] for lane in self.journey.state["lanes"]},
        )
        for agency in [one for one in signing if one != CUSTOMS] + [CUSTOMS]:
            self._sign_off(agency)
        self._refresh(trader, package)
        if self.journey.state["status"] != "released":
            raise Unexpected(f"the package is {self.journey.state['status']}, not released")
        self._told("released", "every agency has signed: released")
        self._clear(trader, package)
        return self.journey

    def _as(self, who: str) -> Walker:
        account = self.accounts.get(who)
        if account is None:
            raise Unexpected(f"nobody in the demonstration country acts for {who}")
        return Walker(self.base_url, account.email, account.password, account.secret)

    def _told(self, step: str, words: str, **facts: Any) -> None:
        seconds = round(time.monotonic() - self.began, 2)
        self.journey.steps.append({"step": step, "at_seconds": seconds, "words": words, **facts})
        self.say(f"  {seconds:6.2f} s  {words}")

    def _file(self, trader: Walker, packed: Packed) -> str:
        if packed.files:
            trader.get("/documents")
            trader.send("/documents", files=[Upload(name, data) for name, data in packed.files.items()])
            self._told(
                "documents", f"{len(packed.files)} permits and certificates uploaded", files=sorted(packed.files)
            )
        trader.get("/file")
        trader.send("/file", package=[Upload("package.xml", packed.xml)], confirmed="yes")
        where = trader.page.url.split("?")[0]
        if "/packages/" not in where:
            page = html.fromstring(trader.page.text)
            said = [" ".join(found.text_content().split()) for found in page.xpath("//ol[@class='faults']/li")]
            raise Unexpected("not registered: " + (" | ".join(said) or trader.page.url))
        self._told(
            "filed", f"filed by {self.accounts['filer'].full_name}", digest=hashlib.sha256(packed.xml).hexdigest()
        )
        return where.rsplit("/packages/", 1)[1].split("/")[0]

    def _refresh(self, trader: Walker, package: str) -> None:
        self.journey.state = trader.get(f"/packages/{package}/status.json").json()

    def _sign_off(self, agency: str) -> None:
        officer = self._as(agency)
        number = self.journey.state["number"]
        page = officer.get("/queue")
        case = _case_in(page.text, number)
        while case is None:
            following = html.fromstring(officer.page.text).xpath("//a[@rel='next']")
            if not following:
                raise Unexpected(f"{number} does not stand in the queue of {agency}")
            case = _case_in(officer.get(following[0].get("href")).text, number)
        officer.get(case)
        officer.send("/claim")
        officer.get(case)
        paid: dict[str, Any] = {"payment": "paid", "payment_reference": "DEMO-PAYMENT"} if agency == CUSTOMS else {}
        if officer.has_form("/propose"):
            officer.send("/propose", rest="yes", note="", **paid)
            self._countersign(agency, case)
            return
        officer.send("/decide", rest="yes", note="", **paid)
        self._told("signed", f"{agency} signed: {self.accounts[agency].full_name}", agency=agency)

    def _countersign(self, agency: str, case: str) -> None:
        """A colleague looks too, says the same where the proposal is not shown first, and signs."""
        colleague = self._as(second(agency))
        page = html.fromstring(colleague.get(case).text)
        choices: dict[str, Any] = {str(name): "approved" for name in page.xpath("//*[@value='approved']/@name")}
        colleague.send("/countersign", **choices)
        signers = [self.accounts[who].full_name for who in (agency, second(agency))]
        self._told("signed", f"{agency} signed twice: {' and '.join(signers)}", agency=agency)

    def _clear(self, trader: Walker, package: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while (self.journey.state["clearance"] or {}).get("status") != "issued":
            if time.monotonic() > deadline:
                raise Unexpected(f"no clearance after {PATIENCE:.0f} s: is the worker running?")
            time.sleep(0.1)
            self._refresh(trader, package)
        clearance = self.journey.state["clearance"]
        self.journey.pdf = trader.get(clearance["download"]).body
        if hashlib.sha256(self.journey.pdf).hexdigest() != clearance["sha256"]:
            raise Unexpected("the PDF that came down is not the one that was issued")
        self._told("cleared", f"clearance {clearance['number']} issued and downloaded", number=clearance["number"])
        page = trader.get(clearance["verify"])
        if clearance["number"] not in page.text:
            raise Unexpected("the verification page does not know the clearance")
        self._told("verified", "anyone can verify it by its code", code=clearance["code"])


def second(agency: str) -> str:
    """Return the key of the account that signs second for an agency."""
    return f"{agency}/second"


def _case_in(text: str, number: str) -> str | None:
    for link in html.fromstring(text).xpath("//a[contains(@href, '/cases/')]"):
        if number in link.text_content():
            return str(link.get("href"))
    return None

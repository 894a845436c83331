"""The desk under a hostile hand: bent ids, dates, cursors and numbers; texts that are code, far too long or end early; every
press of a button twice. Nothing here may be a mistake of ours (500), be done twice in silence, or be shown as code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.cli.country import PEOPLE as COUNTRY
from tests.architecture.access import NOTHING, PEOPLE, form_of
from tests.architecture.conftest import Stage
from tests.architecture.paths import routes_of, url_of
from tests.intake.arrivals import counted, grown

TEXTS = (
    ("vet", "asking.send", "vet", "text", "S-ASK"),
    ("vet", "asking.follow_up", "asked", "text", "S-FOLLOW"),
    # The further question first: an answer hands the case back to the queue.
    ("owner", "answering.answer", "asked", "text", "S-ANSWER"), ("vet", "asking.withdraw", "by broker", "reason", "S-TAKEN"),
    ("vet-second", "noting.write", "vet", "note_text", "O-NOTE"),
    ("customs", "inspections.send", "customs", "instructions", "O-ORDER"),
    ("customs", "inspections.call", "agreed", "call_reason", "O-CALL"),
    ("vet", "inspections.take_sample", "agreed", "sample_number", "O-SAMPLE"),
    ("vet", "inspections.answer_sample", "agreed", "result", "O-RESULT"),
    ("vet", "inspections.record", "agreed", "findings", "O-FOUND"),
    ("vet", "inspections.cancel", "waiting", "cancel_reason", "O-CANCEL"),
    ("vet-second", "deciding.send_back", "proposed", "return-reason", "O-RETURN"),
    ("vet-chief", "deciding.override", "proposed", "override-reason", "O-OVER"),
    ("vet-chief", "deciding.reopen", "decided", "reopen-reason", "O-REOPEN"),
    ("vet", "deciding.propose", "four-eyes", "note", "O-PROPOSED"),
    ("customs-chief", "clocks.extend", "customs", "extend-words", "S-EXTEND"),
    ("customs-chief", "clearance.revoke", "issued", "reason", "O-REVOKE"),
    ("vet", "queue.save_filter", "", "name", "O-FILTER"), ("owner", "declarations.withdraw", "changed", "reason", "S-BACK"),
)  # fmt: skip
"""Who writes, where, in which box, and a mark: S- is said to the other side, O- stays among officers."""
BIDI = "\u202e"
HOSTILE = "<script>alert(1)</script>" + BIDI + "\"'>=HYPERLINK(1) "
DAYS = ("0001-01-01", "9999-12-31", "01.01.0001", "31.12.9999", "2026-02-30", "99999999999999999999", "٢٠٢٦-١٢-٠١", "x")
NUMBERS = ("0", "-1", "2147483648", "9223372036854775808", "9" * 5000, "²", "1e3", "٣")
WORDS = ("' OR 1=1 --", "%", "_", "\\", "💣", "x" * 5000, "=1+1", "~", "2026-01-01T00:00:00~x", f"9999-12-31T00:00:00+00:00~{NOTHING}",
    f"0001-01-01T00:00:00+14:00~{NOTHING}", "NaN~1", "1~1~1", NOTHING, *NUMBERS, *DAYS)  # fmt: skip
DATES = (
    ("vet", "asking.send", "vet", "own_day", {"deadline": "own", "own_time": "10:00"}), ("vet", "asking.send", "vet", "deadline", {}),
    ("vet", "asking.follow_up", "asked", "deadline", {}), ("vet", "inspections.take_sample", "agreed", "expected_on", {}),
    ("vet", "inspections.record", "agreed", "act_on", {}), ("vet", "inspections.propose", "waiting", "slot", {}),
    ("vet", "inspections.propose", "waiting", "day", {"show": "yes"}), ("vet", "inspections.send", "vet", "day", {"show": "yes"}),
    ("vet", "inspections.send", "vet", "slot", {"kind": "physical", "place": "06611-2"}),
    ("vet-chief", "board.enter", "", "from_on", {}), ("vet-chief", "board.enter", "", "until_on", {}),
)  # fmt: skip
CLOCKS = (
    *DAYS, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-23T10:00+99:00",
)  # fmt: skip
COUNTS = (
    ("vet", "asking.send", "vet", "version"), ("vet", "deciding.decide", "vet", "version"),
    ("owner", "answering.answer", "asked", "version"), ("owner", "amending.send", "changed", "version"),
    ("vet", "deciding.decide", "vet", "item-1-appeal_days"), ("vet", "inspections.send", "vet", "items"),
    ("vet", "inspections.take_sample", "agreed", "sample_item"), ("vet", "inspections.record", "agreed", "against"),
    ("vet", "asking.send", "vet", "path"), ("vet", "asking.send", "vet", "wanted"), ("vet", "asking.send", "vet", "sign"),
    ("vet", "deciding.sign", "held", "proposal"), ("vet-second", "deciding.countersign", "proposed", "proposal"),
    ("vet", "queue.several", "", "case"), ("vet-chief", "board.hand_on", "", "person"), ("vet-chief", "board.enter", "", "officer"),
    ("vet", "noting.write", "vet", "note_mentions"), ("vet", "queue.keep_settings", "", "opens_with"),
    ("vet", "queue.keep_settings", "", "columns"), ("vet", "queue.save_filter", "", "queue"),
    ("vet", "inspections.send", "vet", "agencies"), ("vet", "inspections.take_sample", "agreed", "laboratory"),
    ("vet", "inspections.call", "agreed", "service"), ("customs-chief", "clocks.extend", "customs", "extend-step"),
    ("vet", "deciding.decide", "vet", "queue"), ("owner", "notifications.settings_post", "", "mail-question.asked"),
)  # fmt: skip
ASKED = (
    ("vet", "/queue", ("cursor", "q", "code", "office", "country", "trader", "due", "sort", "tab", "state", "tag", "four_eyes")),
    ("vet-chief", "/queue/export.csv", ("cursor", "q", "trader", "tab", "due", "code")), ("vet-chief", "/queue/board", ("cursor",)),
    ("vet", "/inspections", ("cursor",)), ("vet", "/inspections/places", ("office",)),
    ("vet", "/inspections/places/06611-2", ("day",)), ("owner", "/notices", ("cursor",)),
    ("vet", "/cases/{vet}", ("file", "queue", "lang")), ("vet", "/cases/{vet}/ask", ("path",)),
    ("vet", "/cases/{amended}/changes", ("from", "to")), ("owner", "/packages/{filed}/changes", ("from", "to")),
    ("owner", "/packages/{filed}/declaration.xml", ("version",)), ("owner", "/packages/{filed}/received", ("version",)),
    ("vet", "/cases/{vet}/files/{file}/view", ("zoom", "turn")), ("owner", "/packages", ("cursor", "search", "status")),
    ("owner", "/packages/{filed}", ("version", "lang")),
)  # fmt: skip
TWICE = (
    ("vet", "asking.send", "vet"), ("owner", "answering.answer", "asked"), ("vet", "asking.follow_up", "asked"),
    ("vet", "asking.settle", "asked"), ("vet", "asking.withdraw", "by broker"), ("vet", "noting.write", "vet"),
    ("customs", "inspections.send", "customs"), ("customs", "inspections.accept", "waiting"), ("vet", "inspections.call", "agreed"),
    ("vet", "inspections.take_sample", "agreed"), ("vet", "inspections.answer_sample", "agreed"),
    ("vet", "inspections.record", "agreed"), ("vet", "inspections.cancel", "waiting"), ("vet", "deciding.propose", "four-eyes"),
    ("vet", "deciding.decide", "vet"), ("vet-second", "deciding.countersign", "proposed"), ("vet", "deciding.undo", "held"),
    ("vet", "deciding.sign", "held"), ("vet-chief", "deciding.reopen", "decided"), ("vet-chief", "deciding.override", "proposed"),
    ("customs-chief", "clocks.extend", "customs"), ("customs-chief", "clearance.revoke", "issued"),
    ("customs-chief", "clearance.replace", "issued"), ("customs-chief", "clearance.confirm_revocation", "revocation asked"),
    ("vet-chief", "board.enter", ""), ("vet-chief", "board.end", ""), ("vet", "queue.save_filter", ""),
    ("vet", "queue.drop_filter", "own"), ("owner", "amending.send", "changed"), ("owner", "amending.drop", "changed"),
    ("owner", "declarations.withdraw", "filed"),
)  # fmt: skip


def address(stage: Stage, endpoint: str, variant: str) -> str:
    """The address of a route that takes a form."""
    rule = next(one.rule for one in stage.app.url_map.iter_rules(endpoint) if "POST" in (one.methods or ()))
    return url_of(stage, rule, endpoint, variant)


def form(stage: Stage, endpoint: str, variant: str, **changed: Any) -> dict[str, Any]:
    """The form that would succeed, changed."""
    return form_of(endpoint, variant, stage.scene) | changed


# --- what is bent ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "endpoint", "variant", "box", "mark"), TEXTS, ids=[one[-1] for one in TEXTS])
def test_a_text_that_is_far_too_long_or_ends_early(
    stage: Stage, role: str, endpoint: str, variant: str, box: str, mark: str
) -> None:
    url = address(stage, endpoint, variant)
    long = stage.send(role, "POST", url, form(stage, endpoint, variant, **{box: mark * 20_000}))
    assert long.status_code == 422, long.text[-2000:]
    assert not any(stage.kept)
    early = stage.send(role, "POST", url, form(stage, endpoint, variant, **{box: f"a\0{mark}"}))
    assert early.status_code == 400
    told = stage.send(role, "POST", url, form(stage, endpoint, variant, **{box: HOSTILE * 9_000}))
    assert told.status_code == 422
    assert "<script>alert" not in told.text


@pytest.mark.parametrize(
    ("role", "endpoint", "variant", "box", "more"), DATES, ids=[f"{one[1]} {one[3]}" for one in DATES]
)
def test_days_at_the_end_of_the_calendar(
    stage: Stage, role: str, endpoint: str, variant: str, box: str, more: dict[str, str]
) -> None:
    url = address(stage, endpoint, variant)
    for day in CLOCKS:
        answer = stage.send(role, "POST", url, form(stage, endpoint, variant, **(more | {box: day})))
        assert answer.status_code in ((200,) if "show" in more else (422,)), (day, answer.status_code)


@pytest.mark.parametrize(("role", "endpoint", "variant", "box"), COUNTS, ids=[f"{one[1]} {one[3]}" for one in COUNTS])
def test_numbers_and_codes_that_nobody_offered(stage: Stage, role: str, endpoint: str, variant: str, box: str) -> None:
    url = address(stage, endpoint, variant)
    for word in WORDS:
        answer = stage.send(role, "POST", url, form(stage, endpoint, variant, **{box: word}))
        assert answer.status_code < 500, word


@pytest.mark.parametrize(("role", "path", "names"), ASKED, ids=[one[1] for one in ASKED])
def test_addresses_that_somebody_bent(stage: Stage, role: str, path: str, names: tuple[str, ...]) -> None:
    ids = stage.scene.ids
    path = path.format(file=ids["attachment_id"]["filed"], filed=ids["declaration_id"]["filed"], **{
        name: ids["review_id"][name] for name in ("vet", "amended")
    })  # fmt: skip
    for name in names:
        for word in WORDS:
            answer = stage.browser.get(path, query_string={name: word}, headers={"Cookie": stage.cookies[role]})
            assert answer.status_code in (200, 302, 303, 404, 422), (name, word, answer.status_code)
            assert b"alert(1)" not in answer.data


def test_numbers_in_addresses_beyond_every_column(stage: Stage) -> None:
    for method, rule, endpoint, variant in routes_of(stage.app):
        if "<int:" in rule:
            bent = re.sub(r"<int:\w+>", "@", rule)
            real = url_of(stage, rule, endpoint, variant)
            for number in ("2147483648", "9223372036854775808", "9" * 4301):
                url = re.sub(r"@", number, _with_ids(bent, rule, real))
                for role in ("key-read", "key-answer") if rule.startswith("/api/") else ("owner", "vet"):
                    assert stage.ask(role, method, url, {}) in (302, 400, 403, 404, 405, 409, 414, 422, 303), (
                        method,
                        url[:200],
                    )


def _with_ids(bent: str, rule: str, real: str) -> str:
    """The real address with the place of its number left open."""
    there, wanted = real.split("/"), bent.split("/")
    return "/".join(part if "@" in part else there[at] for at, part in enumerate(wanted))


def test_a_question_is_asked_once_also_by_who_holds_the_case(kept_stage: Stage) -> None:
    """Without "claim" in the form nothing but the words themselves tells the second press from another question."""
    url = address(kept_stage, "asking.send", "vet")
    sent = form(kept_stage, "asking.send", "vet", claim="")
    assert kept_stage.ask("vet", "POST", url, sent) == 303
    assert kept_stage.ask("vet", "POST", url, sent) == 409
    assert kept_stage.ask("vet", "POST", url, sent | {"text": "And which colour?"}) == 303


def test_an_absence_at_the_end_of_the_calendar(kept_stage: Stage) -> None:
    last = {"from_on": "9999-12-31", "until_on": "9999-12-31"}
    answer = kept_stage.send("vet-chief", "POST", "/queue/absences", form(kept_stage, "board.enter", "", **last))
    assert answer.status_code == 422
    for page in ("/queue/board", "/queue"):
        assert kept_stage.ask("vet-chief", "GET", page, {}) == 200


# --- the auditor ----------------------------------------------------------------------------------------------------

OF_A_PACKAGE = {"declaration_id", "review_id", "inspection_id", "clearance_id", "attachment_id"}


def test_whatever_the_auditor_reads_of_a_package_is_remembered(kept_stage: Stage) -> None:
    """Each page, file and datum with the id of a package or of what hangs on one leaves an entry under the auditor's name."""
    database = kept_stage.app.extensions["akno.database"]
    silent = []
    for method, rule, endpoint, variant in routes_of(kept_stage.app):
        arguments = set(re.findall(r"<\w+:(\w+)>", rule))
        if method != "GET" or not arguments & OF_A_PACKAGE:
            continue
        url, before = url_of(kept_stage, rule, endpoint, variant), counted(database)
        if kept_stage.ask("auditor", "GET", url, {}) == 200 and not grown(before, counted(database)):
            silent.append(f"{endpoint} [{variant}]")
    assert sorted(set(silent) - SITTING) == []


SITTING = {"viewer.page [vet]", "viewer.page [customs]", "viewer.view [vet]", "viewer.view [customs]"}
"""A document is looked at page by page: one entry for each sitting, which the first of these leaves."""


# --- pairs ----------------------------------------------------------------------------------------------------------


def test_what_hangs_on_another_case_is_not_here(stage: Stage) -> None:
    """Questions, their files, samples and proposals are found through their own case only."""
    ids = stage.scene.ids
    case, other = ids["review_id"]["asked"], ids["review_id"]["vet"]
    package, another = ids["declaration_id"]["asked"], ids["declaration_id"]["filed"]
    file, attached = ids["file_id"][""], ids["attachment_id"]["filed"]
    for role, good, bad in (
        ("vet", f"/cases/{case}/questions/1", f"/cases/{other}/questions/1"),
        ("vet", f"/cases/{case}/questions/1/files/{file}", f"/cases/{case}/questions/2/files/{file}"),
        ("vet", f"/cases/{case}/questions/1/files/{file}", f"/cases/{other}/questions/1/files/{file}"),
        ("auditor", f"/cases/{case}/questions/1/files/{file}", f"/cases/{other}/questions/1/files/{file}"),
        ("owner", f"/packages/{package}/questions/1", f"/packages/{another}/questions/1"),
        ("owner", f"/packages/{package}/questions/1/files/{file}", f"/packages/{package}/questions/2/files/{file}"),
        ("owner", f"/packages/{package}/questions/1/files/{file}", f"/packages/{another}/questions/1/files/{file}"),
        ("vet", f"/cases/{other}/files/{attached}/view", f"/cases/{case}/files/{attached}/view"),
        ("vet", f"/cases/{other}/files/{attached}/pages/1.png", f"/cases/{case}/files/{attached}/pages/1.png"),
        ("auditor", f"/cases/{other}/files/{attached}/pages/1.png", f"/cases/{case}/files/{attached}/pages/1.png"),
    ):
        assert stage.ask(role, "GET", good, {}) == 200, good
        assert stage.ask(role, "GET", bad, {}) == 404, bad


@pytest.mark.parametrize(
    ("role", "endpoint", "variant", "of"),
    [("vet", "deciding.sign", "held", "proposed"), ("vet", "deciding.undo", "held", "proposed"),
     ("vet-second", "deciding.countersign", "proposed", "held"), ("vet-second", "deciding.send_back", "proposed", "held")],
)  # fmt: skip
def test_the_proposal_of_another_case_is_none_of_this_one(
    stage: Stage, role: str, endpoint: str, variant: str, of: str
) -> None:
    url, foreign = address(stage, endpoint, variant), str(stage.scene.ids["proposal_id"][of])
    assert stage.ask(role, "POST", url, form(stage, endpoint, variant)) == 303
    assert stage.ask(role, "POST", url, form(stage, endpoint, variant, proposal=foreign)) in (404, 409)
    assert not any(stage.kept)


# --- twice ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "endpoint", "variant"), TWICE, ids=[f"{one[1]} {one[2]}" for one in TWICE])
def test_a_button_pressed_twice(kept_stage: Stage, role: str, endpoint: str, variant: str) -> None:
    """The second press is refused in words, or changes nothing: the same rows stand there as after one."""
    database = kept_stage.app.extensions["akno.database"]
    url = address(kept_stage, endpoint, variant)
    before = counted(database)
    first = kept_stage.send(role, "POST", url, form(kept_stage, endpoint, variant))
    assert first.status_code in (200, 303), first.text[-1500:]
    once = counted(database)
    assert grown(before, once) != {}
    second = kept_stage.send(role, "POST", url, form(kept_stage, endpoint, variant))
    assert second.status_code in (303, 403, 404, 409, 412, 422), second.status_code
    assert grown(once, counted(database)) == {}, second.status_code


# --- code in texts --------------------------------------------------------------------------------------------------


def test_no_text_is_code_and_none_is_read_by_the_wrong_side(kept_stage: Stage) -> None:
    """Every free text of the desk is written by hand, then every page is opened by everybody.

    Nobody sees a tag that works or a sign that turns the reading; the trader and her broker see nothing that officers say
    among themselves, nor who they are; agencies see nothing that another one keeps to itself.
    """
    for role, endpoint, variant, box, mark in TEXTS:
        url = address(kept_stage, endpoint, variant)
        answer = kept_stage.send(role, "POST", url, form(kept_stage, endpoint, variant, **{box: _short(box, mark)}))
        assert answer.status_code == 303, (endpoint, answer.text[-1500:])
    seen: dict[str, set[str]] = {}
    for role, page in _pages(kept_stage):
        assert "<script>alert" not in page, role
        assert BIDI not in page, role
        seen.setdefault(role, set()).update(one for one in (*MARKS, *NAMES) if one in page)
    for side in ("owner", "clerk", "reader", "broker", "former-broker", "other-trader"):
        assert {one for one in seen[side] if not one.startswith("S-")} == set(), side
    assert {"S-ASK", "S-ANSWER", "S-FOLLOW", "S-TAKEN", "S-EXTEND"} <= seen["owner"]
    assert seen["other-trader"] == set()
    assert {one for one in seen["plants"] & MARKS if one.startswith("O-")} == set()
    assert {"O-NOTE", "O-PROPOSED", "O-FILTER"} <= seen["vet"]
    assert not {"O-NOTE", "O-PROPOSED", "O-RETURN", "O-FILTER"} & seen["customs-chief"]
    assert {one for one in seen["vet-kin"] & MARKS if one.startswith("O-")} <= {"O-FILTER"}


MARKS = {one[-1] for one in TEXTS}
NAMES = {who.full_name for who in COUNTRY if set(who.roles) & {"officer", "customs-officer", "supervisor"}}


def _short(box: str, mark: str) -> str:
    """The mark first: what a page shortens keeps it. Numbers and names are short boxes."""
    return mark + "<script>alert(1)" + BIDI if box in ("sample_number", "name") else f"{mark} {HOSTILE}"


def _pages(stage: Stage) -> Iterator[tuple[str, str]]:
    """Every page that somebody can open, by who opens it."""
    ids = stage.scene.ids
    second = [
        f"/packages/{ids['declaration_id']['asked']}/questions/2",
        f"/cases/{ids['review_id']['asked']}/questions/2",
    ]
    cases = [f"/cases/{key}" for key in ids["review_id"].values()]
    for role, url in itertools.product(PEOPLE, second + cases):
        yield role, stage.send(role, "GET", url).text
    for method, rule, endpoint, variant in routes_of(stage.app):
        if method == "GET" and not rule.startswith("/api/"):
            url = url_of(stage, rule, endpoint, variant)
            for role in PEOPLE:
                answer = stage.send(role, "GET", url)
                assert answer.status_code < 500, (role, url)
                if answer.mimetype in ("text/html", "application/json", "text/csv"):
                    yield role, answer.text

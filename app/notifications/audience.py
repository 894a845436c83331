"""The audience of an event: who is told of it and where the notice leads. Pure: an entry and what stands around it in,
recipients out.

Nobody is told of what they did themselves, and no officer of a package in whose filing they have a part.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.access import Permission
from app.ledger.models import Entry
from app.notifications.gathering import CUSTOMS, Around, Case, Member, Package, key_of

P = Permission


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told, under which membership, and where the notice leads."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    path: str


Audience = Callable[[Entry, Around], Iterable[Recipient]]
Path = Callable[[Entry, Around], str]


# --- the trader's side ------------------------------------------------------------------------------------------------


def trader(
    path: Path, *, right: Permission = P.DECLARATION_READ, when: Callable[[Entry, Around], bool] | None = None
) -> Audience:
    """Return the audience of the people of the owner and of the filer who hold a right. A filer whose mandate ended reads on
    but may no longer act: what is to be done is told to those who can."""

    def told(entry: Entry, around: Around) -> Iterable[Recipient]:
        package = around.packages.get(entry.declaration_id) if entry.declaration_id else None
        if package is None or (when is not None and not when(entry, around)):
            return
        for house in dict.fromkeys((package.owner_id, package.filer_id)):
            if right is P.DECLARATION_READ or may_act(package, house, around):
                for one in around.of_house(house):
                    if right in one.rights:
                        yield Recipient(one.person_id, one.organisation_id, path(entry, around))

    return told


def of_the_house(path: Path, right: Permission, *, when: Callable[[Entry, Around], bool] | None = None) -> Audience:
    """Return the audience of the people of the organisation that an entry belongs to who hold a right."""

    def told(entry: Entry, around: Around) -> Iterable[Recipient]:
        if when is None or when(entry, around):
            for one in around.of_house(entry.organisation_id):
                if right in one.rights:
                    yield Recipient(one.person_id, one.organisation_id, path(entry, around))

    return told


def may_act(package: Package, house: uuid.UUID | None, around: Around) -> bool:
    """Whether an organisation may act for the package's owner today: its own, or under a mandate."""
    if house is None or package.owner_id in (None, house):
        return house is not None
    return (package.owner_id, house, package.direction) in around.mandates


def to_key(entry: Entry, _around: Around) -> str:
    """The page of a key."""
    return f"/account/keys/{entry.subject_id}"


def to_package(anchor: str = "") -> Path:
    """The package's page."""
    return lambda entry, _around: f"/packages/{entry.declaration_id}{anchor}"


def to_question(entry: Entry, around: Around) -> str:
    """The page on which a question is answered."""
    number = around.asked.get(entry.subject_id)
    return f"/packages/{entry.declaration_id}" + (f"/questions/{number}" if number else "#questions")


def to_check(entry: Entry, _around: Around) -> str:
    """The page of a check after release."""
    return f"/post-clearance/{entry.subject_id}"


def to_clearance(entry: Entry, _around: Around) -> str:
    """The page of a clearance."""
    return f"/clearances/{entry.subject_id}"


def holder(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The people of the trader an advance ruling was given to."""
    for one in around.of_house(around.holders.get(entry.subject_id)):
        if P.DECLARATION_READ in one.rights:
            yield Recipient(one.person_id, one.organisation_id, f"/rulings/{entry.subject_id}")


def accredited(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The people of the trader that applied for an accreditation or holds it."""
    for one in around.of_house(around.holders.get(entry.subject_id)):
        if P.ACCREDITATION_APPLY in one.rights:
            yield Recipient(one.person_id, one.organisation_id, f"/accreditation/{entry.subject_id}")


def to_webhook(entry: Entry, _around: Around) -> str:
    """The page of a webhook."""
    return f"/account/webhooks/{entry.subject_id}"


def to_library(_entry: Entry, _around: Around) -> str:
    """The files of one's organisation."""
    return "/documents"


def is_infected(entry: Entry, _around: Around) -> bool:
    """Whether a scanner found something in a file."""
    return entry.payload.get("result") == "infected"


def by_itself(entry: Entry, _around: Around) -> bool:
    """Whether a webhook stands still although nobody made it so."""
    return entry.payload.get("because") != "by-hand"


def was_agreed(entry: Entry, around: Around) -> bool:
    """Whether the trader had been told a time of the inspection that this entry changes."""
    return around.agreed.get(entry.subject_id, entry.position) < entry.position


# --- everybody's own account -------------------------------------------------------------------------------------------


def oneself(path: str) -> Audience:
    """Return the audience of the person an entry is about, under the organisation that the entry belongs to."""

    def told(entry: Entry, _around: Around) -> Iterable[Recipient]:
        if entry.subject == "person" and entry.organisation_id is not None:
            yield Recipient(entry.subject_id, entry.organisation_id, path)

    return told


def guardians(entry: Entry, around: Around) -> Iterable[Recipient]:
    """All administrators of the window and all auditors: they are told when somebody broke the glass."""
    for one in around.guardians:
        manages = P.PERSON_MANAGE in one.rights
        yield Recipient(one.person_id, one.organisation_id, f"/people/{entry.subject_id}" if manages else "/notices")


def keepers(path: str) -> Audience:
    """Return the audience of the administrators who keep the machinery going."""

    def told(_entry: Entry, around: Around) -> Iterable[Recipient]:
        for one in around.guardians:
            if P.JOB_RETRY in one.rights:
                yield Recipient(one.person_id, one.organisation_id, path)

    return told


def watchers(path: str) -> Audience:
    """Return the audience of what concerns the truth of the record: all administrators and all auditors, for it may be
    an administrator who altered it."""

    def told(_entry: Entry, around: Around) -> Iterable[Recipient]:
        for one in around.guardians:
            yield Recipient(one.person_id, one.organisation_id, path)

    return told


def foretold(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The people of the trader to whom it is told before arrival whether a check awaits its goods."""
    for one in around.of_house(key_of(entry.payload.get("trader"))):
        if P.DECLARATION_READ in one.rights:
            yield Recipient(one.person_id, one.organisation_id, f"/advance/{entry.subject_id}")


# --- the officers' side -----------------------------------------------------------------------------------------------


def assignee(anchor: str = "", *, anew: bool = False) -> Audience:
    """Return the audience of the officer whose case it is; ``anew``: only of a case that a new version opened again."""

    def told(entry: Entry, around: Around) -> Iterable[Recipient]:
        case = _case(entry, around)
        if case is not None and (not anew or _took_a_place(case, around)):
            yield from _whose(case, anchor, around)

    return told


def of_the_agency(right: Permission, anchor: str = "") -> Audience:
    """Return the audience of the officers of the case's agency who hold a right and may judge this case."""

    def told(entry: Entry, around: Around) -> Iterable[Recipient]:
        case = _case(entry, around)
        if case is not None:
            yield from _officers(case, right, f"/cases/{case.id}{anchor}", around)

    return told


def examining(right: Permission) -> Audience:
    """Return the audience of the officers of the agency that examines an accreditation who hold a right."""

    def told(entry: Entry, around: Around) -> Iterable[Recipient]:
        for one in around.of_agency(str(entry.payload.get("agency", ""))):
            if right in one.rights:
                yield Recipient(one.person_id, one.organisation_id, f"/accreditation/{entry.subject_id}")

    return told


def handed_to(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The officer to whom a supervisor handed the case."""
    case, to = _case(entry, around), key_of(entry.payload.get("to"))
    if case is not None and to is not None:
        yield from _person(case, to, "", around)


def proposer(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The officer whose decision was returned, or could not be signed."""
    key = entry.subject_id if entry.subject == "proposal" else key_of(entry.payload.get("proposal"))
    case, person = _case(entry, around), around.proposers.get(key) if key else None
    if case is not None and person is not None:
        yield from _person(case, person, "", around)


def mentioned(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The officers whom a note names, each led to the case of their own agency."""
    named = {key_of(text) for text in entry.payload.get("mentions", ())}
    for one in around.members:
        case = around.case_of(entry.declaration_id, one.agency) if entry.declaration_id and one.agency else None
        if one.person_id in named and case is not None and P.REVIEW_READ in one.rights:
            yield Recipient(one.person_id, one.organisation_id, f"/cases/{case.id}#note-{entry.subject_id}")


def inspectors(entry: Entry, around: Around) -> Iterable[Recipient]:
    """Of each other agency on an inspection the officer whose case it is; nobody's case yet: all who could take it."""
    own = str(entry.payload.get("agency", ""))
    agencies = entry.payload.get("agencies") or {one.agency for one in around.cases.values()}
    path = f"/inspections/{entry.subject_id}"
    for agency in dict.fromkeys(agencies):
        case = around.case_of(entry.declaration_id, agency) if entry.declaration_id and agency != own else None
        if case is None:
            continue
        whose = [Recipient(one.person_id, one.organisation_id, path) for one in _whose(case, "", around)]
        yield from whose or _officers(case, P.REVIEW_INSPECT, path, around)


def alarmed(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The officers of customs who settle alerts: all of the post the goods are planned for, and those of no single post."""
    for one in around.of_agency(CUSTOMS):
        here = not one.office.startswith("BP-") or one.office == entry.payload.get("post")
        if P.ALERT_SETTLE in one.rights and here:
            yield Recipient(one.person_id, one.organisation_id, f"/arrivals/{entry.payload['advance']}#alerts")


def revokers(entry: Entry, around: Around) -> Iterable[Recipient]:
    """The supervisors of customs who may confirm a revocation."""
    for case in around.cases.values():
        if case.releases and not case.superseded and case.declaration_id == entry.declaration_id:
            yield from _officers(case, P.CLEARANCE_REVOKE, to_clearance(entry, around), around)


def recipients(entry: Entry, audience: Audience, around: Around, *, officers: bool) -> list[Recipient]:
    """Return whom to tell of an entry, each person once: not who did it, and no officer with a part in the filing. What
    happens to one's own account is told whoever did it, for it may have been somebody else in one's name."""
    package = around.packages.get(entry.declaration_id) if entry.declaration_id else None
    houses = {package.owner_id, package.filer_id} if package else set()
    part = {one.person_id for one in around.members if one.organisation_id in houses} if officers else set()
    found: dict[uuid.UUID, Recipient] = {}
    for one in audience(entry, around):
        own = entry.subject == "person" and entry.subject_id == one.person_id
        if (own or one.person_id != entry.person_id) and one.person_id not in part:
            found.setdefault(one.person_id, one)
    return list(found.values())


def _case(entry: Entry, around: Around) -> Case | None:
    """The case an entry is about: its subject or named in it, else the agency's case of the package."""
    key = entry.subject_id if entry.subject == "review" else key_of(entry.payload.get("review"))
    case = around.cases.get(key) if key else None
    if case is not None and case.superseded:
        return around.case_of(case.declaration_id, case.agency) or case
    return case


def _whose(case: Case, anchor: str, around: Around) -> Iterable[Recipient]:
    return _person(case, case.assignee_id, anchor, around) if case.assignee_id else ()


def _person(case: Case, person: uuid.UUID, anchor: str, around: Around) -> Iterable[Recipient]:
    for one in around.of_agency(case.agency):
        if one.person_id == person and P.REVIEW_READ in one.rights:
            yield Recipient(one.person_id, one.organisation_id, f"/cases/{case.id}{anchor}")


def _officers(case: Case, right: Permission, path: str, around: Around) -> Iterable[Recipient]:
    for one in around.of_agency(case.agency):
        if right in one.rights and _may(right, one, case):
            yield Recipient(one.person_id, one.organisation_id, path)


def _may(right: Permission, one: Member, case: Case) -> bool:
    """Of the case's office; and where goods are let go, one who may release. Watching over the queue asks for neither."""
    if right is P.QUEUE_SUPERVISE:
        return True
    here = not one.office or not case.office or one.office == case.office
    return here and (not case.releases or P.CLEARANCE_RELEASE in one.rights)


def _took_a_place(case: Case, around: Around) -> bool:
    """Whether an earlier case of this agency was closed by a new version of the package."""
    earlier = (one for one in around.cases.values() if one.superseded and one.declaration_id == case.declaration_id)
    return any(one.agency == case.agency for one in earlier)

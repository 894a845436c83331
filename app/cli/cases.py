"""A few cases in every state, each made by calling the activities that people call."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.access import Actor
from app.cli import founding, packing
from app.database import session
from app.declarations import codec, drafting, finders, wco
from app.declarations.models import Declaration
from app.documents import uploading
from app.intake import receiving, withdrawing
from app.reviews import asking, booking, claiming, deciding, inspecting, proposing, resuming, slots
from app.reviews import finders as reviews
from app.reviews.examining import ItemDecision
from app.reviews.grounds import appeal_of, list_grounds
from app.reviews.inspection_examining import Order
from app.reviews.models import Review
from app.reviews.question_examining import Asking

OFFICERS = {
    "BY-GTK": "mikola", "BY-DVPN": "oleg", "BY-GGISKZR": "faina", "BY-MPR": "nazar", "BY-RCHEPH": "henadz", "BY-TI": "tamara",
}  # fmt: skip

SECONDS = {
    "BY-GTK": "maria", "BY-DVPN": "olga", "BY-GGISKZR": "fyodar", "BY-MPR": "nina", "BY-RCHEPH": "hanna", "BY-TI": "taras",
}  # fmt: skip
"""Who signs second where two officers sign."""


def make() -> int:
    """Make the cases unless there are packages already; returns how many were made."""
    if session().scalar(sa.select(sa.func.count()).select_from(Declaration)):
        return 0
    anna, vera, sofia, les = (founding.actor(name) for name in ("anna", "vera", "sofia", "les"))
    _draft("beef_flowers_pet", "BMT-26-1190", anna)
    _refused_at_the_door(anna)
    _filed("beef_flowers_pet", "BMT-26-1187", anna)
    partly = _filed("beef_flowers_pet", "BMT-26-1188", anna)
    _approve(partly, "BY-DVPN")
    _approve(partly, "BY-GGISKZR", condition="Unload at Minsk-2 only / Разгрузка толькі на станцыі Мінск-2.")
    _inspected(_filed("beef_flowers_pet", "BMT-26-1191", anna))
    _asked(_filed("beef_flowers_pet", "BMT-26-1193", anna))
    _proposed(_filed("crocodile_bags", "VM-26-0417", vera))
    _in_parts(_filed("beef_flowers_pet", "BMT-26-1192", anna))
    claimed = _filed("timber_export", "PL-26-0077", les)
    claiming.claim(_review(claimed, "BY-GGISKZR"), by=founding.actor("fyodar"))
    _filed("dangerous_transit", "GB-26-0410", founding.actor("bogdan"))
    _approve(_filed("bicycles", "VM-26-0342", vera), "BY-GTK")
    refused = _filed("bicycles", "VM-26-0343", vera)
    _refuse(refused, "BY-GTK")
    _approve(_filed("solar_panels", "SE-26-0020", sofia), "BY-GTK")
    withdrawing.withdraw(_filed("solar_panels", "SE-26-0021", sofia), reason="Памылка ў колькасці", by=sofia)
    return 15


def _pack(name: str, lrn: str, by: Actor) -> bytes:
    packed = packing.sample(name, on=clock.today(), lrn=lrn)
    for file_name, data in packed.files.items():
        uploading.upload(owner_id=by.organisation_id, data=data, file_name=file_name, by=by)  # type: ignore[arg-type]
    return packed.xml


def _filed(name: str, lrn: str, by: Actor) -> Declaration:
    receipt = receiving.receive(_pack(name, lrn, by), body_name=f"{lrn}.xml", channel="xml", by=by, confirmed=True)
    if receipt.declaration_id is None:
        codes = ", ".join(f"{fault['code']} {fault['value']}" for fault in receipt.faults)
        raise RuntimeError(f"the sample package {name} is not clean: {codes}")
    return finders.get_declaration(receipt.declaration_id, actor=by)


def _draft(name: str, lrn: str, by: Actor) -> None:
    tree = wco.read(_pack(name, lrn, by)).tree
    if tree is not None:
        drafting.open_tree(tree, by=by, channel="form")


def _refused_at_the_door(by: Actor) -> None:
    xml = _pack("beef_flowers_pet", "BMT-26-1186", by).replace(
        b"<TypeCode>01202</TypeCode>", b"<TypeCode>01999</TypeCode>"
    )
    receiving.receive(xml, body_name="BMT-26-1186.xml", channel="xml", by=by)


def _review(declaration: Declaration, agency: str) -> Review:
    return next(one for one in reviews.list_reviews(declaration.id) if one.agency == agency)


def _inspected(declaration: Declaration) -> None:
    """Ordered by the veterinarians; customs has still to answer the slot."""
    officer = founding.actor(OFFICERS["BY-DVPN"])
    place = slots.list_places(declaration.office_code)[0]
    order = Order(
        kind="sampling",
        items=(1,),
        agencies=("BY-GTK",),
        instructions="Праверыць тэмпературу і ўзяць пробу",
        place=place.code,
        start=booking.next_free(place, 1)[0].from_at,
    )
    review = claiming.claim(_review(declaration, "BY-DVPN"), by=officer)
    inspecting.order(review, order=order, version=review.version, by=officer)


def _asked(declaration: Declaration) -> None:
    """The veterinarians ask for a better certificate: it is the trader's turn."""
    officer, at = founding.actor("olga"), clock.now()
    review = _review(declaration, "BY-DVPN")
    certificate = next(
        one for one in codec.to_package(drafting.filed_tree(declaration)).lines[0].documents if one.type == "01201"
    )
    meant = Asking(
        path=certificate.path,
        sign="VET-CERTIFICATE",
        text="На другой старонцы сертыфіката не відаць пячаткі. Прынясіце разборлівую копію.",
        wanted=("01201",),
        due_at=resuming.hours_of(review).add_days(at, 1),
        on_silence="refusal",
    )
    asking.ask(review, meant, version=declaration.version, by=officer, claim_minutes=30)


def _proposed(declaration: Declaration) -> None:
    """A CITES permit that a second officer has still to compare."""
    officer = founding.actor("nina")
    review = claiming.claim(_review(declaration, "BY-MPR"), by=officer)
    items = [ItemDecision(number, "approved") for number in review.items]
    proposing.propose(review, version=declaration.version, digest=declaration.digest, items=items, by=officer)


def _in_parts(declaration: Declaration) -> None:
    """The beef and the flowers are released, the flakes wait for their agency."""
    _approve(declaration, "BY-DVPN")
    _approve(declaration, "BY-GGISKZR")
    _decide(declaration, "BY-GTK", [ItemDecision(n, "held" if n == 3 else "approved") for n in (1, 2, 3)])


def _approve(declaration: Declaration, agency: str, *, condition: str = "") -> None:
    outcome = "conditions" if condition else "approved"
    _decide(
        declaration,
        agency,
        [ItemDecision(n, outcome, conditions=condition) for n in _review(declaration, agency).items],
    )


def _refuse(declaration: Declaration, agency: str) -> None:
    ground, appeal = list_grounds(agency)[0], appeal_of(agency)
    _decide(
        declaration,
        agency,
        [
            ItemDecision(
                number, "refused", reason_code=ground.code, legal_ground=ground.law["be"],
                appeal_office=appeal.office["be"], appeal_contact=appeal.contact, appeal_days=appeal.days,
            )
            for number in _review(declaration, agency).items
        ],
    )  # fmt: skip


def _decide(declaration: Declaration, agency: str, items: list[ItemDecision]) -> None:
    officer = founding.actor(OFFICERS[agency])
    review = claiming.claim(_review(declaration, agency), by=officer)
    payment, reference = ("paid", "DEMO-PAYMENT") if review.releases else ("", "")
    deciding.decide(
        review, version=declaration.version, digest=declaration.digest, items=items, by=officer, payment=payment,
        payment_reference=reference,
    )  # fmt: skip

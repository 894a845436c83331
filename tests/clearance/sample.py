"""Facts of a cleared package, without a database: beef, roses and PET flakes, four agencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from app.clearance.facts import ClearanceFacts, GoodsFacts, JudgementFacts, PartyFacts, SignatureFacts, SignOffFacts
from app.clearance.numbering import grouped

AT = datetime(2026, 11, 22, 7, 2, tzinfo=UTC)
CODE = "7K2M9QX4TBW3E5R8Y1HJ6N0PZASDFGCV2B4M8Q1X"
CANONICAL = '<Declaration xmlns="urn:akno:declaration:1.0"><Note>Ў ў І і ё ©</Note></Declaration>'.encode()


def three(be: str, ru: str, en: str) -> dict[str, str]:
    return {"be": be, "ru": ru, "en": en}


def signature(post, number, *judgements, **more) -> SignatureFacts:
    return SignatureFacts(post, number, **(dict(name="", decided_at=AT, judgements=judgements) | more))


def _signed(agency, name, post, number, judgements, law, *, releases=False, **more) -> SignOffFacts:
    return SignOffFacts(agency, name, (signature(post, number, *judgements, **more),), law, None, releases)


def facts(**changes) -> ClearanceFacts:
    made = ClearanceFacts(
        number="BY-CLR-261122-0000418-6",
        code=grouped(CODE),
        verify_url="https://akno.example.by/verify/" + grouped(CODE),
        left="be",
        registration_number="06611/221126/0000418",
        registered_at=AT.replace(hour=6, minute=14),
        released_at=AT,
        issued_at=AT.replace(second=2),
        version=1,
        digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        direction="import",
        reference="BMT-26-1187",
        office_code="06611",
        office=three("Каменны Лог", "Каменный Лог", "Kamenny Log"),
        invoice="52 500,00 EUR",
        parties=(
            PartyFacts("importer", "ТАА «Белмяса Трэйд»", "190142358", "вул. Каліноўскага, 12, Мінск, 220012, BY"),
            PartyFacts("exporter", "Volyn Agro Trade LLC", "", "vul. Promyslova 4, Lutsk, 43020, UA"),
            PartyFacts("agent", "Granitsa Broker", "190000038", "Брэст, BY"),
        ),
        goods=(
            GoodsFacts(1, "0201300000", "Ялавічына без костак, ахалоджаная, у вакууме", "UA",
                three("Украіна", "Украина", "Ukraine"), Decimal("8000"), "400 CT", "approved"),
            GoodsFacts(2, "0603110000", "Ружы зрэзаныя, свежыя: Ў ў І і", "NL",
                three("Нідэрланды", "Нидерланды", "Netherlands"), Decimal("1200.5"), "120 BX", "conditions"),
            GoodsFacts(3, "3915900000", "Шматкі ПЭТ, мытыя", "PL", three("Польшча", "Польша", "Poland"),
                Decimal("4000"), "10 BG", "approved"),
        ),
        sign_offs=(
            _signed("BY-DVPN", three("Ветэрынарны нагляд", "Ветеринарный надзор", "Veterinary supervision"),
                "Дзяржаўны ветэрынарны інспектар", "0412", (JudgementFacts((1,), "approved", "", ""),),
                ("CUC Decision 317 of 18.06.2010, Annex 1",)),
            _signed("BY-GGISKZR", three("Фітасанітарны нагляд", "Фитосанитарный надзор", "Plant quarantine"),
                "Галоўны спецыяліст", "1107",
                (JudgementFacts((2,), "conditions", "Разгрузка толькі на складзе «Мінск-2», агляд пры разгрузцы.", ""),),
                ("CUC Decision 318 of 18.06.2010",)),
            _signed("BY-MPR", three("Мінпрыроды", "Минприроды", "Environment"), "Кансультант", "0031",
                (JudgementFacts((3,), "approved", "", ""),), ("EEC Board Decision 30, section 2.3",)),
            _signed("BY-GTK", three("Мытня", "Таможня", "Customs"), "Старшы інспектар", "2204",
                (JudgementFacts((1, 3), "approved", "", ""), JudgementFacts((2,), "conditions", "Як у фітасанітарнага нагляду.", "")),
                ("Customs Code of the EAEU, art. 118",), releases=True, payment="secured", payment_reference="ГС-2026/77"),
        ),
        not_asked=three("Санітарны нагляд, Транспартная інспекцыя", "Санитарный надзор, Транспортная инспекция",
            "Sanitary supervision, Transport Inspectorate"),
    )  # fmt: skip
    return replace(made, **changes)

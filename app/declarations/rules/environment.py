"""Rules of the environment: protected species, waste, ozone-depleting substances, dangerous goods.

Codes of these goods stand as Classification beside the goods code; IdentificationTypeCode names the list:
BAS Basel code, NWC national waste code (classifier of waste of Belarus), CAS number, ASH ASHRAE name. What happens to
waste is said by AdditionalInformation: StatementTypeCode DRO, StatementDescription R3 (a Classification DRO is read too).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from app.declarations.package import Classification, Line
from app.declarations.rules.declaring import EDITION, Finding, Given, rule
from app.declarations.rules.documents import type_of
from app.requirements import packaged

BASEL, NATIONAL, OPERATION, CAS, ASHRAE = "BAS", "NWC", "DRO", "CAS", "ASH"
CITES_PERMIT = "01031"
_NATIONAL = re.compile(r"[0-9]{7}")
_OPERATION = re.compile(r"D(?:[1-9]|1[0-5])|R(?:[1-9]|1[0-3])")
_CAS = re.compile(r"\b([0-9]{2,7})-([0-9]{2})-([0-9])\b")
_REFRIGERANT = re.compile(r"\b(?:R|HFC|HCFC|CFC|HBFC|HALON)[- ]?[0-9]{2,4}[A-Z]{0,3}[0-9]?\b", re.IGNORECASE)
LOWEST_UN, HIGHEST_UN = 4, 3600
"""UN numbers run from 0004 (explosives) into the 3500s; the list grows by a few each edition."""


@cache
def basel_codes() -> Mapping[str, tuple[date, date | None]]:
    """Return the Basel codes we hold with first day and last day (inclusive). Source: ``waste_codes.csv``."""
    return {
        row["code"].upper(): (
            date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in packaged.table("waste_codes")
    }


@cache
def ozone_headings() -> frozenset[str]:
    """Return the HS codes (6 digits) of controlled substances and their mixtures. Source: ``ods_substances.csv``."""
    return frozenset(
        row["hs6"] for row in packaged.table("ods_substances") if row["hs6"] and row["annex"] in (*"ABCEF", "mixture")
    )


def coded(line: Line, listing: str) -> tuple[Classification, ...]:
    """Return the codes an item carries from one list."""
    return tuple(one for one in line.classifications if one.type.upper() == listing and one.id)


def is_waste(given: Given, line: Line) -> bool:
    """Whether the item is waste: by its code, by an answer, or because it already carries a Basel code."""
    question = given.edition.questions.get("waste")
    by_nature = question is not None and line.code.startswith(question.no_none) and bool(line.code)
    said = any(answer.code.startswith("WASTE") and answer.value == "Y" for answer in line.answers)
    return by_nature or said or bool(coded(line, BASEL))


def operation_of(line: Line) -> tuple[str, str]:
    """Return the D or R operation an item names and the XPath it stands at; empty texts where there is none."""
    for note in line.notes:
        if note.type.upper() == OPERATION:
            return note.text.upper(), f"{note.path}/StatementDescription"
    for one in coded(line, OPERATION):
        return one.id.upper(), f"{one.path}/ID"
    return "", ""


def _place(line: Line) -> str:
    """Return where the next classification of an item would stand."""
    return f"{line.path}/Commodity/Classification[{len(line.classifications) + 1}]/ID"


@rule("CITES-NAME", needs=EDITION, between=("CITES permit or answer", "goods item"))
def cites_name(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} пад аховай CITES, а навуковай (лацінскай) назвы віду няма.
    mend be: Укажыце яе так, як у дазволе CITES, напрыклад Python reticulatus.
    ru: Товар № {item} под охраной CITES, а научного (латинского) названия вида нет.
    mend ru: Укажите его так, как в разрешении CITES, например Python reticulatus.
    en: Goods item {item} is protected by CITES, but has no scientific (Latin) name of the species.
    mend en: Give it as on the CITES permit, such as Python reticulatus.
    """
    for line in given.package.lines:
        permit = any(type_of(given, document) == CITES_PERMIT for document in line.documents)
        said = any(answer.code.startswith("CITES_") and answer.value == "Y" for answer in line.answers)
        if (permit or said) and not line.scientific_name:
            yield Finding(f"{line.path}/Commodity/Classification[1]/Name")


@rule("WASTE-BASEL", needs=EDITION, between=("goods code or answer", "classification"))
def waste_basel(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} — адходы, а кода Базельскай канвенцыі няма.
    mend be: Дадайце код са спісу BAS, напрыклад B3011 — чысты сартаваны пластык, Y48 — змешаны.
    ru: Товар № {item} — отходы, а кода Базельской конвенции нет.
    mend ru: Добавьте код из списка BAS, например B3011 — чистый сортированный пластик, Y48 — смешанный.
    en: Goods item {item} is waste, but has no code of the Basel Convention.
    mend en: Add a code from list BAS, such as B3011 for clean sorted plastic or Y48 for mixed plastic.
    """
    for line in given.package.lines:
        if is_waste(given, line) and not coded(line, BASEL):
            yield Finding(_place(line))


@rule("WASTE-BASEL-UNKNOWN", needs=EDITION)
def waste_basel_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Кода {value} няма ў спісах Базельскай канвенцыі на дзень падачы.
    mend be: Праверце код тавару № {item}: некаторыя коды заменены, напрыклад B3010 на B3011, A1180 на A1181.
    ru: Кода {value} нет в списках Базельской конвенции на день подачи.
    mend ru: Проверьте код товара № {item}: некоторые коды заменены, например B3010 на B3011, A1180 на A1181.
    en: The Basel Convention has no code {value} on the filing day.
    mend en: Check the code of goods item {item}: some were replaced, such as B3010 by B3011 and A1180 by A1181.
    """
    for line in given.package.lines:
        for one in coded(line, BASEL):
            if not _in_force(one.id, given.on):
                yield Finding(f"{one.path}/ID", one.id)


def _in_force(code: str, on: date) -> bool:
    since, until = basel_codes().get(code.upper(), (date.max, None))
    return since <= on and (until is None or on <= until)


@rule("WASTE-ANSWER", needs=EDITION, between=("answer", "Basel code"))
def waste_answer(given: Given) -> Iterator[Finding]:
    """
    be: У адказе тавар № {item} названы адходамі {said}, а код Базеля ў ім — {value}.
    mend be: Пакіньце тое, што правільна: выпраўце адказ або код.
    ru: В ответе товар № {item} назван отходами {said}, а код Базеля в нём — {value}.
    mend ru: Оставьте то, что верно: исправьте ответ или код.
    en: The answer calls goods item {item} waste {said}, but its Basel code is {value}.
    mend en: Keep what is right: correct the answer or the code.
    """
    for line in given.package.lines:
        codes = [one for one in coded(line, BASEL) if _in_force(one.id, given.on)]
        stated = {one.id.upper() for one in codes}
        for answer in line.answers if codes else ():
            said = answer.code.removeprefix("WASTE_")
            if answer.value == "Y" and said in basel_codes() and said not in stated:
                yield Finding(f"{codes[0].path}/ID", codes[0].id, {"said": said})


@rule("WASTE-NATIONAL", needs=EDITION, between=("goods code or answer", "classification"))
def waste_national(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} — адходы, а кода нацыянальнага класіфікатара адходаў няма або ў ім не сем лічбаў.
    mend be: Дадайце код з сямі лічбаў са спісу NWC (класіфікатар адходаў Рэспублікі Беларусь).
    ru: Товар № {item} — отходы, а кода национального классификатора отходов нет или в нём не семь цифр.
    mend ru: Добавьте код из семи цифр из списка NWC (классификатор отходов Республики Беларусь).
    en: Goods item {item} is waste, but has no national waste code, or not one of seven digits.
    mend en: Add the seven-digit code under list NWC (classifier of waste of the Republic of Belarus).
    """
    for line in given.package.lines:
        if is_waste(given, line):
            found = coded(line, NATIONAL)
            if not any(_NATIONAL.fullmatch(one.id) for one in found):
                yield Finding(f"{found[0].path}/ID" if found else _place(line), found[0].id if found else "")


@rule("WASTE-OPERATION", needs=EDITION, between=("goods code or answer", "operation"))
def waste_operation(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана, што будзе з адходамі (тавар № {item}): няма аперацыі D1–D15 або R1–R13.
    mend be: Дадайце аперацыю са знакам DRO, напрыклад R3 — перапрацоўка арганічных рэчываў, D10 — спальванне.
    ru: Не указано, что будет с отходами (товар № {item}): нет операции D1–D15 или R1–R13.
    mend ru: Добавьте операцию с пометкой DRO, например R3 — переработка органических веществ, D10 — сжигание.
    en: Goods item {item} does not say what happens to the waste: there is no operation D1–D15 or R1–R13.
    mend en: Add the operation as a statement of type DRO, such as R3 for recycling of organic substances or D10 for incineration.
    """
    for line in given.package.lines:
        operation, path = operation_of(line)
        if is_waste(given, line) and not _OPERATION.fullmatch(operation):
            there = len(line.answers) + len(line.notes) + 1
            yield Finding(path or f"{line.path}/AdditionalInformation[{there}]/StatementDescription", operation)


@rule("ODS-NAME", needs=EDITION, between=("goods code", "classification"))
def ods_name(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} — рэчыва пад Манрэальскім пратаколам, а якое менавіта, не сказана.
    mend be: Укажыце назву паводле ASHRAE (напрыклад R-134a) або нумар CAS: у кодах тавару ці ў апісанні.
    ru: Товар № {item} — вещество под Монреальским протоколом, а какое именно, не сказано.
    mend ru: Укажите название по ASHRAE (например R-134a) или номер CAS: в кодах товара или в описании.
    en: Goods item {item} is a substance of the Montreal Protocol, but does not say which one.
    mend en: Give its ASHRAE name (such as R-134a) or CAS number, among the codes of the goods or in the description.
    """
    for line in given.package.lines:
        if line.code[:6] not in ozone_headings() or coded(line, CAS) or coded(line, ASHRAE):
            continue
        if not _REFRIGERANT.search(line.description) and not _CAS.search(line.description):
            yield Finding(_place(line))


@rule("CAS-CHECK-DIGIT")
def cas_check_digit(given: Given) -> Iterator[Finding]:
    """
    be: Нумар CAS {value} напісаны з памылкай: кантрольная лічба не сходзіцца.
    mend be: Зверце нумар з пашпартам бяспекі рэчыва.
    ru: Номер CAS {value} написан с ошибкой: контрольная цифра не сходится.
    mend ru: Сверьте номер с паспортом безопасности вещества.
    en: The CAS number {value} is mistyped: its check digit does not fit.
    mend en: Compare it with the safety data sheet of the substance.
    """
    for line in given.package.lines:
        for one in coded(line, CAS):
            found = _CAS.fullmatch(one.id)
            if found is None or not _cas_holds(found[1] + found[2], int(found[3])):
                yield Finding(f"{one.path}/ID", one.id)


def _cas_holds(digits: str, check: int) -> bool:
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits), 1)) % 10 == check


@rule("UNDG-RANGE")
def undg_range(given: Given) -> Iterator[Finding]:
    """
    be: Нумара ААН {value} (тавар № {item}) не існуе.
    mend be: Укажыце чатыры лічбы з транспартнага дакумента, напрыклад 1263 — фарба.
    ru: Номера ООН {value} (товар № {item}) не существует.
    mend ru: Укажите четыре цифры из транспортного документа, например 1263 — краска.
    en: There is no UN number {value} (goods item {item}).
    mend en: Give the four digits of the transport document, such as 1263 for paint.
    """
    for line in given.package.lines:
        for place, number in enumerate(line.undg, 1):
            real = re.fullmatch("[0-9]{4}", number) and LOWEST_UN <= int(number) <= HIGHEST_UN
            if number and not real:
                yield Finding(f"{line.path}/Commodity/DangerousGoods[{place}]/UNDGID", number)


@rule("UNDG-ANSWER", between=("answer", "goods item"))
def undg_answer(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} ёсць нумар ААН {value}, а ў адказе груз названы бяспечным.
    mend be: Выпраўце адказ ADR на Y або прыбярыце нумар, калі ён памылковы.
    ru: У товара № {item} есть номер ООН {value}, а в ответе груз назван неопасным.
    mend ru: Исправьте ответ ADR на Y или уберите номер, если он ошибочный.
    en: Goods item {item} has the UN number {value}, but the answer says the goods are not dangerous.
    mend en: Change the answer ADR to Y, or take the number out if it is wrong.
    """
    denied = any(answer.code == "ADR" and answer.value == "N" for answer in given.package.answers)
    for line in given.package.lines:
        own = [answer.value for answer in line.answers if answer.code == "ADR"]
        for place, number in enumerate(line.undg, 1):
            if number and (own[:1] == ["N"] or (denied and not own)):
                yield Finding(f"{line.path}/Commodity/DangerousGoods[{place}]/UNDGID", number)

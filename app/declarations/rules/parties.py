"""Rules of the parties: whose package it is, who acts for whom, and whether their numbers are real."""

from __future__ import annotations

from collections.abc import Iterator

from app.declarations.package import EXPORT, IMPORT, TRANSIT, Package, Party
from app.declarations.rules.declaring import EDITION, REGISTRY, Finding, Given, rule
from app.identity import unp

TOP = "/Declaration"
SHIPMENT = "/Declaration/GoodsShipment"

OWNER_PATH = {IMPORT: f"{SHIPMENT}/Importer/ID", EXPORT: f"{TOP}/Exporter/ID", TRANSIT: f"{TOP}/Declarant/ID"}


def belarusian(package: Package) -> Iterator[Party]:
    """Yield the parties whose number must be a UNP: the owner, and who declares or acts in Belarus."""
    owner = package.owner_party
    for party in package.parties:
        acts = party.role in ("declarant", "agent") and party.country in ("", "BY")
        if party.id and (party is owner or acts):
            yield party


def broker_of(package: Package) -> Party | None:
    """Return who acts for the owner: the agent, else a declarant who is somebody else; None when the owner acts itself."""
    for party in (package.agent, package.declarant):
        if party is not None and party.id and party.id != package.owner:
            return party
    return None


@rule("IMPORTER-MISSING")
def importer_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказаны УНП імпарцёра: без яго незразумела, чый гэта груз.
    mend be: Укажыце УНП (дзевяць знакаў) таго, хто ўвозіць тавар.
    ru: Не указан УНП импортёра: без него непонятно, чей это груз.
    mend ru: Укажите УНП (девять знаков) того, кто ввозит товар.
    en: The importer's tax number (UNP) is missing, so we cannot tell whose package this is.
    mend en: Give the nine-character UNP of whoever imports the goods.
    """
    if given.package.direction == IMPORT and not given.package.owner:
        yield Finding(OWNER_PATH[IMPORT])


@rule("EXPORTER-MISSING")
def exporter_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказаны УНП экспарцёра: без яго незразумела, чый гэта груз.
    mend be: Укажыце УНП (дзевяць знакаў) таго, хто вывозіць тавар.
    ru: Не указан УНП экспортёра: без него непонятно, чей это груз.
    mend ru: Укажите УНП (девять знаков) того, кто вывозит товар.
    en: The exporter's tax number (UNP) is missing, so we cannot tell whose package this is.
    mend en: Give the nine-character UNP of whoever exports the goods.
    """
    if given.package.direction == EXPORT and not given.package.owner:
        yield Finding(OWNER_PATH[EXPORT])


@rule("DECLARANT-MISSING")
def declarant_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказаны УНП дэкларанта: за транзіт адказвае ён.
    mend be: Укажыце УНП (дзевяць знакаў) дэкларанта.
    ru: Не указан УНП декларанта: за транзит отвечает он.
    mend ru: Укажите УНП (девять знаков) декларанта.
    en: The declarant's tax number (UNP) is missing; in transit the package is theirs.
    mend en: Give the nine-character UNP of the declarant.
    """
    if given.package.direction == TRANSIT and not given.package.owner:
        yield Finding(OWNER_PATH[TRANSIT])


@rule("SENDER-MISSING")
def sender_missing(given: Given) -> Iterator[Finding]:
    """
    be: Пры ўвозе не ўказана, хто адправіў тавар.
    mend be: Укажыце назву адпраўніка або экспарцёра.
    ru: При ввозе не указано, кто отправил товар.
    mend ru: Укажите название отправителя или экспортёра.
    en: This import does not say who sent the goods.
    mend en: Give the name of the consignor or the exporter.
    """
    package = given.package
    named = any(party is not None and (party.name or party.id) for party in (package.exporter, package.consignor))
    if package.direction == IMPORT and not named:
        yield Finding(f"{TOP}/Exporter/Name")


@rule("RECEIVER-MISSING")
def receiver_missing(given: Given) -> Iterator[Finding]:
    """
    be: Пры вывазе не ўказана, хто атрымае тавар.
    mend be: Укажыце назву атрымальніка або імпарцёра.
    ru: При вывозе не указано, кто получит товар.
    mend ru: Укажите название получателя или импортёра.
    en: This export does not say who receives the goods.
    mend en: Give the name of the consignee or the importer.
    """
    package = given.package
    named = any(party is not None and (party.name or party.id) for party in (package.consignee, package.importer))
    if package.direction == EXPORT and not named:
        yield Finding(f"{SHIPMENT}/Consignee/Name")


@rule("UNP-FORM")
def unp_form(given: Given) -> Iterator[Finding]:
    """
    be: {value} не падобна на УНП.
    mend be: УНП арганізацыі — дзевяць лічбаў, УНП чалавека — дзве лацінскія літары і сем лічбаў. Прабелаў няма.
    ru: {value} не похоже на УНП.
    mend ru: УНП организации — девять цифр, УНП человека — две латинские буквы и семь цифр. Пробелов нет.
    en: {value} does not look like a tax number (UNP).
    mend en: A firm's UNP has nine digits, a person's two Latin letters and seven digits. It has no blanks.
    """
    for party in belarusian(given.package):
        if not unp.has_shape(party.id):
            yield Finding(f"{party.path}/ID", party.id)


@rule("UNP-CHECK-DIGIT")
def unp_check_digit(given: Given) -> Iterator[Finding]:
    """
    be: Кантрольная лічба УНП {value} не сходзіцца: хутчэй за ўсё, у нумары апіска.
    mend be: Зверце нумар з пасведчаннем аб рэгістрацыі.
    ru: Контрольная цифра УНП {value} не сходится: скорее всего, в номере опечатка.
    mend ru: Сверьте номер со свидетельством о регистрации.
    en: The check digit of the tax number {value} does not fit: most likely it is mistyped.
    mend en: Compare the number with the certificate of registration.
    """
    for party in belarusian(given.package):
        if unp.has_shape(party.id) and not unp.holds(party.id):
            yield Finding(f"{party.path}/ID", party.id)


@rule("UNP-UNKNOWN", needs=REGISTRY)
def unp_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Арганізацыя з УНП {value} не зарэгістравана ў акне.
    mend be: Праверце нумар. Калі ён правільны, арганізацыя спачатку рэгіструецца тут: гэта робіцца адзін раз.
    ru: Организация с УНП {value} не зарегистрирована в окне.
    mend ru: Проверьте номер. Если он верный, организация сначала регистрируется здесь: это делается один раз.
    en: No organisation with the tax number {value} is registered in the window.
    mend en: Check the number. If it is right, the organisation registers here first; it does so once.
    """
    owner = given.package.owner
    if owner and unp.holds(owner) and given.asked().find_trader(owner) is None:
        yield Finding(OWNER_PATH[given.package.direction], owner)


@rule("UNP-CLOSED", needs=REGISTRY)
def unp_closed(given: Given) -> Iterator[Finding]:
    """
    be: Арганізацыя {name} (УНП {value}) у акне больш не дзейнічае.
    mend be: Праверце УНП. Калі ён правільны, звярніцеся ў службу падтрымкі.
    ru: Организация {name} (УНП {value}) в окне больше не действует.
    mend ru: Проверьте УНП. Если он верный, обратитесь в службу поддержки.
    en: The organisation {name} (UNP {value}) is no longer active in the window.
    mend en: Check the UNP. If it is right, ask the help desk.
    """
    owner = given.package.owner
    trader = given.asked().find_trader(owner) if owner else None
    if trader is not None and not trader.active:
        yield Finding(OWNER_PATH[given.package.direction], owner, {"name": trader.name})


@rule("MANDATE-MISSING", needs=REGISTRY, between=("agent", "owner"))
def mandate_missing(given: Given) -> Iterator[Finding]:
    """
    be: {broker} не мае дзейнага даручэння ад уладальніка грузу (УНП {owner}).
    mend be: Уладальнік выдае даручэнне ў акне, прадстаўнік яго прымае; праверце тэрмін і напрамак (увоз, вываз, транзіт).
    ru: У {broker} нет действующего поручения от владельца груза (УНП {owner}).
    mend ru: Владелец выдаёт поручение в окне, представитель его принимает; проверьте срок и направление
      (ввоз, вывоз, транзит).
    en: {broker} has no mandate in force from the owner of the goods (UNP {owner}).
    mend en: The owner grants a mandate in the window and the representative accepts it; check its dates and whether it
      covers import, export or transit.
    """
    package = given.package
    broker = broker_of(package)
    if broker is None or not package.owner or not unp.has_shape(broker.id):
        return
    if not given.asked().mandate(broker.id, package.owner, package.direction, given.on):
        words = {"broker": broker.name or broker.id, "owner": package.owner}
        yield Finding(f"{broker.path}/ID", broker.id, words)


@rule("COUNTRY-UNKNOWN", needs=EDITION)
def country_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Краіны з кодам {value} няма ў спісе.
    mend be: Укажыце дзве лацінскія літары паводле ISO 3166, напрыклад BY, PL, CN.
    ru: Страны с кодом {value} нет в списке.
    mend ru: Укажите две латинские буквы по ISO 3166, например BY, PL, CN.
    en: There is no country with the code {value}.
    mend en: Use the two Latin letters of ISO 3166, such as BY, PL or CN.
    """
    package, countries = given.package, given.edition.lists.get("countries", {})
    named = [(f"{party.path}/Address/CountryCode", party.country) for party in package.parties]
    named.append((f"{SHIPMENT}/Destination/CountryCode", package.destination))
    named.append((f"{SHIPMENT}/ExportCountry/ID", package.export_country))
    if package.border_transport is not None:
        transport = package.border_transport
        named.append((f"{transport.path}/RegistrationNationalityCode", transport.nationality))
    for line in package.lines:
        named.append((f"{line.path}/Destination/CountryCode", line.destination))
        named.append((f"{line.path}/ExportCountry/ID", line.export_country))
    for path, code in named:
        if code and code not in countries:
            yield Finding(path, code)

"""Rules of carriage: the means of transport, containers and seals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.declarations.package import TRANSIT, Container
from app.declarations.rules.declaring import Finding, Given, rule

NATIONALITY_NEEDED = frozenset("1348")
"""Sea, road, air, inland water: the means has a flag. Rail, post and pipelines have none."""

ROAD = "3"
_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
_LETTERS = {letter: value for letter, value in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38,
), strict=True)}  # fmt: skip
"""ISO 6346: letters count from 10, multiples of 11 are left out."""


def check_digit(number: str) -> int:
    """Return the ISO 6346 check digit of the first ten signs of a container number."""
    total = sum((_LETTERS[sign] if sign in _LETTERS else int(sign)) << place for place, sign in enumerate(number[:10]))
    return total % 11 % 10


def containers(given: Given) -> Iterator[Container]:
    """Yield the containers of the consignment, then those named at goods items."""
    yield from given.package.containers
    for line in given.package.lines:
        yield from line.containers


@rule("MODE-MISSING")
def mode_missing(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана, якім транспартам груз перасякае мяжу.
    mend be: Укажыце адну лічбу: 1 — марскі, 2 — чыгунка, 3 — аўтамабільны, 4 — паветраны, 8 — рачны.
    ru: Не указано, каким транспортом груз пересекает границу.
    mend ru: Укажите одну цифру: 1 — морской, 2 — железная дорога, 3 — автомобильный, 4 — воздушный, 8 — речной.
    en: The package does not say by which mode of transport the goods cross the border.
    mend en: Give one digit: 1 sea, 2 rail, 3 road, 4 air, 8 inland water.
    """
    transport = given.package.border_transport
    if transport is not None and not transport.mode:
        yield Finding(f"{transport.path}/ModeCode")


@rule("MODE-NATIONALITY", between=("mode of transport", "nationality of transport"))
def mode_nationality(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказана краіна рэгістрацыі транспарту на мяжы.
    mend be: Укажыце двухлітарны код краіны, дзе зарэгістраваны транспарт: ад яго залежыць, ці патрэбны дазвол на праезд.
    ru: Не указана страна регистрации транспорта на границе.
    mend ru: Укажите двухбуквенный код страны, где зарегистрирован транспорт: от него зависит, нужно ли разрешение на проезд.
    en: The country of registration of the border transport is missing.
    mend en: Give the two-letter code of that country: it decides whether a road permit is needed.
    """
    transport = given.package.border_transport
    if transport is not None and transport.mode in NATIONALITY_NEEDED and not transport.nationality:
        yield Finding(f"{transport.path}/RegistrationNationalityCode")


@rule("TRANSPORT-ID", between=("mode of transport", "identity of transport"))
def transport_id(given: Given) -> Iterator[Finding]:
    """
    be: Не ўказаны нумар машыны, якая перасякае мяжу.
    mend be: Укажыце рэгістрацыйны нумар цягача; нумар прычэпа можна дадаць праз касую рысу.
    ru: Не указан номер машины, которая пересекает границу.
    mend ru: Укажите регистрационный номер тягача; номер прицепа можно добавить через косую черту.
    en: The vehicle that crosses the border has no registration number.
    mend en: Give the plate of the tractor; the trailer's can follow after a slash.
    """
    transport = given.package.border_transport
    if transport is not None and transport.mode == ROAD and not transport.id:
        yield Finding(f"{transport.path}/ID")


@rule("CONTAINER-CHECK-DIGIT")
def container_check_digit(given: Given) -> Iterator[Finding]:
    """
    be: Кантрольная лічба кантэйнера {value} не сходзіцца: павінна быць {digit}.
    mend be: Зверце нумар з кантэйнерам або з накладной: чатыры літары і сем лічбаў.
    ru: Контрольная цифра контейнера {value} не сходится: должна быть {digit}.
    mend ru: Сверьте номер с контейнером или с накладной: четыре буквы и семь цифр.
    en: The check digit of container {value} does not fit: it should be {digit}.
    mend en: Compare the number with the container or the waybill: four letters and seven digits.
    """
    for container in containers(given):
        if _CONTAINER.fullmatch(container.id) and check_digit(container.id) != int(container.id[10]):
            yield Finding(f"{container.path}/ID", container.id, {"digit": str(check_digit(container.id))})


@rule("CONTAINER-NOT-LISTED", between=("goods item", "containers of the consignment"))
def container_not_listed(given: Given) -> Iterator[Finding]:
    """
    be: Кантэйнер {value} тавару № {item} не названы сярод кантэйнераў партыі.
    mend be: Дадайце яго ў спіс кантэйнераў партыі або выпраўце нумар у тавары.
    ru: Контейнер {value} товара № {item} не назван среди контейнеров партии.
    mend ru: Добавьте его в список контейнеров партии или исправьте номер в товаре.
    en: Container {value} of goods item {item} is not among the containers of the consignment.
    mend en: Add it to the containers of the consignment, or correct the number in the item.
    """
    listed = {container.id for container in given.package.containers}
    for line in given.package.lines:
        for container in line.containers:
            # A message that lists its containers at the items only is complete as well.
            if listed and container.id and container.id not in listed:
                yield Finding(f"{container.path}/ID", container.id)


@rule("CONTAINER-TWICE", between=("container", "another container"))
def container_twice(given: Given) -> Iterator[Finding]:
    """
    be: Кантэйнер {value} названы двойчы.
    mend be: Пакіньце адзін запіс і ўсе яго пломбы пры ім.
    ru: Контейнер {value} назван дважды.
    mend ru: Оставьте одну запись и все его пломбы при ней.
    en: Container {value} is listed twice.
    mend en: Keep one entry with all its seals.
    """
    seen: set[str] = set()
    for container in given.package.containers:
        if container.id and container.id in seen:
            yield Finding(f"{container.path}/ID", container.id)
        seen.add(container.id)


@rule("SEAL-TWICE", between=("container", "seals of another container"))
def seal_twice(given: Given) -> Iterator[Finding]:
    """
    be: Пломба {value} указана больш за адзін раз.
    mend be: У кожнай пломбы свой нумар: зверце нумары з пломбамі.
    ru: Пломба {value} указана больше одного раза.
    mend ru: У каждой пломбы свой номер: сверьте номера с пломбами.
    en: Seal {value} is given more than once.
    mend en: Every seal has its own number: compare the numbers with the seals.
    """
    seen: set[str] = set()
    for container in given.package.containers:
        for place, seal in enumerate(container.seals, 1):
            if seal and seal in seen:
                yield Finding(f"{container.path}/Seal[{place}]/ID", seal)
            seen.add(seal)


@rule("SEAL-MISSING", between=("transit", "seals of container"))
def seal_missing(given: Given) -> Iterator[Finding]:
    """
    be: Кантэйнер {value} едзе транзітам без пломбы.
    mend be: Укажыце нумар пломбы, накладзенай на кантэйнер.
    ru: Контейнер {value} едет транзитом без пломбы.
    mend ru: Укажите номер пломбы, наложенной на контейнер.
    en: Container {value} goes in transit without a seal.
    mend en: Give the number of the seal on the container.
    """
    for container in given.package.containers if given.package.direction == TRANSIT else ():
        if container.id and not any(container.seals):
            yield Finding(f"{container.path}/Seal[1]/ID", container.id)

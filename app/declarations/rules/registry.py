"""Rules that ask the permits and declarations the window holds; those about traders and mandates stand with the parties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.declarations.rules.declaring import REGISTRY, Finding, Given, Permit, plain, rule
from app.declarations.rules.documents import amount_of, unit_of

REGISTRATION = re.compile(r"[0-9]{8}/[0-9]{6}/[0-9]{7}")
"""Our registration numbers, OOOOOOOO/DDMMYY/NNNNNNN; those of other States look the same and begin with another number."""

HERE = "112"
"""ISO 3166 number of Belarus: the office codes of our own registration numbers begin with it."""


@rule("PERMIT-REVOKED", needs=REGISTRY, between=("document", "permit held by the window"))
def permit_revoked(given: Given) -> Iterator[Finding]:
    """
    be: Дазвол {value} адклікала ведамства, якое яго выдала.
    mend be: Прыкладзіце дзейны дазвол або спытайце ў ведамства, чаму гэты адкліканы.
    ru: Разрешение {value} отозвано ведомством, которое его выдало.
    mend ru: Приложите действующее разрешение или спросите у ведомства, почему это отозвано.
    en: The permit {value} has been revoked by the agency that issued it.
    mend en: Attach one that is in force, or ask the agency why this one was revoked.
    """
    for document, permit in _held(given):
        if permit.revoked:
            yield Finding(f"{document}/ID", permit.number)


@rule("PERMIT-HOLDER", needs=REGISTRY, between=("owner of the package", "holder of the permit"))
def permit_holder(given: Given) -> Iterator[Finding]:
    """
    be: Дазвол {value} выдадзены іншай арганізацыі, а не ўладальніку грузу (УНП {owner}).
    mend be: Праверце нумар дазволу. Чужым дазволам карыстацца нельга.
    ru: Разрешение {value} выдано другой организации, а не владельцу груза (УНП {owner}).
    mend ru: Проверьте номер разрешения. Чужим разрешением пользоваться нельзя.
    en: The permit {value} was issued to another organisation, not to the owner of the goods (UNP {owner}).
    mend en: Check the number of the permit. Somebody else's permit cannot be used.
    """
    owner = given.package.owner
    for document, permit in _held(given):
        if permit.holder and owner and permit.holder != owner:
            yield Finding(f"{document}/ID", permit.number, {"owner": owner})


@rule("PERMIT-BALANCE", needs=REGISTRY, between=("write-off", "balance of the permit"))
def permit_balance(given: Given) -> Iterator[Finding]:
    """
    be: На дазволе {number} засталося {left} {unit}, а спісваецца {value}.
    mend be: Зменшыце колькасць або дадайце яшчэ адзін дазвол.
    ru: На разрешении {number} осталось {left} {unit}, а списывается {value}.
    mend ru: Уменьшите количество или добавьте ещё одно разрешение.
    en: The permit {number} has {left} {unit} left, but {value} is written off.
    mend en: Lower the quantity, or add another permit.
    """
    for line in given.package.lines:
        for document in line.documents:
            off = document.writeoff
            permit = given.asked().permit(document.number) if off is not None and document.number else None
            left = permit.remaining if permit is not None else None
            if off is None or left is None:
                continue
            if unit_of(off) == unit_of(left) and amount_of(off) > amount_of(left):
                words = {"number": document.number, "left": plain(left.value), "unit": left.unit}
                yield Finding(off.path, plain(off.value), words)


@rule("PREVIOUS-DOC-UNKNOWN", needs=REGISTRY, between=("earlier document", "declarations of the window"))
def previous_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Дэкларацыі {value}, названай як папярэдняя, у акне няма.
    mend be: Зверце нумар: код мытнага органа, дата і парадкавы нумар праз касую рысу.
    ru: Декларации {value}, названной как предыдущая, в окне нет.
    mend ru: Сверьте номер: код таможенного органа, дата и порядковый номер через косую черту.
    en: The window has no declaration {value}, which is named as the earlier one.
    mend en: Check the number: office code, date and serial, separated by slashes.
    """
    package = given.package
    earlier = package.previous_documents + tuple(one for line in package.lines for one in line.previous_documents)
    for document in earlier:
        ours = REGISTRATION.fullmatch(document.number) and document.number.startswith(HERE)
        if ours and not given.asked().registered(document.number):
            yield Finding(f"{document.path}/ID", document.number)


def _held(given: Given) -> Iterator[tuple[str, Permit]]:
    """Yield the documents whose number is a permit the window holds: XPath of the document, the permit."""
    for document in given.package.all_documents:
        permit = given.asked().permit(document.number) if document.number else None
        if permit is not None:
            yield document.path, permit

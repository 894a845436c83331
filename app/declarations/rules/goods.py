"""Rules of the goods items: their numbers, codes, origin, procedure, and answers to questions."""

from __future__ import annotations

from collections.abc import Iterator

from app.declarations.package import IMPORT, Answer, Line
from app.declarations.rules.declaring import EDITION, Finding, Given, rule

CODE_DIGITS = 10
WASTE_OTHER = "WASTE_OTHER"
"""The answer "other waste": no flag of the data, it opens the agency's lane as not classified."""

YES_NO = ("Y", "N")


def answers(given: Given) -> Iterator[Answer]:
    """Yield every answer of the package: the header's, then each goods item's."""
    yield from given.package.answers
    for line in given.package.lines:
        yield from line.answers


def procedure_of(line: Line) -> str:
    """Return the two-digit procedure; foreign messages may write the previous one behind it."""
    return line.procedure[:2]


@rule("ITEM-NUMBERS", between=("goods item", "its place among the items"))
def item_numbers(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} мае парадкавы нумар {value}.
    mend be: Тавары нумаруюцца запар: 1, 2, 3 і далей. Тут павінна быць {item}.
    ru: У товара № {item} порядковый номер {value}.
    mend ru: Товары нумеруются подряд: 1, 2, 3 и далее. Здесь должно быть {item}.
    en: Goods item {item} carries the number {value}.
    mend en: Items are numbered 1, 2, 3 and so on. Here it should be {item}.
    """
    for line in given.package.lines:
        if line.sequence != line.number:
            value = "" if line.sequence is None else str(line.sequence)
            yield Finding(f"{line.path}/SequenceNumeric", value or "—")


@rule("DESCRIPTION-MISSING")
def description_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} няма апісання.
    mend be: Напішыце звычайнымі словамі, што гэта: назва, матэрыял, марка, мадэль.
    ru: У товара № {item} нет описания.
    mend ru: Напишите обычными словами, что это: название, материал, марка, модель.
    en: Goods item {item} has no description.
    mend en: Say in plain words what it is: name, material, brand, model.
    """
    for line in given.package.lines:
        if not line.description:
            yield Finding(f"{line.path}/Commodity/Description")


@rule("CODE-MISSING")
def code_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} няма кода ТН ЗЭД.
    mend be: Укажыце код з дзесяці лічбаў. Код вызначае, якія дазволы патрэбны.
    ru: У товара № {item} нет кода ТН ВЭД.
    mend ru: Укажите код из десяти цифр. От кода зависит, какие разрешения нужны.
    en: Goods item {item} has no goods code.
    mend en: Give the ten-digit code. It decides which permits are needed.
    """
    for line in given.package.lines:
        if not line.code:
            yield Finding(line.code_path)


@rule("CODE-LENGTH")
def code_length(given: Given) -> Iterator[Finding]:
    """
    be: У кодзе тавару № {item} лічбаў {count}, а павінна быць дзесяць: {value}.
    mend be: Дапішыце код да дзесяці лічбаў паводле ТН ЗЭД. Прабелы паміж лічбамі не перашкаджаюць.
    ru: В коде товара № {item} цифр {count}, а должно быть десять: {value}.
    mend ru: Допишите код до десяти цифр по ТН ВЭД. Пробелы между цифрами не мешают.
    en: The code of goods item {item} has {count} digits instead of ten: {value}.
    mend en: Write the code out to ten digits. Blanks between digits do no harm.
    """
    for line in given.package.lines:
        if line.code and len(line.code) != CODE_DIGITS:
            yield Finding(line.code_path, line.code, {"count": str(len(line.code))})


@rule("CODE-NOT-IN-HS", needs=EDITION)
def code_not_in_hs(given: Given) -> Iterator[Finding]:
    """
    be: Кода {head} (першыя шэсць лічбаў кода {value}) няма ў Гарманізаванай сістэме на дзень падачы.
    mend be: Праверце код тавару № {item}: магчыма, у ім апіска або ён састарэў.
    ru: Кода {head} (первые шесть цифр кода {value}) нет в Гармонизированной системе на день подачи.
    mend ru: Проверьте код товара № {item}: возможно, в нём опечатка или он устарел.
    en: The Harmonised System has no code {head} (the first six digits of {value}) on the filing day.
    mend en: Check the code of goods item {item}: it may be mistyped or out of date.
    """
    for line in given.package.lines:
        if len(line.code) == CODE_DIGITS and not _in_force(given, line.code[:6]):
            yield Finding(line.code_path, line.code, {"head": line.code[:6]})


def _in_force(given: Given, code: str) -> bool:
    row = given.edition.goods.get(code)
    return row is not None and row.valid_from <= given.on and (row.valid_to is None or given.on < row.valid_to)


@rule("ORIGIN-MISSING")
def origin_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} не ўказана краіна паходжання.
    mend be: Укажыце двухлітарны код краіны, дзе тавар зроблены або вырашчаны.
    ru: У товара № {item} не указана страна происхождения.
    mend ru: Укажите двухбуквенный код страны, где товар сделан или выращен.
    en: Goods item {item} has no country of origin.
    mend en: Give the two-letter code of the country where the goods were made or grown.
    """
    for line in given.package.lines:
        if not line.origin and given.package.direction == IMPORT:
            yield Finding(f"{line.path}/Origin[1]/CountryCode")


@rule("ORIGIN-UNKNOWN", needs=EDITION)
def origin_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Краіны паходжання з кодам {value} (тавар № {item}) няма ў спісе.
    mend be: Укажыце дзве лацінскія літары паводле ISO 3166, напрыклад UA, CN, DE.
    ru: Страны происхождения с кодом {value} (товар № {item}) нет в списке.
    mend ru: Укажите две латинские буквы по ISO 3166, например UA, CN, DE.
    en: The country of origin {value} of goods item {item} is not in the list.
    mend en: Use the two Latin letters of ISO 3166, such as UA, CN or DE.
    """
    countries = given.edition.lists.get("countries", {})
    for line in given.package.lines:
        if line.origin and line.origin not in countries:
            yield Finding(f"{line.path}/Origin[1]/CountryCode", line.origin)


@rule("PROCEDURE-MISSING")
def procedure_missing(given: Given) -> Iterator[Finding]:
    """
    be: У тавары № {item} не ўказана мытная працэдура.
    mend be: Укажыце код, напрыклад 40 — выпуск для ўнутранага спажывання, 10 — экспарт, 80 — транзіт.
    ru: У товара № {item} не указана таможенная процедура.
    mend ru: Укажите код, например 40 — выпуск для внутреннего потребления, 10 — экспорт, 80 — транзит.
    en: Goods item {item} has no customs procedure.
    mend en: Give its code, such as 40 for release for domestic consumption, 10 for export, 80 for transit.
    """
    for line in given.package.lines:
        if not line.procedure:
            yield Finding(f"{line.path}/GovernmentProcedure[1]/CurrentCode")


@rule("PROCEDURE-UNKNOWN", needs=EDITION)
def procedure_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Мытнай працэдуры {value} (тавар № {item}) няма ў спісе.
    mend be: Укажыце код з дзвюх лічбаў, напрыклад 40, 10 або 80.
    ru: Таможенной процедуры {value} (товар № {item}) нет в списке.
    mend ru: Укажите код из двух цифр, например 40, 10 или 80.
    en: The customs procedure {value} of goods item {item} is not in the list.
    mend en: Give a two-digit code, such as 40, 10 or 80.
    """
    procedures = given.edition.lists.get("procedures", {})
    for line in given.package.lines:
        if line.procedure and procedure_of(line) not in procedures:
            yield Finding(f"{line.path}/GovernmentProcedure[1]/CurrentCode", line.procedure)


@rule("DIRECTION-PROCEDURE", needs=EDITION, between=("declaration type", "procedure of goods item"))
def direction_procedure(given: Given) -> Iterator[Finding]:
    """
    be: Від дэкларацыі {type} не спалучаецца з працэдурай {value} тавару № {item}.
    mend be: Выпраўце адно з двух: IM — увоз (напрыклад 40), EX — вываз (10), TR — транзіт (80).
    ru: Вид декларации {type} не сочетается с процедурой {value} товара № {item}.
    mend ru: Исправьте одно из двух: IM — ввоз (например 40), EX — вывоз (10), TR — транзит (80).
    en: The declaration type {type} does not go with procedure {value} of goods item {item}.
    mend en: Correct one of them: IM is import (such as 40), EX is export (10), TR is transit (80).
    """
    package, procedures = given.package, given.edition.lists.get("procedures", {})
    for line in package.lines if package.direction else ():
        row = procedures.get(procedure_of(line))
        if row is not None and package.direction not in row.note.split("/"):
            words = {"type": package.type_code}
            yield Finding(f"{line.path}/GovernmentProcedure[1]/CurrentCode", line.procedure, words)


@rule("PROCEDURES-DIFFER", between=("goods item", "first goods item"))
def procedures_differ(given: Given) -> Iterator[Finding]:
    """
    be: Тавар № {item} заяўлены пад працэдуру {value}, а першы тавар — пад {first}.
    mend be: У адной дэкларацыі — адна працэдура. Вынесіце гэты тавар у асобную дэкларацыю або выпраўце код.
    ru: Товар № {item} заявлен под процедуру {value}, а первый товар — под {first}.
    mend ru: В одной декларации — одна процедура. Вынесите этот товар в отдельную декларацию или исправьте код.
    en: Goods item {item} is under procedure {value}, the first item under {first}.
    mend en: One package has one procedure. File this item separately, or correct the code.
    """
    package, procedures = given.package, given.edition.lists.get("procedures", {})
    known = [line for line in package.lines if procedure_of(line) in procedures]
    for line in known[1:]:
        same_way = package.direction in procedures[procedure_of(line)].note.split("/")
        if same_way and procedure_of(line) != procedure_of(known[0]):
            path = f"{line.path}/GovernmentProcedure[1]/CurrentCode"
            yield Finding(path, line.procedure, {"first": known[0].procedure})


@rule("ANSWER-UNKNOWN", needs=EDITION)
def answer_unknown(given: Given) -> Iterator[Finding]:
    """
    be: Адказ дадзены на пытанне {value}, якога мы не задаём.
    mend be: Праверце код пытання або прыбярыце адказ. Коды ёсць у спісе пытанняў і патрабаванняў.
    ru: Ответ дан на вопрос {value}, которого мы не задаём.
    mend ru: Проверьте код вопроса или уберите ответ. Коды есть в списке вопросов и требований.
    en: There is an answer to {value}, which is no question of ours.
    mend en: Check the code of the question, or take the answer out. The codes are in the list of requirements.
    """
    strange = [one for one in answers(given) if one.code not in given.edition.flags and one.code != WASTE_OTHER]
    measures = {measure.code for measure in given.edition.measures} if strange else frozenset()
    for answer in strange:
        if answer.code not in measures:
            yield Finding(f"{answer.path}/StatementCode", answer.code or "—")


@rule("ANSWER-VALUE")
def answer_value(given: Given) -> Iterator[Finding]:
    """
    be: На пытанне {code} адказана «{value}».
    mend be: Адкажыце Y (так) або N (не).
    ru: На вопрос {code} отвечено «{value}».
    mend ru: Ответьте Y (да) или N (нет).
    en: The question {code} is answered “{value}”.
    mend en: Answer Y (yes) or N (no).
    """
    for answer in answers(given):
        if answer.value not in YES_NO:
            yield Finding(f"{answer.path}/StatementDescription", answer.value, {"code": answer.code})


@rule("ANSWER-TWICE", between=("answer", "another answer"))
def answer_twice(given: Given) -> Iterator[Finding]:
    """
    be: На пытанне {code} адказана двойчы і па-рознаму.
    mend be: Пакіньце адзін адказ.
    ru: На вопрос {code} отвечено дважды и по-разному.
    mend ru: Оставьте один ответ.
    en: The question {code} is answered twice, and differently.
    mend en: Keep one answer.
    """
    for group in (given.package.answers, *(line.answers for line in given.package.lines)):
        first: dict[str, str] = {}
        for answer in group:
            if first.setdefault(answer.code, answer.value) != answer.value:
                yield Finding(f"{answer.path}/StatementDescription", answer.value, {"code": answer.code})

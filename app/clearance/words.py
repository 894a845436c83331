"""The words of the paper, in three languages: paper is drawn outside any request, so they stand here and not in a catalogue."""

from __future__ import annotations

from app.errors import Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: dict[str, Text] = {
    "state": _text("Рэспубліка Беларусь", "Республика Беларусь", "Republic of Belarus"),
    "window": _text("«Адно акно» для гандлю", "«Единое окно» для торговли", "Single Window for trade"),
    "title": _text("Пасведчанне аб выпуску тавараў", "Свидетельство о выпуске товаров", "Clearance of goods"),
    "statement": _text(
        "Пакет праверылі ўсе ведамствы, законаў якіх ён датычыцца.",
        "Пакет проверили все ведомства, законов которых он касается.",
        "Every agency whose law this package touches has checked it.",
    ),
    "statement_part": _text(
        "Тавары, выпушчаныя тут, праверылі ўсе ведамствы, законаў якіх яны датычацца.",
        "Выпущенные здесь товары проверили все ведомства, законов которых они касаются.",
        "Every agency whose law the goods released here touch has checked them.",
    ),
    "part": _text("Частковы выпуск {serial}", "Частичный выпуск {serial}", "Partial release {serial}"),
    "last_part": _text(
        "Частковы выпуск {serial}, апошні",
        "Частичный выпуск {serial}, последний",
        "Partial release {serial}, the last one",
    ),
    "replaces": _text("Замест пасведчання", "Взамен свидетельства", "In place of clearance"),
    "earlier_clearances": _text(
        "Ранейшыя пасведчанні гэтага пакета",
        "Более ранние свидетельства этого пакета",
        "Earlier clearances of this package",
    ),
    "released_items": _text("Выпушчаны тавары", "Выпущены товары", "Released items"),
    "held_back": _text("Не выпушчаны тавары", "Не выпущены товары", "Items not released"),
    "number": _text("Нумар пасведчання", "Номер свидетельства", "Clearance number"),
    "verify": _text("Праверыць", "Проверить", "Verify"),
    "code": _text("Код праверкі", "Код проверки", "Verification code"),
    "package": _text("Пакет", "Пакет", "Package"),
    "registration": _text("Рэгістрацыйны нумар", "Регистрационный номер", "Registration number"),
    "registered": _text("Зарэгістраваны", "Зарегистрирован", "Registered"),
    "released": _text("Выпушчаны", "Выпущен", "Released"),
    "issued": _text("Пасведчанне складзена", "Свидетельство составлено", "Clearance drawn up"),
    "direction": _text("Напрамак", "Направление", "Direction"),
    "import": _text("увоз", "ввоз", "import"),
    "export": _text("вываз", "вывоз", "export"),
    "transit": _text("транзіт", "транзит", "transit"),
    "office": _text("Мытны орган", "Таможенный орган", "Customs office"),
    "reference": _text("Нумар адпраўніка (LRN)", "Номер отправителя (LRN)", "Sender’s reference (LRN)"),
    "version": _text("Версія", "Версия", "Version"),
    "invoice": _text("Кошт па рахунку", "Стоимость по счёту", "Invoice value"),
    "released_totals": _text(
        "Выпушчана тут: тавараў; маса нета, кг",
        "Выпущено здесь: товаров; масса нетто, кг",
        "Released here: items; net mass, kg",
    ),
    "totals": _text("Усяго: тавараў; маса нета, кг", "Всего: товаров; масса нетто, кг", "In all: items; net mass, kg"),
    "parties": _text("Удзельнікі", "Участники", "Parties"),
    "importer": _text("Імпарцёр", "Импортёр", "Importer"),
    "exporter": _text("Экспарцёр", "Экспортёр", "Exporter"),
    "consignee": _text("Атрымальнік", "Получатель", "Consignee"),
    "consignor": _text("Адпраўнік", "Отправитель", "Consignor"),
    "declarant": _text("Дэкларант", "Декларант", "Declarant"),
    "agent": _text("Прадстаўнік", "Представитель", "Agent"),
    "goods": _text("Тавары", "Товары", "Goods"),
    "goods_note": _text(
        "Апісанне: словамі дэкларанта.", "Описание: словами декларанта.", "Description: in the declarant’s words."
    ),
    "item": _text("№", "№", "No."),
    "goods_code": _text("Код ТН ЗЭД", "Код ТН ВЭД", "Goods code"),
    "description": _text("Апісанне", "Описание", "Description"),
    "origin": _text("Паходжанне", "Происхождение", "Origin"),
    "net": _text("Нета, кг", "Нетто, кг", "Net, kg"),
    "packages": _text("Месцы", "Места", "Packages"),
    "result": _text("Вынік", "Результат", "Result"),
    "sign_offs": _text("Хто падпісаў і што вырашыў", "Кто подписал и что решил", "Who signed, and what was decided"),
    "items": _text("Тавары", "Товары", "Items"),
    "approved": _text("адобрана", "одобрено", "approved"),
    "conditions": _text("адобрана з умовамі", "одобрено с условиями", "approved with conditions"),
    "earlier": _text("выпушчана раней", "выпущено ранее", "released earlier"),
    "held": _text("прытрымана, не вырашана", "придержано, не решено", "held, not decided"),
    "hold": _text("Чаго чакае", "Чего ожидает", "What it waits for"),
    "waits": _text("чакае рашэння", "ожидает решения", "waits for"),
    "refused": _text("адмоўлена", "отказано", "refused"),
    "unknown": _text("не вырашана", "не решено", "not decided"),
    "condition": _text("Умовы", "Условия", "Conditions"),
    "ground": _text("Падстава", "Основание", "Legal ground"),
    "appeal": _text("Абскардзіць", "Обжаловать", "Appeal to"),
    "appeal_days": _text("на працягу дзён: {days}", "в течение дней: {days}", "within days: {days}"),
    "payment": _text("Плацяжы (арт. 118 МК ЕАЭС)", "Платежи (ст. 118 ТК ЕАЭС)", "Payments (art. 118 EAEU CC)"),
    "paid": _text("выплачаны", "уплачены", "paid"),
    "secured": _text("забяспечаны", "обеспечены", "secured"),
    "not-due": _text("не належаць да выплаты", "не подлежат уплате", "not due"),
    "second_officer": _text("другая службовая асоба", "второе должностное лицо", "second officer"),
    "overridden": _text("рашэнне кіраўніка", "решение руководителя", "decided by the supervisor"),
    "automatic": _text(
        "падпісана акном ад імя ведамства паводле правіла",
        "подписано окном от имени ведомства по правилу",
        "signed off by the window on behalf of the agency, by the rule",
    ),
    "undecided": _text("Рашэння яшчэ няма.", "Решения ещё нет.", "Not decided yet."),
    "law": _text("Праверана паводле", "Проверено согласно", "Checked under"),
    "personal_number": _text("асабісты нумар", "личный номер", "personal number"),
    "release": _text("выпуск", "выпуск", "release"),
    "stands_for": _text("Таксама за", "Также за", "Also standing for"),
    "not_asked": _text("Не спатрэбіліся подпісы", "Подписи не потребовались", "No signature was needed from"),
    "nobody": _text("спытаны ўсе ведамствы", "спрошены все ведомства", "every agency was asked"),
    "evidence": _text("Доказ", "Доказательство", "Evidence"),
    "evidence_text": _text(
        "Да файла далучаны пакет, які бачылі службовыя асобы (declaration.xml), і іх рашэнні (decision.json). Файл "
        "падпісаны: любая змена ў ім бачная. SHA-256 пакета:",
        "К файлу приложены пакет, который видели должностные лица (declaration.xml), и их решения (decision.json). Файл "
        "подписан: любое изменение в нём видно. SHA-256 пакета:",
        "Attached to this file are the package that the officers saw (declaration.xml) and their decisions (decision.json). "
        "The file is signed: any change to it shows. SHA-256 of the package:",
    ),
    "paper_warning": _text(
        "Паперы без праверкі не верце: пасведчанне маглі замяніць або адклікаць.",
        "Не верьте бумаге без проверки: свидетельство могли заменить или отозвать.",
        "Do not trust paper unchecked: a clearance may have been superseded or revoked.",
    ),
    "test": _text("ТЭСТ", "ТЕСТ", "TEST"),
    "test_text": _text(
        "Пасведчанне тэставага рэжыму. Ніякіх тавараў яно не выпускае.",
        "Свидетельство тестового режима. Никаких товаров оно не выпускает.",
        "A clearance of test mode. It releases no goods.",
    ),
    "demonstration": _text("ДЭМАНСТРАЦЫЯ", "ДЕМОНСТРАЦИЯ", "DEMONSTRATION"),
    "demonstration_text": _text(
        "Неафіцыйна: тавараў не выпускае.",
        "Неофициально: товаров не выпускает.",
        "Not official: it releases no goods.",
    ),
    "minsk": _text("Час мінскі.", "Время минское.", "Times are Minsk time."),
    "window_alt": _text(
        "Акно: адобрылі {lit} з {all} ведамстваў ({agencies})",
        "Окно: одобрили {lit} из {all} ведомств ({agencies})",
        "Window: {lit} of {all} agencies approved ({agencies})",
    ),
}


def left_language(sender: str) -> str:
    """Return the language of the left column: the sender's, Russian for a sender who reads English (domain.md 5)."""
    return sender if sender in ("be", "ru") else "ru"

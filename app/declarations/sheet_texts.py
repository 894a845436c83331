"""What is wrong with a spreadsheet as a file, in three languages, each with how to mend it."""

from __future__ import annotations

from typing import Any

from app.errors import Fault

FIELD = "sheet"
"""The id of the box in which the file is chosen."""

_TEXTS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "SHEET-NONE": (
        ("Файл не выбраны.", "Файл не выбран.", "No file is chosen."),
        ("Выберыце табліцу CSV або XLSX.", "Выберите таблицу CSV или XLSX.", "Choose a table, CSV or XLSX."),
    ),
    "SHEET-TOO-BIG": (
        ("Файл занадта вялікі: {size} МБ, дазволена {limit} МБ.", "Файл слишком большой: {size} МБ, разрешено {limit} МБ.",
         "The file is too large: {size} MB, {limit} MB are allowed."),
        ("Пакіньце ў табліцы толькі тавары, без малюнкаў і іншых аркушаў.",
         "Оставьте в таблице только товары, без рисунков и других листов.",
         "Keep only the goods in the table, without pictures and other sheets."),
    ),
    "SHEET-KIND": (
        ("Гэта не табліца CSV або XLSX.", "Это не таблица CSV или XLSX.", "This is no table of CSV or XLSX."),
        ("Захавайце табліцу ў сваёй праграме як XLSX або CSV (UTF-8).",
         "Сохраните таблицу в своей программе как XLSX или CSV (UTF-8).",
         "Save the table in your program as XLSX or CSV (UTF-8)."),
    ),
    "SHEET-MACROS": (
        ("У файле ёсць макрасы: мы такіх не адкрываем.", "В файле есть макросы: мы такие не открываем.",
         "The file carries macros: we open none such."),
        ("Захавайце яго як «Кніга Excel (*.xlsx)», без макрасаў.", "Сохраните его как «Книга Excel (*.xlsx)», без макросов.",
         "Save it as “Excel workbook (*.xlsx)”, without macros."),
    ),
    "SHEET-LOCKED": (
        ("Файл закрыты паролем.", "Файл закрыт паролем.", "The file is locked with a password."),
        ("Захавайце яго без пароля.", "Сохраните его без пароля.", "Save it without a password."),
    ),
    "SHEET-BROKEN": (
        ("Файл не ўдалося прачытаць: ён пашкоджаны або занадта вялікі.",
         "Файл не удалось прочитать: он повреждён или слишком велик.",
         "The file could not be read: it is damaged or unfolds too large."),
        ("Адкрыйце яго ў сваёй праграме, перанясіце тавары ў новую табліцу і захавайце яе як XLSX або CSV.",
         "Откройте его в своей программе, перенесите товары в новую таблицу и сохраните её как XLSX или CSV.",
         "Open it in your program, copy the goods into a new table and save that as XLSX or CSV."),
    ),
    "SHEET-EMPTY": (
        ("У табліцы няма ніводнага тавару.", "В таблице нет ни одного товара.", "There is no goods item in the table."),
        ("Пішыце тавары пад загалоўкамі, кожны ў сваім радку першага аркуша.",
         "Пишите товары под заголовками, каждый в своей строке первого листа.",
         "Write the goods below the headings, each in a row of its own, on the first sheet."),
    ),
    "SHEET-HEADINGS": (
        ("Ніводны загаловак табліцы нам не вядомы.", "Ни один заголовок таблицы нам не известен.",
         "None of the headings of the table is known here."),
        ("Вазьміце загалоўкі з узору або назавіце слупкі, як напісана ніжэй.",
         "Возьмите заголовки из образца или назовите столбцы, как написано ниже.",
         "Take the headings from the template, or name the columns as written below."),
    ),
    "SHEET-TWICE": (
        ("Слупок «{value}» ёсць двойчы.", "Столбец «{value}» есть дважды.", "The column “{value}” stands there twice."),
        ("Пакіньце адзін з іх.", "Оставьте один из них.", "Keep one of them."),
    ),
    "SHEET-TOO-MANY": (
        ("Тавараў занадта шмат: {size}, а пакет змяшчае не больш за {limit}.",
         "Товаров слишком много: {size}, а пакет вмещает не больше {limit}.",
         "There are too many goods items: {size}, and a package holds {limit} at most."),
        ("Падзяліце тавары на некалькі пакетаў.", "Разделите товары на несколько пакетов.",
         "Divide the goods into several packages."),
    ),
    "SHEET-LOST": (
        ("Радкі табліцы не дайшлі цалкам.", "Строки таблицы дошли не полностью.", "The rows of the table did not arrive whole."),
        ("Выберыце файл яшчэ раз.", "Выберите файл ещё раз.", "Choose the file once more."),
    ),
}  # fmt: skip


def fault(code: str, **values: Any) -> Fault:
    """Return one of these faults; ``values`` fill its sentences."""
    message, remedy = _TEXTS[code]
    said = [sentence.format(**values) for sentence in message]
    return Fault(
        code, dict(zip(("be", "ru", "en"), said, strict=True)), dict(zip(("be", "ru", "en"), remedy, strict=True)),
        field=FIELD, kind="file", value=str(values.get("value", "")),
    )  # fmt: skip

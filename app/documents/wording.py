"""What we say about a file that we cannot take: one fault per reason, in three languages, after GOV.UK's file upload."""

from __future__ import annotations

from app.errors import Fault, Text

_PICK: Text = {
    "be": "Захавайце дакумент як PDF, JPEG, PNG або XML і выберыце яго зноў.",
    "ru": "Сохраните документ как PDF, JPEG, PNG или XML и выберите его снова.",
    "en": "Save the document as a PDF, JPEG, PNG or XML and select it again.",
}
_SAVE_AGAIN: Text = {
    "be": "Адкрыйце файл у сваёй праграме, захавайце яго нанова (або надрукуйце ў PDF) і выберыце зноў.",
    "ru": "Откройте файл в своей программе, сохраните его заново (или распечатайте в PDF) и выберите снова.",
    "en": "Open the file in your own program, save it again (or print it to PDF), and select it again.",
}

TEXTS: dict[str, tuple[Text, Text]] = {
    "FILE-NONE": (
        {"be": "Выберыце файл.", "ru": "Выберите файл.", "en": "Select a file."},
        {
            "be": "Націсніце «Выбраць файлы» і пакажыце дазвол або сертыфікат.",
            "ru": "Нажмите «Выбрать файлы» и укажите разрешение или сертификат.",
            "en": "Use “Choose files” and point at the permit or certificate.",
        },
    ),
    "FILE-EMPTY": (
        {"be": "Выбраны файл пусты.", "ru": "Выбранный файл пуст.", "en": "The selected file is empty."},
        {
            "be": "Праверце файл на сваім камп'ютары і выберыце той, у якім ёсць дакумент.",
            "ru": "Проверьте файл на своём компьютере и выберите тот, в котором есть документ.",
            "en": "Check the file on your computer and select one that holds the document.",
        },
    ),
    "FILE-TOO-BIG": (
        {
            "be": "Выбраны файл павінен быць меншы за {limit} МБ.",
            "ru": "Выбранный файл должен быть меньше {limit} МБ.",
            "en": "The selected file must be smaller than {limit} MB.",
        },
        {
            "be": "Сканіруйце з меншай раздзяляльнасцю (150–300 кропак на цалю) або падзяліце дакумент на часткі.",
            "ru": "Сканируйте с меньшим разрешением (150–300 точек на дюйм) или разделите документ на части.",
            "en": "Scan at a lower resolution (150 to 300 dots per inch) or split the document into parts.",
        },
    ),
    "FILE-TYPE": (
        {
            "be": "Выбраны файл павінен быць PDF, JPEG, PNG або XML.",
            "ru": "Выбранный файл должен быть PDF, JPEG, PNG или XML.",
            "en": "The selected file must be a PDF, JPEG, PNG or XML.",
        },
        _PICK,
    ),
    "FILE-NOT-AS-NAMED": (
        {
            "be": "Змест файла не адпавядае яго назве: назва кажа «{named}», а ўнутры іншае.",
            "ru": "Содержимое файла не соответствует его имени: имя говорит «{named}», а внутри другое.",
            "en": "The content does not agree with the name: the name says “{named}”, the content is something else.",
        },
        _PICK,
    ),
    "FILE-NAME": (
        {
            "be": "У назве файла ёсць знакі, якіх мы не прымаем, або яна занадта доўгая.",
            "ru": "В имени файла есть знаки, которые мы не принимаем, или оно слишком длинное.",
            "en": "The file name has characters that we do not take, or it is too long.",
        },
        {
            "be": "Перайменуйце файл: літары, лічбы, прабелы, кропка і злучок, да 200 знакаў, напрыклад «Сертыфікат 12.pdf».",
            "ru": "Переименуйте файл: буквы, цифры, пробелы, точка и дефис, до 200 знаков, например «Сертификат 12.pdf».",
            "en": "Rename the file: letters, digits, spaces, dots and hyphens, up to 200 characters, such as “Certificate 12.pdf”.",
        },
    ),
    "FILE-LOCKED": (
        {
            "be": "Выбраны файл абаронены паролем.",
            "ru": "Выбранный файл защищён паролем.",
            "en": "The selected file is password protected.",
        },
        {
            "be": "Захавайце копію без пароля і выберыце яе.",
            "ru": "Сохраните копию без пароля и выберите её.",
            "en": "Save a copy without the password and select that one.",
        },
    ),
    "FILE-ACTIVE": (
        {
            "be": "У файле ёсць тое, што можа нешта запусціць або схаваць: {found}.",
            "ru": "В файле есть то, что может что-то запустить или скрыть: {found}.",
            "en": "The file carries something that can run or hide: {found}.",
        },
        {
            "be": "Надрукуйце дакумент у новы PDF (застанецца толькі тое, што відаць) і выберыце яго.",
            "ru": "Распечатайте документ в новый PDF (останется только то, что видно) и выберите его.",
            "en": "Print the document to a new PDF (only what can be seen stays) and select that one.",
        },
    ),
    "FILE-BROKEN": (
        {
            "be": "Выбраны файл пашкоджаны: яго не ўдалося адкрыць.",
            "ru": "Выбранный файл повреждён: его не удалось открыть.",
            "en": "The selected file is damaged: it could not be opened.",
        },
        _SAVE_AGAIN,
    ),
    "FILE-INFECTED": (
        {
            "be": "У выбраным файле знойдзена шкодная праграма (вірус).",
            "ru": "В выбранном файле найдена вредоносная программа (вирус).",
            "en": "The selected file contains a virus.",
        },
        {
            "be": "Праверце свой камп'ютар антывірусам, вазьміце чысты дакумент у таго, хто яго выдаў, і выберыце яго.",
            "ru": "Проверьте свой компьютер антивирусом, возьмите чистый документ у того, кто его выдал, и выберите его.",
            "en": "Check your computer with an antivirus, get a clean copy from whoever issued the document, and select that one.",
        },
    ),
    "FILE-TWO-IN-ONE": (
        {
            "be": "Да дакумента дапісаны яшчэ адзін файл.",
            "ru": "К документу дописан ещё один файл.",
            "en": "Another file is hidden behind the document.",
        },
        _SAVE_AGAIN,
    ),
    "FILE-MOVES": (
        {
            "be": "Выява рухаецца: у ёй некалькі кадраў, а дакумент — адна выява.",
            "ru": "Изображение движется: в нём несколько кадров, а документ — одно изображение.",
            "en": "The picture moves: it holds several frames, and a document is one picture.",
        },
        _SAVE_AGAIN,
    ),
    "FILE-PIXELS": (
        {
            "be": "Выява занадта вялікая: {pixels} мегапікселяў, прымаем да {limit}.",
            "ru": "Изображение слишком большое: {pixels} мегапикселей, принимаем до {limit}.",
            "en": "The picture is too large: {pixels} megapixels, we take up to {limit}.",
        },
        {
            "be": "Паменшыце выяву або сканіруйце з раздзяляльнасцю 300 кропак на цалю.",
            "ru": "Уменьшите изображение или сканируйте с разрешением 300 точек на дюйм.",
            "en": "Make the picture smaller, or scan at 300 dots per inch.",
        },
    ),
    "FILE-PAGES": (
        {
            "be": "У дакуменце занадта шмат старонак або аб'ектаў.",
            "ru": "В документе слишком много страниц или объектов.",
            "en": "The document has too many pages or parts.",
        },
        {
            "be": "Падзяліце яго на часткі да 500 старонак.",
            "ru": "Разделите его на части до 500 страниц.",
            "en": "Split it into parts of up to 500 pages.",
        },
    ),
}


class NotTaken(Exception):
    """A file that we cannot take: ``code`` of the reason and the values its sentence needs."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def fault(refused: NotTaken, file_name: str, *, field: str = "files") -> Fault:
    """Return the refusal as a fault about one file; the name stands in ``value`` so that several can be told apart."""
    message, remedy = TEXTS[refused.code]
    shown = {language: text.format(**refused.values) for language, text in message.items()}
    return Fault(refused.code, shown, remedy, value=file_name, field=field, kind="container")

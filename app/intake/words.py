"""The door's own faults in three languages: what is wrong with a file before it is a package."""

from __future__ import annotations

import unicodedata

from app.errors import VALUE_SHOWN, Fault

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of signs that cannot be seen or that turn a line around."""

# code: (message, remedy), each (be, ru, en)
WORDS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "FILE-MISSING": (
        ("Файл не выбраны.", "Файл не выбран.", "No file was chosen."),
        (
            "Выберыце XML або ZIP з пакетам.",
            "Выберите XML или ZIP с пакетом.",
            "Choose the XML or ZIP file of the package.",
        ),
    ),
    "FILE-EMPTY": (
        ("Выбраны файл пусты.", "Выбранный файл пуст.", "The selected file is empty."),
        (
            "Праверце, ці захаваўся файл у вашай праграме, і выберыце яго яшчэ раз.",
            "Проверьте, сохранился ли файл в вашей программе, и выберите его ещё раз.",
            "Check that your program has saved the file, and choose it again.",
        ),
    ),
    "FILE-TYPE": (
        (
            "Гэты файл — не XML і не ZIP.",
            "Этот файл — не XML и не ZIP.",
            "This file is neither XML nor ZIP.",
        ),
        (
            "Захавайце пакет як declaration.xml або як ZIP з declaration.xml і дакументамі.",
            "Сохраните пакет как declaration.xml или как ZIP с declaration.xml и документами.",
            "Save the package as declaration.xml, or as a ZIP with declaration.xml and its documents.",
        ),
    ),
    "ZIP-NOT-A-ZIP": (
        ("Гэты файл — не ZIP.", "Этот файл — не ZIP.", "This file is not a ZIP."),
        (
            "Стварыце ZIP-архіў нанова і выберыце яго яшчэ раз.",
            "Создайте ZIP-архив заново и выберите его ещё раз.",
            "Make the ZIP archive again and choose it.",
        ),
    ),
    "ZIP-DAMAGED": (
        ("ZIP-архіў пашкоджаны.", "ZIP-архив повреждён.", "The ZIP archive is damaged."),
        (
            "Стварыце архіў нанова: магчыма, перадача абарвалася.",
            "Создайте архив заново: возможно, передача оборвалась.",
            "Make the archive again: the transfer may have been cut off.",
        ),
    ),
    "ZIP-AMBIGUOUS": (
        (
            "Перад архівам або пасля яго ёсць лішнія даныя.",
            "Перед архивом или после него есть лишние данные.",
            "There is extra data before or after the archive.",
        ),
        (
            "Стварыце звычайны ZIP без каментарыяў і прыставак.",
            "Создайте обычный ZIP без комментариев и приставок.",
            "Make a plain ZIP without comments or prefixes.",
        ),
    ),
    "ZIP-BOMB": (
        (
            "Архіў распакоўваецца ў занадта шмат даных або файлаў.",
            "Архив распаковывается в слишком много данных или файлов.",
            "The archive unpacks into too much data or too many files.",
        ),
        (
            "Не больш за 200 файлаў і 200 МБ. Падзяліце дакументы або сцісніце сканы.",
            "Не больше 200 файлов и 200 МБ. Разделите документы или сожмите сканы.",
            "At most 200 files and 200 MB. Split the documents or compress the scans.",
        ),
    ),
    "ZIP-OVERLAP": (
        (
            "Файлы ў архіве накладаюцца адзін на аднаго.",
            "Файлы в архиве накладываются друг на друга.",
            "Files in the archive overlap each other.",
        ),
        (
            "Стварыце архіў нанова звычайнай праграмай.",
            "Создайте архив заново обычной программой.",
            "Make the archive again with an ordinary program.",
        ),
    ),
    "ZIP-ENCRYPTED": (
        (
            "Файл у архіве абаронены паролем.",
            "Файл в архиве защищён паролем.",
            "A file in the archive is password protected.",
        ),
        (
            "Стварыце архіў без пароля: перадача і так зашыфравана.",
            "Создайте архив без пароля: передача и так зашифрована.",
            "Make the archive without a password: the transfer is encrypted anyway.",
        ),
    ),
    "ZIP-METHOD": (
        (
            "Файл у архіве сціснуты спосабам, якога мы не чытаем.",
            "Файл в архиве сжат способом, которого мы не читаем.",
            "A file in the archive is compressed in a way we do not read.",
        ),
        (
            "Выкарыстайце звычайнае сцісканне (Deflate) або без сціскання.",
            "Используйте обычное сжатие (Deflate) или без сжатия.",
            "Use the usual compression (Deflate), or none.",
        ),
    ),
    "ZIP-PATH": (
        (
            "Назва файла ў архіве змяшчае шлях або нябачныя знакі.",
            "Имя файла в архиве содержит путь или невидимые знаки.",
            "The name of a file in the archive holds a path trick or unseen characters.",
        ),
        (
            "Дайце файлу простую назву без «..», «/» у пачатку і «\\».",
            "Дайте файлу простое имя без «..», «/» в начале и «\\».",
            "Give the file a plain name without “..”, a leading “/” or “\\”.",
        ),
    ),
    "ZIP-LINK": (
        (
            "У архіве ёсць спасылка або прылада, а не файл.",
            "В архиве есть ссылка или устройство, а не файл.",
            "The archive holds a link or a device instead of a file.",
        ),
        (
            "Пакладзіце ў архіў самі файлы.",
            "Положите в архив сами файлы.",
            "Put the files themselves into the archive.",
        ),
    ),
    "ZIP-DUPLICATE-NAME": (
        (
            "Два файлы ў архіве маюць адну назву.",
            "Два файла в архиве имеют одно имя.",
            "Two files in the archive have the same name.",
        ),
        (
            "Перайменуйце адзін з іх (вялікія і малыя літары не адрозніваюцца).",
            "Переименуйте один из них (большие и малые буквы не различаются).",
            "Rename one of them (capital and small letters are not told apart).",
        ),
    ),
    "ZIP-NO-DECLARATION": (
        (
            "У архіве няма declaration.xml.",
            "В архиве нет declaration.xml.",
            "There is no declaration.xml in the archive.",
        ),
        (
            "Пакладзіце пакет у корань архіва пад назвай declaration.xml. Паказана, што мы знайшлі.",
            "Положите пакет в корень архива под именем declaration.xml. Показано, что мы нашли.",
            "Put the package at the top of the archive, named declaration.xml. What we found is shown.",
        ),
    ),
    "ATTACHMENT-MISSING": (
        (
            "Дакумент называе файл, якога няма.",
            "Документ называет файл, которого нет.",
            "A document names a file that is not there.",
        ),
        (
            "Дадайце файл у архіў пад гэтай назвай або загрузіце яго ў «Дакументы» перад падачай.",
            "Добавьте файл в архив под этим именем или загрузите его в «Документы» перед подачей.",
            "Add the file to the archive under this name, or upload it under “Documents” before filing.",
        ),
    ),
    "ATTACHMENT-HASH": (
        (
            "Змест файла не адпавядае SHA-256, названаму ў дэкларацыі.",
            "Содержимое файла не соответствует SHA-256, названному в декларации.",
            "The file's content does not match the SHA-256 that the declaration names.",
        ),
        (
            "Праверце, ці той гэта файл, і вылічыце SHA-256 яшчэ раз.",
            "Проверьте, тот ли это файл, и вычислите SHA-256 ещё раз.",
            "Check that it is the right file, and compute its SHA-256 again.",
        ),
    ),
    "ATTACHMENT-UNNAMED": (
        (
            "Ніводзін дакумент пакета не называе гэты файл.",
            "Ни один документ пакета не называет этот файл.",
            "No document of the package names this file.",
        ),
        (
            "Дадайце AdditionalDocument з назвай файла або прыбярыце файл з архіва.",
            "Добавьте AdditionalDocument с именем файла или уберите файл из архива.",
            "Add an AdditionalDocument with the file's name, or take the file out of the archive.",
        ),
    ),
    "MANDATE-NEEDED": (
        (
            "Гэты пакет належыць арганізацыі, якая не дала вам дзейснага даручэння.",
            "Этот пакет принадлежит организации, которая не дала вам действующего поручения.",
            "This package belongs to an organisation that has given you no mandate valid today.",
        ),
        (
            "Папрасіце ўладальніка даць даручэнне на гэты напрамак на старонцы «Даручэнні» і прыміце яго.",
            "Попросите владельца дать поручение на это направление на странице «Поручения» и примите его.",
            "Ask the owner to give a mandate for this direction on the page “Mandates”, and accept it.",
        ),
    ),
    "DUPLICATE-CONTENT": (
        (
            "Такі самы пакет ужо зарэгістраваны за апошнія суткі пад іншым нумарам LRN.",
            "Такой же пакет уже зарегистрирован за последние сутки под другим номером LRN.",
            "The same package was registered within the last day under another reference (LRN).",
        ),
        (
            "Калі гэта сапраўды другая партыя, пацвердзіце падачу; калі не — карыстайцеся першай.",
            "Если это действительно вторая партия, подтвердите подачу; если нет — пользуйтесь первой.",
            "If it really is a second consignment, confirm; if not, use the first one.",
        ),
    ),
}


def fault(code: str, *, value: str = "", path: str = "", line: int | None = None) -> Fault:
    """Return the door's fault with this code; raises KeyError for a code that has no words."""
    message, remedy = WORDS[code]
    languages = ("be", "ru", "en")
    return Fault(
        code=code,
        message=dict(zip(languages, message, strict=True)),
        remedy=dict(zip(languages, remedy, strict=True)),
        value=_shown(value),
        path=path,
        line=line,
        kind="container",
    )


def _shown(value: str) -> str:
    """What somebody sent, cut, with each sign that cannot be seen (controls, bidi marks) as U+FFFD: safe in HTML and XML."""
    return "".join("\ufffd" if unicodedata.category(sign) in UNSEEN else sign for sign in value[:VALUE_SHOWN])

"""What is said about a file that cannot be read as a package: message and remedy, in be, ru and en.

Written for the person who sent the file; the parser's own words are never shown.
"""

from __future__ import annotations

from app.errors import VALUE_SHOWN, Fault, Text

Words = tuple[str, str, str]
"""One sentence as be, ru, en, with places for facts in braces."""


def text(words: Words, **facts: object) -> Text:
    """Return one sentence in three languages with the same facts filled in."""
    shown = {name: str(fact)[:VALUE_SHOWN] for name, fact in facts.items()}
    be, ru, en = words
    return {"be": be.format(**shown), "ru": ru.format(**shown), "en": en.format(**shown)}


SENTENCES: dict[str, tuple[Words, Words]] = {
    "XML-EMPTY": (
        ("Файл пусты.", "Файл пуст.", "The file is empty."),
        (
            "Выберыце файл з пакетам і дашліце яго зноў.",
            "Выберите файл с пакетом и отправьте его снова.",
            "Choose the file that holds the package and send it again.",
        ),
    ),
    "XML-TOO-LARGE": (
        (
            "Файл мае {size} МБ, прымаецца не больш за {limit} МБ.",
            "В файле {size} МБ, принимается не больше {limit} МБ.",
            "The file has {size} MB; at most {limit} MB are accepted.",
        ),
        (
            "Вялікія дакументы дасылайце побач з дэкларацыяй у архіве ZIP.",
            "Большие документы присылайте рядом с декларацией в архиве ZIP.",
            "Send large documents beside the declaration in a ZIP file.",
        ),
    ),
    "XML-COMPRESSED": (
        (
            "Гэта сціснуты файл, а не XML.",
            "Это сжатый файл, а не XML.",
            "This is a compressed file, not XML.",
        ),
        (
            "Распакуйце яго і дашліце XML. Архіў ZIP дасылайце як ZIP.",
            "Распакуйте его и отправьте XML. Архив ZIP отправляйте как ZIP.",
            "Unpack it and send the XML. Send a ZIP package as a ZIP.",
        ),
    ),
    "XML-NOT-XML": (
        (
            "Гэта не XML: файл пачынаецца не са знака «<».",
            "Это не XML: файл начинается не со знака «<».",
            "This is not XML: the file does not begin with “<”.",
        ),
        (
            "Захавайце пакет як XML і дашліце яго зноў.",
            "Сохраните пакет как XML и отправьте его снова.",
            "Save the package as XML and send it again.",
        ),
    ),
    "XML-ENCODING": (
        (
            "Файл запісаны не ў UTF-8 ({found}).",
            "Файл записан не в UTF-8 ({found}).",
            "The file is not written in UTF-8 ({found}).",
        ),
        (
            "Захавайце яго ў кадоўцы UTF-8: гэта адзіная, якую мы чытаем, каб літары не змяніліся па дарозе.",
            "Сохраните его в кодировке UTF-8: это единственная, которую мы читаем, чтобы буквы не изменились по дороге.",
            "Save it in UTF-8: it is the only encoding we read, so that no letter changes on the way.",
        ),
    ),
    "XML-NOT-WELL-FORMED": (
        (
            "Файл не атрымалася прачытаць як XML: памылка ў радку {line}.",
            "Файл не удалось прочитать как XML: ошибка в строке {line}.",
            "The file cannot be read as XML: the fault is in line {line}.",
        ),
        (
            "Праверце, ці кожны адкрыты элемент закрыты і ці знакі < і & запісаны як &lt; і &amp;.",
            "Проверьте, каждый ли открытый элемент закрыт и записаны ли знаки < и & как &lt; и &amp;.",
            "Check that every element opened is closed, and that < and & are written as &lt; and &amp;.",
        ),
    ),
    "XML-LIMIT": (
        (
            "Файл выходзіць за межы чытання: {what}.",
            "Файл выходит за пределы чтения: {what}.",
            "The file goes beyond what is read: {what}.",
        ),
        (
            "Пакет гэтага не патрабуе; дакументы, большыя за 5 МБ, кладзіце ў архіў ZIP.",
            "Пакету это не нужно; документы больше 5 МБ кладите в архив ZIP.",
            "A package does not need this; put documents over 5 MB in the ZIP file.",
        ),
    ),
    "XML-DTD": (
        (
            "Файл мае аб'яву DOCTYPE; такія файлы не прымаюцца.",
            "В файле есть объявление DOCTYPE; такие файлы не принимаются.",
            "The file has a DOCTYPE declaration; such files are not accepted.",
        ),
        (
            "Выдаліце DOCTYPE і замяніце ўсе сутнасці іх тэкстам.",
            "Удалите DOCTYPE и замените все сущности их текстом.",
            "Remove the DOCTYPE and replace every entity with its text.",
        ),
    ),
    "XML-ROOT": (
        (
            "Гэта не пакет дэкларацыі, а {what}.",
            "Это не пакет декларации, а {what}.",
            "This is not a declaration package but {what}.",
        ),
        (
            "Дашліце Declaration у прасторы імёнаў urn:akno:declaration:1.0 або паведамленне WCO DEC.",
            "Отправьте Declaration в пространстве имён urn:akno:declaration:1.0 или сообщение WCO DEC.",
            "Send a Declaration in the namespace urn:akno:declaration:1.0, or a WCO DEC message.",
        ),
    ),
    "XML-TOO-MANY": (
        (
            "Паказаны першыя заўвагі ({shown}), ёсць яшчэ {more}.",
            "Показаны первые замечания ({shown}), есть ещё {more}.",
            "The first {shown} faults are shown; there are {more} more.",
        ),
        (
            "Выпраўце паказаныя і дашліце зноў: астатнія часта знікаюць разам з імі.",
            "Исправьте показанные и отправьте снова: остальные часто исчезают вместе с ними.",
            "Mend those shown and send again: the others often go with them.",
        ),
    ),
}

RECOGNISED: tuple[tuple[str, Words], ...] = (
    ("urn:un:unece:uncefact:data:standard:SPSCertificate:", (
        "сертыфікат SPS (UN/CEFACT)", "сертификат SPS (UN/CEFACT)", "an SPS certificate (UN/CEFACT)")),
    ("urn:sgcan:intercom:data:standard:SPSImportPermit:", (
        "дазвол на ўвоз SPS", "разрешение на ввоз SPS", "an SPS import permit")),
    ("urn:CitesDataExchange/", (
        "запыт дазволу CITES (EPIX)", "запрос разрешения CITES (EPIX)", "a CITES permit exchange (EPIX)")),
    ("urn:un:unece:uncefact:data:standard:CITESEPermit:", (
        "электронны дазвол CITES", "электронное разрешение CITES", "a CITES e-permit")),
    ("http://ec.europa.eu/", (
        "паведамленне CSW-CERTEX / TRACES", "сообщение CSW-CERTEX / TRACES", "a CSW-CERTEX / TRACES message")),
    ("http://schemas.xmlsoap.org/soap/envelope/", (
        "канверт SOAP", "конверт SOAP", "a SOAP envelope")),
    ("urn:wco:datamodel:WCO:RES", (
        "адказ мытні WCO RES", "ответ таможни WCO RES", "a WCO RES answer from customs")),
)  # fmt: skip
"""Messages that are not packages but that people send here: by the beginning of a namespace."""


def fault(code: str, *, line: int | None = None, **facts: object) -> Fault:
    """Return a fault of the file as a whole, its texts filled from SENTENCES."""
    message, remedy = SENTENCES[code]
    facts = {"line": line, **facts}
    return Fault(code, text(message, **facts), text(remedy, **facts), line=line, kind="schema")


def root_fault(name: str, namespaces: tuple[str, ...], line: int | None) -> Fault:
    """Return XML-ROOT saying what the file is instead; ``namespaces`` are those met from the root inwards."""
    message, remedy = SENTENCES["XML-ROOT"]
    words = _recognise(name, namespaces)
    said = {
        language: sentence.format(what=word)
        for language, sentence, word in zip(("be", "ru", "en"), message, words, strict=True)
    }
    return Fault("XML-ROOT", said, text(remedy), path=f"/{name}", line=line, value=name[:VALUE_SHOWN], kind="schema")


def _recognise(name: str, namespaces: tuple[str, ...]) -> Words:
    for namespace in reversed(namespaces):
        for beginning, words in RECOGNISED:
            if namespace.startswith(beginning):
                return words
    shown = name[:60]
    if not any(namespaces):
        return (
            f"«{shown}» без прасторы імёнаў",
            f"«{shown}» без пространства имён",
            f"“{shown}” without a namespace",
        )
    space = namespaces[0][:100]
    return (f"«{shown}» ({space})", f"«{shown}» ({space})", f"“{shown}” ({space})")

"""The sentences of an answer in the three languages, made when somebody reads it: answers store codes, not prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.errors import Text
from app.requirements import packaged
from app.requirements.compiling import CompiledEdition
from app.requirements.outcome import Missing, Prohibited, Question, Why

WHY: Mapping[str, Text] = {
    "uncovered": {
        "be": "Ніводная мера гэтага ведамства не ахоплівае {detail}.",
        "ru": "Ни одна мера этого ведомства не охватывает {detail}.",
        "en": "No measure of this agency covers {detail}.",
    },
    "uncovered_any": {
        "be": "Ніводная мера гэтага ведамства не ахоплівае гэтыя тавары.",
        "ru": "Ни одна мера этого ведомства не охватывает эти товары.",
        "en": "No measure of this agency covers these goods.",
    },
    "procedure": {
        "be": "Мера {measure} дзейнічае толькі для працэдур {detail}.",
        "ru": "Мера {measure} действует только для процедур {detail}.",
        "en": "Measure {measure} holds only for procedures {detail}.",
    },
    "origin": {
        "be": "Мера {measure} дзейнічае толькі для паходжання: {detail}.",
        "ru": "Мера {measure} действует только для происхождения: {detail}.",
        "en": "Measure {measure} holds only for origin {detail}.",
    },
    "destination": {
        "be": "Мера {measure} дзейнічае толькі для краіны прызначэння: {detail}.",
        "ru": "Мера {measure} действует только для страны назначения: {detail}.",
        "en": "Measure {measure} holds only for destination {detail}.",
    },
    "flag_no": {
        "be": "Мера {measure} дзейнічае, толькі калі: {detail}. Паводле звестак або вашага адказу гэта не так.",
        "ru": "Мера {measure} действует, только если: {detail}. По данным или вашему ответу это не так.",
        "en": "Measure {measure} covers the goods only if: {detail}. By the data or your answer this is not so.",
    },
    "flag_open": {
        "be": "Мера {measure} дзейнічае, толькі калі: {detail}. Гэта не заяўлена.",
        "ru": "Мера {measure} действует, только если: {detail}. Это не заявлено.",
        "en": "Measure {measure} covers the goods only if: {detail}. This was not declared.",
    },
    "described_no": {
        "be": "Мера {measure} ахоплівае толькі: «{detail}». Вы адказалі «не».",
        "ru": "Мера {measure} охватывает только: «{detail}». Вы ответили «нет».",
        "en": "Measure {measure} covers only “{detail}”. You answered no.",
    },
    "described_open": {
        "be": "Мера {measure} ахоплівае толькі: «{detail}». Пытанне без адказу.",
        "ru": "Мера {measure} охватывает только: «{detail}». Вопрос без ответа.",
        "en": "Measure {measure} covers only “{detail}”. The question is not answered yet.",
    },
    "inform": {
        "be": "Мера {measure} толькі паведамляе і не патрабуе рашэння ведамства.",
        "ru": "Мера {measure} только уведомляет и не требует решения ведомства.",
        "en": "Measure {measure} only informs and needs no decision of the agency.",
    },
    "not_needed": {
        "be": "Мера {measure}: тавары Саюза перамяшчаюцца без мытнай дэкларацыі.",
        "ru": "Мера {measure}: товары Союза перемещаются без таможенной декларации.",
        "en": "Measure {measure}: goods of the Union move without a customs declaration.",
    },
}

PROBLEM: Mapping[str, Text] = {
    "absent": {"be": "дакумента няма", "ru": "документа нет", "en": "it is not in the package"},
    "expired": {
        "be": "тэрмін дзеяння скончыўся да дня падачы",
        "ru": "срок действия истёк до дня подачи",
        "en": "it expired before the filing day",
    },
    "early": {
        "be": "выдадзены пазней за дзень падачы",
        "ru": "выдан позже дня подачи",
        "en": "it is dated after the filing day",
    },
    "no_number": {"be": "не ўказаны нумар", "ru": "не указан номер", "en": "its number is not stated"},
    "not_shown": {
        "be": "указаны толькі нумар: прыкладзіце файл",
        "ru": "указан только номер: приложите файл",
        "en": "only its number is stated: attach the file",
    },
    "misplaced": {
        "be": "стаіць на ўсім пакеце, а патрэбны пры тавары",
        "ru": "стоит на всём пакете, а нужен при товаре",
        "en": "it stands on the whole package but belongs to the goods item",
    },
}

ONE_OF: Text = {"be": "адзін з", "ru": "один из", "en": "one of"}
AND: Text = {"be": " і ", "ru": " и ", "en": " and "}

GROUPS: Mapping[str, Text] = {
    "EAEU": {"be": "дзяржавы ЕАЭС", "ru": "государства ЕАЭС", "en": "EAEU member States"},
    "BY-EMBARGO": {
        "be": "краіны пад харчовым эмбарга Беларусі",
        "ru": "страны под продовольственным эмбарго Беларуси",
        "en": "countries of the Belarus food embargo",
    },
    "FTA-EAEU": {
        "be": "партнёры ЕАЭС па свабодным гандлі",
        "ru": "партнёры ЕАЭС по свободной торговле",
        "en": "free-trade partners of the EAEU",
    },
    "EU27": {"be": "дзяржавы ЕС", "ru": "государства ЕС", "en": "EU member States"},
}
"""The groups of countries that measures name."""
EXCEPT: Text = {"be": "усе краіны, акрамя: {}", "ru": "все страны, кроме: {}", "en": "all countries except {}"}

MISSING: Text = {
    "be": "Не хапае дакумента: {documents}. {problem}. Патрабуе {agency}: {act} (мера {measure}).",
    "ru": "Не хватает документа: {documents}. {problem}. Требует {agency}: {act} (мера {measure}).",
    "en": "A document is missing: {documents}. {problem}. Required by {agency}: {act} (measure {measure}).",
}
LEAD: Text = {
    "be": "Тэрмін атрымання: каля {hours} працоўных гадзін.",
    "ru": "Срок получения: около {hours} рабочих часов.",
    "en": "Allow about {hours} working hours to obtain it.",
}
PROHIBITED: Text = {
    "be": "Забаронена: {note}. {act} (мера {measure}).",
    "ru": "Запрещено: {note}. {act} (мера {measure}).",
    "en": "Prohibited: {note}. {act} (measure {measure}).",
}
PROHIBITED_REMEDY: Text = {
    "be": "Прыбярыце гэты тавар з пакета або звярніцеся ў ведамства: {agency}.",
    "ru": "Уберите этот товар из пакета или обратитесь в ведомство: {agency}.",
    "en": "Take this item out of the package, or turn to the agency: {agency}.",
}
RECALLED: Text = {
    "be": " Звесткі пра гэту меру не звераны з актам.",
    "ru": " Сведения об этой мере не сверены с актом.",
    "en": " This measure has not been checked against the act.",
}
UNANSWERED: Text = {
    "be": "Няма адказу на пытанне «{question}»",
    "ru": "Нет ответа на вопрос «{question}»",
    "en": "No answer to the question “{question}”",
}
UNANSWERED_REMEDY: Text = {
    "be": "Адкажыце «так» ці «не» на: {options}. У XML: AdditionalInformation, StatementTypeCode REQ, "
    "StatementCode {codes}, StatementDescription Y або N.",
    "ru": "Ответьте «да» или «нет» на: {options}. В XML: AdditionalInformation, StatementTypeCode REQ, "
    "StatementCode {codes}, StatementDescription Y или N.",
    "en": "Answer yes or no to: {options}. In XML: AdditionalInformation, StatementTypeCode REQ, "
    "StatementCode {codes}, StatementDescription Y or N.",
}
LANGUAGES = ("be", "ru", "en")


def why(reason: Why, edition: CompiledEdition) -> Text:
    """Return why an agency is not triggered; flags are named by their label."""
    kind = "uncovered_any" if reason.kind == "uncovered" and not reason.detail.strip() else reason.kind
    return {
        language: WHY[kind][language].format(
            measure=reason.measure,
            detail=_detail(reason, edition, language),
        )
        for language in LANGUAGES
    }


def _detail(reason: Why, edition: CompiledEdition, language: str) -> str:
    """Say what a reason names: flags by their labels, countries and their groups by name, codes with commas."""
    if reason.kind.startswith("flag"):
        return _flags(reason.detail, edition, language)
    if reason.kind in ("origin", "destination"):
        return _countries(reason.detail, edition, language)
    if reason.kind.startswith("described"):
        return note(reason.detail)[language]
    return ", ".join(reason.detail.split()) if reason.kind in ("uncovered", "procedure") else reason.detail


def _countries(expression: str, edition: CompiledEdition, language: str) -> str:
    """Name what a filter of countries holds: a country, a group, all but a group (``!EAEU``), a region (``RU:ORE``)."""
    except_for, code = expression.startswith("!"), expression.removeprefix("!")
    country, _colon, region = code.partition(":")
    named = GROUPS.get(country) or edition.name_of("countries", country)
    words = f"{named[language] if named else country}{f' ({region})' if region else ''}"
    return EXCEPT[language].format(words) if except_for else words


def _flags(expression: str, edition: CompiledEdition, language: str) -> str:
    def word(found: re.Match[str]) -> str:
        flag = edition.flags.get(found.group())
        return _inside(flag.label[language]) if flag else found.group()

    named = re.sub(r"[A-Z][A-Z0-9_]+", word, expression)
    return "; ".join(one.strip() for one in named.split("|")).replace(" & ", AND[language])


def _inside(label: str) -> str:
    """Write a label inside a sentence: its first letter small, unless it begins an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def documents(ways: Iterable[tuple[str, ...]], edition: CompiledEdition) -> Text:
    """Name what would do: one document, several together, or "one of"."""
    alternatives = tuple(ways)
    texts = {}
    for language in LANGUAGES:
        named = [AND[language].join(_name(code, edition, language) for code in way) for way in alternatives]
        texts[language] = named[0] if len(named) == 1 else f"{ONE_OF[language]}: {'; '.join(named)}"
    return texts


def _name(code: str, edition: CompiledEdition, language: str) -> str:
    wanted = edition.wanted.get(code)
    return f"{wanted.label[language]} ({code})" if wanted else code


def missing(entry: Missing, edition: CompiledEdition) -> Text:
    """Return the message of a DOC-MISSING fault: document, what is wrong, agency, act, measure."""
    named = documents(entry.ways, edition)
    return {
        language: MISSING[language].format(
            documents=named[language],
            problem=PROBLEM[entry.problem][language].capitalize(),
            agency=agency_name(entry.agency, edition)[language],
            act=act(entry.act)[language],
            measure=entry.measure,
        )
        + (RECALLED[language] if entry.confidence == "recalled" else "")
        for language in LANGUAGES
    }


def obtaining(entry: Missing) -> Text:
    """Return how and where to get what is missing (its first alternative), and the lead time in working hours."""
    how = entry.documents[0].how
    lead = entry.lead_hours
    return {
        language: " ".join(filter(None, [how[language], LEAD[language].format(hours=lead) if lead else ""]))
        for language in LANGUAGES
    }


def prohibited(entry: Prohibited) -> Text:
    """Return the sentence of a ban: what, which act; it asks for no document."""
    return {
        language: PROHIBITED[language].format(
            note=note(entry.note)[language], act=act(entry.act)[language], measure=entry.measure
        )
        + (RECALLED[language] if entry.confidence == "recalled" else "")
        for language in LANGUAGES
    }


def prohibited_remedy(entry: Prohibited, edition: CompiledEdition) -> Text:
    """Return what to do about a ban."""
    named = agency_name(entry.agency, edition)
    return {language: PROHIBITED_REMEDY[language].format(agency=named[language]) for language in LANGUAGES}


def unanswered(question: Question) -> Text:
    """Return the message of the fault that names an open question."""
    return {language: UNANSWERED[language].format(question=question.text[language]) for language in LANGUAGES}


def unanswered_remedy(question: Question) -> Text:
    """Return how to answer an open question, on the page and in XML."""
    codes = ", ".join(option.code for option in question.options)
    return {
        language: UNANSWERED_REMEDY[language].format(
            codes=codes, options="; ".join(option.label[language] for option in question.options)
        )
        for language in LANGUAGES
    }


def measure_type(name: str) -> Text:
    """Return the kind of a measure ("veterinary control") in three languages; as it is where the table has it not."""
    for row in packaged.table("measure_effects"):
        if row["measure_type"] == name:
            return {"be": row["name_be"], "ru": row["name_ru"], "en": name}
    return {language: name for language in LANGUAGES}


def act(citation: str) -> Text:
    """Return the acts behind a measure, divided by semicolons, in three languages; unknown ones as they are cited."""
    return packaged.in_languages("act_names", "name", citation)


def note(text: str) -> Text:
    """Return the note of a measure in three languages; as it is where it is not translated."""
    return packaged.note_of(text)


def agency_name(code: str, edition: CompiledEdition) -> Text:
    """Return the short name of an agency, its code where the edition does not hold it."""
    row = edition.agencies.get(code)
    if row is None:
        return {language: code for language in LANGUAGES}
    return {"be": row.short_be, "ru": row.short_ru, "en": row.short_en}

"""The words of what is wrong with a question or an answer: (message, remedy), each in Belarusian, Russian and English."""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str, str]

WORDS: Mapping[str, tuple[Words, Words]] = {
    "ASK-PLACE-MISSING": (
        ("Не сказана, пра што пытанне.", "Не сказано, о чём вопрос.", "It is not said what the question is about."),
        (
            "Выберыце значэнне або дакумент пакета, ці напішыце шлях.",
            "Выберите значение или документ пакета либо напишите путь.",
            "Choose a value or a document of the package, or write its path.",
        ),
    ),
    "ASK-PLACE-UNKNOWN": (
        (
            "У гэтай версіі пакета няма месца «{value}».",
            "В этой версии пакета нет места «{value}».",
            "This version of the package has no place “{value}”.",
        ),
        (
            "Выберыце месца са спіса або скапіруйце шлях з «Усіх звестак пакета».",
            "Выберите место из списка или скопируйте путь из «Всех данных пакета».",
            "Choose a place from the list, or copy a path from “All data of the package”.",
        ),
    ),
    "ASK-SIGN-MISSING": (
        (
            "Не выбрана прыкмета неадпаведнасці.",
            "Не выбран признак несоответствия.",
            "No sign of non-compliance is chosen.",
        ),
        (
            "Выберыце яе са спіса; калі ніводная не пасуе — «Іншае», і скажыце словамі.",
            "Выберите его из списка; если ни один не подходит — «Иное», и скажите словами.",
            "Choose one from the list; where none fits, “Something else”, and say it in words.",
        ),
    ),
    "ASK-TEXT-MISSING": (
        ("Няма тэксту.", "Нет текста.", "There is no text."),
        (
            "Напішыце так, каб чытач зразумеў без тлумачэнняў: што не так і што зрабіць.",
            "Напишите так, чтобы читатель понял без пояснений: что не так и что сделать.",
            "Write so that the reader understands without asking: what is wrong and what to do.",
        ),
    ),
    "ASK-TEXT-LONG": (
        (
            "Тэкст задоўгі: {long} знакаў.",
            "Текст слишком длинный: {long} знаков.",
            "The text is too long: {long} characters.",
        ),
        ("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
    "ASK-WANTED-MISSING": (
        (
            "Не сказана, якія дакументы патрэбныя.",
            "Не сказано, какие документы нужны.",
            "It is not said which documents are wanted.",
        ),
        (
            "Адзначце дакументы або адзначце, што дакумент не патрэбны.",
            "Отметьте документы или отметьте, что документ не нужен.",
            "Mark the documents, or mark that none is needed.",
        ),
    ),
    "ASK-WANTED-DOCUMENT": (
        (
            "Пытанне пра дакумент не называе дакумента, які трэба прынесці.",
            "Вопрос о документе не называет документа, который нужно принести.",
            "A question about a document names no document to bring.",
        ),
        (
            "Адзначце від дакумента. Калі патрэбнае толькі значэнне, спытайце пра яго поле.",
            "Отметьте вид документа. Если нужно только значение, спросите о его поле.",
            "Mark the kind of document. Where only a value is wanted, ask about its field.",
        ),
    ),
    "ASK-WANTED-BOTH": (
        (
            "Адзначаны дакументы і адначасова «дакумент не патрэбны».",
            "Отмечены документы и одновременно «документ не нужен».",
            "Documents are marked, and also “no document is needed”.",
        ),
        ("Пакіньце адно з двух.", "Оставьте одно из двух.", "Keep one of the two."),
    ),
    "ASK-WANTED-MANY": (
        ("Дакументаў болей за {most}.", "Документов больше {most}.", "More than {most} documents are wanted."),
        (
            "Падзяліце на некалькі пытанняў.",
            "Разделите на несколько вопросов.",
            "Divide them among several questions.",
        ),
    ),
    "ASK-WANTED-UNKNOWN": (
        (
            "Кода дакумента «{value}» няма ў класіфікатары.",
            "Кода документа «{value}» нет в классификаторе.",
            "The classifier has no document code “{value}”.",
        ),
        (
            "Праверце код; прыклад: 01201.",
            "Проверьте код; пример: 01201.",
            "Check the code; for example 01201.",
        ),
    ),
    "ASK-DEADLINE-MISSING": (
        ("Тэрмін адказу не названы.", "Срок ответа не назван.", "No time for the answer is named."),
        (
            "Выберыце тэрмін або напішыце дзень як 24.11.2026 і час як 15:30.",
            "Выберите срок или напишите день как 24.11.2026 и время как 15:30.",
            "Choose one, or write the day as 24.11.2026 and the time as 15:30.",
        ),
    ),
    "ASK-DEADLINE-PAST": (
        ("Тэрмін адказу ўжо мінуў.", "Срок ответа уже прошёл.", "The time for the answer has passed already."),
        ("Назавіце пазнейшы момант.", "Назовите более поздний момент.", "Name a later moment."),
    ),
    "ASK-DEADLINE-SHORT": (
        (
            "Да тэрміну менш за адну рабочую гадзіну: адказаць не паспеюць.",
            "До срока меньше одного рабочего часа: ответить не успеют.",
            "Less than one working hour is left until then: nobody can answer in time.",
        ),
        (
            "Назавіце пазнейшы момант у рабочы час.",
            "Назовите более поздний момент в рабочее время.",
            "Name a later moment in working hours.",
        ),
    ),
    "ASK-DEADLINE-LATE": (
        (
            "Тэрмін адказу пазней за {days} рабочых дзён.",
            "Срок ответа позже {days} рабочих дней.",
            "The time for the answer is later than {days} working days.",
        ),
        (
            "Назавіце ранейшы момант; потым можна спытаць яшчэ раз.",
            "Назовите более ранний момент; потом можно спросить ещё раз.",
            "Name an earlier moment; you can ask again after it.",
        ),
    ),
    "ASK-DEADLINE-CLOSED": (
        (
            "Тэрмін выпадае на нерабочы час: ніхто ў вас не ўбачыць адказу адразу.",
            "Срок приходится на нерабочее время: никто у вас не увидит ответа сразу.",
            "The time falls outside of working hours: nobody of yours sees the answer at once.",
        ),
        (
            "Назавіце рабочы час або пацвердзіце, што так і трэба.",
            "Назовите рабочее время или подтвердите, что так и нужно.",
            "Name a time in working hours, or confirm that you mean it.",
        ),
    ),
    "ASK-SILENCE-MISSING": (
        (
            "Не сказана, што будзе, калі адказу няма.",
            "Не сказано, что будет, если ответа нет.",
            "It is not said what follows when there is no answer.",
        ),
        (
            "Выберыце адзін з двух вынікаў: заяўнік мае ведаць яго загадзя.",
            "Выберите одно из двух: заявитель должен знать это заранее.",
            "Choose one of the two: the trader must know it beforehand.",
        ),
    ),
    "ASK-ALREADY": (
        (
            "Пра тое самае заяўніка ўжо спыталі.",
            "О том же заявителя уже спросили.",
            "The trader has been asked about the same already.",
        ),
        (
            "Паглядзіце пытанне ніжэй. Калі яго мала, адзначце «Усё роўна спытаць».",
            "Посмотрите вопрос ниже. Если его мало, отметьте «Всё равно спросить».",
            "Look at the question below. Where it is not enough, tick “Ask nevertheless”.",
        ),
    ),
    "ASK-REASON-MISSING": (
        (
            "Не сказана, чаму пытанне здымаецца.",
            "Не сказано, почему вопрос снимается.",
            "It is not said why the question is withdrawn.",
        ),
        (
            "Напішыце прычыну: заяўнік яе прачытае.",
            "Напишите причину: заявитель её прочтёт.",
            "Write the reason: the trader reads it.",
        ),
    ),
    "ANSWER-EMPTY": (
        ("Адказ пусты.", "Ответ пуст.", "The answer is empty."),
        (
            "Напішыце адказ, дадайце дакумент або выпраўце значэнне.",
            "Напишите ответ, добавьте документ или исправьте значение.",
            "Write an answer, add a document, or mend the value.",
        ),
    ),
    "ANSWER-KIND-MISSING": (
        ("Від дакумента не выбраны.", "Вид документа не выбран.", "The kind of document is not chosen."),
        ("Выберыце яго са спіса.", "Выберите его из списка.", "Choose it from the list."),
    ),
    "ANSWER-NUMBER-MISSING": (
        ("Нумар дакумента не названы.", "Номер документа не назван.", "The document has no number."),
        (
            "Напішыце нумар так, як ён надрукаваны.",
            "Напишите номер так, как он напечатан.",
            "Write the number as it is printed.",
        ),
    ),
    "ANSWER-FILE-GONE": (
        (
            "Гэтага файла ўжо няма ў вашых дакументах.",
            "Этого файла уже нет в ваших документах.",
            "This file is not in your library any more.",
        ),
        ("Выберыце іншы.", "Выберите другой.", "Choose another one."),
    ),
    "ANSWER-PLACE-UNKNOWN": (
        (
            "Такога месца ў пакеце ўжо няма.",
            "Такого места в пакете уже нет.",
            "The package has no such place any more.",
        ),
        ("Выберыце месца са спіса.", "Выберите место из списка.", "Choose a place from the list."),
    ),
    "ANSWER-PLACE-GONE": (
        (
            "Поля, пра якое пыталі, у пакеце ўжо няма.",
            "Поля, о котором спросили, в пакете уже нет.",
            "The field you were asked about is not in the package any more.",
        ),
        (
            "Адкажыце словамі або дакументам.",
            "Ответьте словами или документом.",
            "Answer in words or with a document.",
        ),
    ),
    "ANSWER-TOO-LATE-TO-CHANGE": (
        (
            "Частка тавараў ужо выпушчана: пакет больш не змяняецца.",
            "Часть товаров уже выпущена: пакет больше не меняется.",
            "Some of the goods are released already: the package no longer changes.",
        ),
        (
            "Пакіньце поле як ёсць і адкажыце словамі; файлы застануцца пры адказе.",
            "Оставьте поле как есть и ответьте словами; файлы останутся при ответе.",
            "Leave the field as it is and answer in words; files stay with the answer.",
        ),
    ),
}
"""The braces ``{long}``, ``{most}``, ``{days}`` and ``{value}`` are filled in by ``question_examining.fault``."""

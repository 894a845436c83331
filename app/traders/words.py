"""What the room of accreditation says when something cannot be kept: each sentence and its remedy in three languages."""

from __future__ import annotations

from app.errors import Fault, Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: dict[str, tuple[Text, Text]] = {
    "ACC-KIND": (
        _text("Не выбрана, на што заява.", "Не выбрано, на что заявление.", "It is not said what you apply for."),
        _text("Выберыце від і, дзе ён ёсць, тып.", "Выберите вид и, где он есть, тип.", "Choose the kind and, where there is one, the type."),
    ),
    "ACC-ANSWER-MISSING": (
        _text("Няма адказу: «{title}».", "Нет ответа: «{title}».", "There is no answer: “{title}”."),
        _text("Напішыце, як вы выконваеце гэтую ўмову.", "Напишите, как вы выполняете это условие.", "Write how you meet this condition."),
    ),
    "ACC-ANSWER-LONG": (
        _text("Адказ даўжэйшы за {most} знакаў.", "Ответ длиннее {most} знаков.", "The answer is longer than {most} signs."),
        _text("Скараціце яго, а падрабязнасці далучыце файлам.", "Сократите его, а подробности приложите файлом.", "Shorten it, and attach the details as a file."),
    ),
    "ACC-FILES-MISSING": (
        _text("Няма пацвярджэння: «{title}».", "Нет подтверждения: «{title}».", "There is no evidence: “{title}”."),
        _text("Далучыце файл: выберыце яго з бібліятэкі або загрузіце.", "Приложите файл: выберите его из библиотеки или загрузите.", "Attach a file: choose it from the library or upload it."),
    ),
    "ACC-FILE-INFECTED": (
        _text("У файле «{name}» знойдзена шкодная праграма.", "В файле «{name}» найдена вредоносная программа.", "Malicious software was found in the file “{name}”."),
        _text("Прыбярыце яго і далучыце чысты.", "Уберите его и приложите чистый.", "Take it away and attach a clean one."),
    ),
    "ACC-GOODS": (
        _text("«{value}» не пачатак кода тавару.", "«{value}» не начало кода товара.", "“{value}” is not the beginning of a goods code."),
        _text("Увядзіце ад дзвюх да дзесяці лічбаў, праз прабел або коску: 8712, 95.", "Введите от двух до десяти цифр, через пробел или запятую: 8712, 95.", "Write two to ten digits each, with blanks or commas between: 8712, 95."),
    ),
    "ACC-PROCEDURE": (
        _text("«{value}» не код мытнай працэдуры.", "«{value}» не код таможенной процедуры.", "“{value}” is not the code of a customs procedure."),
        _text("Увядзіце дзве лічбы, праз прабел або коску: 40, 10.", "Введите две цифры, через пробел или запятую: 40, 10.", "Write two digits each, with blanks or commas between: 40, 10."),
    ),
    "ACC-WASTE": (
        _text("«{value}» не код адходаў.", "«{value}» не код отходов.", "“{value}” is not a waste code."),
        _text("Увядзіце коды Базельскай канвенцыі або нацыянальныя: B3011, Y48, 5711400.", "Введите коды Базельской конвенции или национальные: B3011, Y48, 5711400.", "Write codes of the Basel Convention or national ones: B3011, Y48, 5711400."),
    ),
    "ACC-FACILITY": (
        _text("Аб’ектаў больш за {most}, або назва даўжэйшая за 200 знакаў.", "Объектов больше {most}, или название длиннее 200 знаков.", "There are more than {most} facilities, or one has more than 200 signs."),
        _text("Пішыце кожны аб’ект у сваім радку, коратка: назва і адрас.", "Пишите каждый объект в своей строке, кратко: название и адрес.", "Write each facility on a line of its own, briefly: name and address."),
    ),
    "ACC-SCOPE-EMPTY": (
        _text("Не сказана, якія адходы і на якім аб’екце.", "Не сказано, какие отходы и на каком объекте.", "It is not said which waste, and at which facility."),
        _text("Пералічыце коды адходаў і аб’екты.", "Перечислите коды отходов и объекты.", "List the waste codes and the facilities."),
    ),
    "ACC-FINDING-MISSING": (
        _text("Не адзначана, ці выканана: «{title}».", "Не отмечено, выполнено ли: «{title}».", "It is not marked whether this is met: “{title}”."),
        _text("Адзначце «выканана» або «не выканана».", "Отметьте «выполнено» или «не выполнено».", "Mark “met” or “not met”."),
    ),
    "ACC-NOTE-MISSING": (
        _text("Не сказана, чаму не выканана: «{title}».", "Не сказано, почему не выполнено: «{title}».", "It is not said why this is not met: “{title}”."),
        _text("Напішыце, чаго не хапае: заяўнік гэта прачытае.", "Напишите, чего не хватает: заявитель это прочтёт.", "Write what is lacking: the applicant reads it."),
    ),
    "ACC-PROPOSAL": (
        _text("Не выбрана, што вы прапануеце.", "Не выбрано, что вы предлагаете.", "It is not said what you propose."),
        _text("Выберыце: выдаць або адмовіць.", "Выберите: выдать или отказать.", "Choose: grant or refuse."),
    ),
    "ACC-PROPOSAL-UNMET": (
        _text("Выдаць нельга: ёсць невыкананая ўмова.", "Выдать нельзя: есть невыполненное условие.", "It cannot be granted: a condition is not met."),
        _text("Прапануйце адмову або папрасіце заяўніка дапоўніць.", "Предложите отказ или попросите заявителя дополнить.", "Propose a refusal, or ask the applicant to complete it."),
    ),
    "ACC-TEXT-MISSING": (
        _text("Не напісана, што трэба зрабіць.", "Не написано, что нужно сделать.", "It is not written what is to be done."),
        _text("Напішыце гэта простымі словамі, да {most} знакаў.", "Напишите это простыми словами, до {most} знаков.", "Write it in plain words, up to {most} signs."),
    ),
    "ACC-GROUND": (
        _text("Не выбрана падстава.", "Не выбрано основание.", "No ground is chosen."),
        _text("Выберыце падставу са спіса.", "Выберите основание из списка.", "Choose a ground from the list."),
    ),
    "ACC-REASON": (
        _text("Няма тлумачэння.", "Нет объяснения.", "There is no explanation."),
        _text("Напішыце прычыну, да {most} знакаў: яе прачытае заяўнік.", "Напишите причину, до {most} знаков: её прочтёт заявитель.", "Write the reason, up to {most} signs: the trader reads it."),
    ),
    "ACC-APPEAL": (
        _text("Не сказана, куды і ў які тэрмін абскардзіць.", "Не сказано, куда и в какой срок обжаловать.", "It is not said where and until when this can be appealed."),
        _text("Назавіце орган (да 160 знакаў) і колькасць дзён, ад 1.", "Назовите орган (до 160 знаков) и число дней, от 1.", "Name the body (up to 160 signs) and the number of days, from 1."),
    ),
    "ACC-DAY": (
        _text("Няма такога дня.", "Нет такого дня.", "There is no such day."),
        _text("Увядзіце дзень, месяц і год, напрыклад 22.11.2026.", "Введите день, месяц и год, например 22.11.2026.", "Write the date as day.month.year, for example 22.11.2026."),
    ),
    "ACC-DAYS-PAST": (
        _text("Першы дзень ужо мінуў.", "Первый день уже прошёл.", "The first day has passed."),
        _text("Акрэдытацыя дзейнічае не раней за дзень рашэння.", "Аккредитация действует не раньше дня решения.", "An accreditation holds from the day of the decision at the earliest."),
    ),
    "ACC-DAYS-ORDER": (
        _text("Апошні дзень раней за першы.", "Последний день раньше первого.", "The last day is before the first."),
        _text("Зверце абодва дні.", "Сверьте оба дня.", "Check both days."),
    ),
    "ACC-DAYS-LONG": (
        _text("Тэрмін даўжэйшы за {months} мес.", "Срок длиннее {months} мес.", "It would hold for more than {months} months."),
        _text("Паменшыце тэрмін: гэты від дзейнічае не даўжэй.", "Уменьшите срок: этот вид действует не дольше.", "Choose an earlier last day: this kind holds no longer."),
    ),
    "ACC-GUARANTEE": (
        _text("Не названа забеспячэнне.", "Не названо обеспечение.", "The security is not named."),
        _text("Увядзіце нумар забеспячэння, да 50 знакаў.", "Введите номер обеспечения, до 50 знаков.", "Write the number of the security, up to 50 signs."),
    ),
    "ACC-AMOUNT": (
        _text("Сума забеспячэння не лік, большы за нуль.", "Сумма обеспечения не число больше нуля.", "The amount of the security is not a number above zero."),
        _text("Увядзіце суму лічбамі, напрыклад 1000000.", "Введите сумму цифрами, например 1000000.", "Write the amount in digits, for example 1000000."),
    ),
    "ACC-CURRENCY": (
        _text("Валюта не з трох літар.", "Валюта не из трёх букв.", "The currency has not three letters."),
        _text("Увядзіце код валюты: EUR, BYN.", "Введите код валюты: EUR, BYN.", "Write the code of the currency: EUR, BYN."),
    ),
    "ACC-CONDITIONS": (
        _text("Умовы даўжэйшыя за {most} знакаў.", "Условия длиннее {most} знаков.", "The conditions are longer than {most} signs."),
        _text("Скараціце іх.", "Сократите их.", "Shorten them."),
    ),
}  # fmt: skip


def fault(code: str, field: str, value: str = "", **parts: object) -> Fault:
    """Return the fault of a box of a form; ``parts`` fill the sentences, a text in three languages in each of its own."""
    message, remedy = WORDS[code]
    return Fault(code, _filled(message, value, parts), _filled(remedy, value, parts), value=value, field=field)


def _filled(text: Text, value: str, parts: dict[str, object]) -> Text:
    return {
        language: sentence.format(
            value=value[:40],
            **{name: part[language] if isinstance(part, dict) else part for name, part in parts.items()},
        )
        for language, sentence in text.items()
    }

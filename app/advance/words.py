"""What is said about advance information and reports that cannot be taken: what is wrong, how to mend it, in be, ru and en."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import VALUE_SHOWN, Fault, Invalid, Text

MOST_REASON = 2000


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: Mapping[str, tuple[Text, Text]] = {
    "ADVANCE-TOO-LARGE": (
        _text(
            "Паведамленне большае за 2 МБ, таму яно не прачытана.",
            "Сообщение больше 2 МБ, поэтому оно не прочитано.",
            "The message is larger than 2 MB and was not read.",
        ),
        _text(
            "Дашліце адну партыю адным паведамленнем, без укладзеных файлаў; 999 тавараў займаюць менш за 2 МБ.",
            "Присылайте одну партию одним сообщением, без вложенных файлов; 999 товаров занимают меньше 2 МБ.",
            "Send one consignment in one message, without files inside; 999 goods items take less than 2 MB.",
        ),
    ),
    "ADVANCE-ROOT": (
        _text(
            "Гэта не папярэдняя інфармацыя: корань файла іншы.",
            "Это не предварительная информация: корень файла другой.",
            "This is not advance information: the file has another root.",
        ),
        _text(
            "Корань павінен быць Declaration у прасторы імёнаў urn:akno:advance:1.0. Пакет падаюць праз дзверы пакетаў.",
            "Корень должен быть Declaration в пространстве имён urn:akno:advance:1.0. Пакет подают через дверь пакетов.",
            "The root is Declaration in the namespace urn:akno:advance:1.0. A package is filed through the door of packages.",
        ),
    ),
    "ADVANCE-REFERENCE": (
        _text("Няма вашай спасылкі на партыю.", "Нет вашей ссылки на партию.", "Your reference of the consignment is missing."),
        _text(
            "Увядзіце свой нумар партыі, да 35 знакаў: пад ім вы потым выправіце звесткі.",
            "Введите свой номер партии, до 35 знаков: под ним вы потом исправите сведения.",
            "Write a number of your own, up to 35 signs: under it you change the information later.",
        ),
    ),
    "ADVANCE-ARRIVAL": (
        _text("Не сказана, калі груз прыбудзе.", "Не сказано, когда груз прибудет.", "It is not said when the goods arrive."),
        _text(
            "Увядзіце дзень і час па Мінску, напрыклад 25.11.2026 і 14:30.",
            "Введите день и время по Минску, например 25.11.2026 и 14:30.",
            "Write day and time of Minsk, for example 25.11.2026 and 14:30.",
        ),
    ),
    "ADVANCE-ARRIVAL-PAST": (
        _text("Час прыбыцця ўжо мінуў.", "Время прибытия уже прошло.", "The moment of arrival has passed."),
        _text(
            "Увядзіце момант, калі груз прыбудзе ў пункт пропуску.",
            "Введите момент, когда груз прибудет в пункт пропуска.",
            "Write the moment at which the goods will come to the post.",
        ),
    ),
    "ADVANCE-ARRIVAL-FAR": (
        _text(
            "Прыбыццё больш чым праз 30 дзён.", "Прибытие больше чем через 30 дней.", "The arrival is more than 30 days away."
        ),
        _text(
            "Дашліце звесткі не раней чым за 30 дзён: яны дзейнічаюць 30 дзён.",
            "Пришлите сведения не раньше чем за 30 дней: они действуют 30 дней.",
            "Send it at most 30 days before: it is kept for 30 days.",
        ),
    ),
    "ADVANCE-LEAD": (
        _text(
            "Да прыбыцця засталося менш часу, чым трэба для гэтага віду транспарту.",
            "До прибытия осталось меньше времени, чем нужно для этого вида транспорта.",
            "There is less time before the arrival than this mode of transport needs.",
        ),
        _text(
            "Перанясіце прыбыццё або падайце дэкларацыю: папярэдняя інфармацыя ўжо не паспее.",
            "Перенесите прибытие или подайте декларацию: предварительная информация уже не успеет.",
            "Plan a later arrival, or file the declaration: advance information comes too late.",
        ),
    ),
    "ADVANCE-POST": (
        _text(
            "Такога пункта пропуску на мяжы няма ў спісе.",
            "Такого пункта пропуска на границе нет в списке.",
            "There is no such border post in the list.",
        ),
        _text(
            "Выберыце пункт са спіса; яго код пачынаецца з BP-.",
            "Выберите пункт из списка; его код начинается с BP-.",
            "Choose a post of the list; its code begins with BP-.",
        ),
    ),
    "ADVANCE-POST-MODE": (
        _text(
            "Праз гэты пункт не прапускаюць гэты від транспарту.",
            "Через этот пункт не пропускают этот вид транспорта.",
            "This mode of transport does not pass through this post.",
        ),
        _text(
            "Выпраўце пункт пропуску або від транспарту.",
            "Исправьте пункт пропуска или вид транспорта.",
            "Correct the post or the mode of transport.",
        ),
    ),
    "ADVANCE-MODE": (
        _text("Такога віду транспарту няма.", "Такого вида транспорта нет.", "There is no such mode of transport."),
        _text(
            "Выберыце від транспарту (рэкамендацыя 19 ЕЭК ААН): 2 чыгунка, 3 дарога, 4 паветра, 8 унутраныя воды.",
            "Выберите вид транспорта (рекомендация 19 ЕЭК ООН): 2 железная дорога, 3 дорога, 4 воздух, 8 внутренние воды.",
            "Choose a mode (UN/ECE Recommendation 19): 2 rail, 3 road, 4 air, 8 inland water.",
        ),
    ),
    "ADVANCE-DIRECTION": (
        _text("Не выбраны кірунак тавараў.", "Не выбрано направление товаров.", "The direction of the goods is not chosen."),
        _text("Выберыце ўвоз, вываз або транзіт.", "Выберите ввоз, вывоз или транзит.", "Choose import, export or transit."),
    ),
    "ADVANCE-VEHICLE": (
        _text(
            "Не названы транспартны сродак.", "Не названо транспортное средство.",
            "The means of transport is not named.",
        ),
        _text(
            "Увядзіце рэгістрацыйны нумар, нумар вагона, рэйс або назву судна, да 35 знакаў.",
            "Введите регистрационный номер, номер вагона, рейс или название судна, до 35 знаков.",
            "Write the registration plate, wagon, flight or name of the ship, up to 35 signs.",
        ),
    ),
    "ADVANCE-COUNTRY": (
        _text("Такой краіны няма ў спісе.", "Такой страны нет в списке.", "There is no such country in the list."),
        _text(
            "Увядзіце дзве вялікія літары кода краіны, напрыклад PL.",
            "Введите две заглавные буквы кода страны, например PL.",
            "Write the two capital letters of the country, for example PL.",
        ),
    ),
    "ADVANCE-PLACE": (
        _text(
            "Месца на шляху не вядомае.", "Место на пути не известно.", "A place on the way is not known.",
        ),
        _text(
            "Увядзіце код пункта пропуску (BP-KOZ) або UN/LOCODE беларускага места (BYMSQ), або пакіньце пустым.",
            "Введите код пункта пропуска (BP-KOZ) или UN/LOCODE белорусского места (BYMSQ), или оставьте пустым.",
            "Write the code of a post (BP-KOZ) or the UN/LOCODE of a Belarusian place (BYMSQ), or leave it empty.",
        ),
    ),
    "ADVANCE-UNP": (
        _text(
            "Гэта не УНП: не сыходзіцца кантрольная лічба.",
            "Это не УНП: не сходится контрольная цифра.",
            "This is no UNP: its check digit does not agree.",
        ),
        _text("Зверце дзевяць знакаў УНП.", "Сверьте девять знаков УНП.", "Check the nine signs of the UNP."),
    ),
    "ADVANCE-UNP-MISSING": (
        _text(
            "У беларускага атрымальніка няма УНП.", "У белорусского получателя нет УНП.", "A Belarusian consignee has no UNP here.",
        ),
        _text(
            "Увядзіце УНП атрымальніка або код яго краіны, калі ён замежны.",
            "Введите УНП получателя или код его страны, если он иностранный.",
            "Write the UNP of the consignee, or its country when it is a foreign one.",
        ),
    ),
    "ADVANCE-UNP-UNKNOWN": (
        _text(
            "Арганізацыя з такім УНП тут не зарэгістравана.",
            "Организация с таким УНП здесь не зарегистрирована.",
            "No organisation with this UNP is registered here.",
        ),
        _text(
            "Зверце УНП. Калі ён правільны, хай арганізацыя зарэгіструецца ў акне.",
            "Сверьте УНП. Если он верен, пусть организация зарегистрируется в окне.",
            "Check the UNP. If it is right, the organisation has to register with the window.",
        ),
    ),
    "ADVANCE-GOODS-MISSING": (
        _text("Няма ніводнага тавару.", "Нет ни одного товара.", "There are no goods."),
        _text("Запоўніце хаця б адзін радок тавараў.", "Заполните хотя бы одну строку товаров.", "Fill in one line of goods at least."),
    ),
    "ADVANCE-SEQUENCE": (
        _text(
            "Нумары тавараў ідуць не па парадку ад 1.", "Номера товаров идут не по порядку от 1.", "The goods are not numbered from 1 on.",
        ),
        _text("Пранумаруйце тавары 1, 2, 3.", "Пронумеруйте товары 1, 2, 3.", "Number the goods 1, 2, 3."),
    ),
    "ADVANCE-CODE": (
        _text(
            "Код тавару не з 6–10 лічбаў або яго няма ў Гарманізаванай сістэме.",
            "Код товара не из 6–10 цифр или его нет в Гармонизированной системе.",
            "The goods code has not six to ten digits, or the Harmonised System has it not.",
        ),
        _text(
            "Увядзіце ад шасці да дзесяці лічбаў кода; першыя шэсць бяруць з Гарманізаванай сістэмы 2022.",
            "Введите от шести до десяти цифр кода; первые шесть берут из Гармонизированной системы 2022.",
            "Write six to ten digits; the first six are those of the Harmonised System 2022.",
        ),
    ),
    "ADVANCE-DESCRIPTION": (
        _text("Тавар не апісаны.", "Товар не описан.", "The goods are not described."),
        _text("Апішыце тавар, да 512 знакаў.", "Опишите товар, до 512 знаков.", "Describe the goods, up to 512 signs."),
    ),
    "ADVANCE-MASS": (
        _text("Маса брута не большая за нуль.", "Масса брутто не больше нуля.", "The gross mass is not above zero."),
        _text(
            "Увядзіце масу брута ў кілаграмах, напрыклад 18400 або 18400,5.",
            "Введите массу брутто в килограммах, например 18400 или 18400,5.",
            "Write the gross mass in kilograms, for example 18400 or 18400.5.",
        ),
    ),
    "ADVANCE-PACKAGES": (
        _text("Колькасць месцаў не лік.", "Количество мест не число.", "The number of packages is no number."),
        _text("Увядзіце цэлы лік ад 0.", "Введите целое число от 0.", "Write a whole number from 0 on."),
    ),
    "ADVANCE-VALUE": (
        _text("Кошт не лік або без валюты.", "Стоимость не число или без валюты.", "The value is no number, or has no currency."),
        _text(
            "Увядзіце лік і тры літары валюты, напрыклад 4200 EUR, або пакіньце абодва полі пустымі.",
            "Введите число и три буквы валюты, например 4200 EUR, или оставьте оба поля пустыми.",
            "Write a number and the three letters of the currency, for example 4200 EUR, or leave both empty.",
        ),
    ),
    "ADVANCE-UNDG": (
        _text("Нумар ААН не з чатырох лічбаў.", "Номер ООН не из четырёх цифр.", "A UN number has not four digits."),
        _text("Увядзіце чатыры лічбы, напрыклад 1203.", "Введите четыре цифры, например 1203.", "Write four digits, for example 1203."),
    ),
    "ADVANCE-TEXT": (
        _text("Тут занадта шмат знакаў.", "Здесь слишком много знаков.", "There are too many signs here."),
        _text("Скараціце тэкст.", "Сократите текст.", "Shorten the text."),
    ),
    "ADVANCE-ARRIVED": (
        _text(
            "Груз пад гэтай спасылкай ужо прыбыў або звесткі скончыліся: іх нельга змяніць.",
            "Груз под этой ссылкой уже прибыл или сведения закончились: их нельзя изменить.",
            "The goods under this reference have arrived, or the information has ended: it can no longer be changed.",
        ),
        _text(
            "Новую партыю дашліце пад новай спасылкай. Пра гэтую напішыце ў дэкларацыі.",
            "Новую партию пришлите под новой ссылкой. Об этой напишите в декларации.",
            "Send a new consignment under a new reference. What changed in this one belongs into the declaration.",
        ),
    ),
    "ADVANCE-REFERENCE-OTHER": (
        _text(
            "Спасылка ў файле не тая, пад якой зарэгістраваны звесткі.",
            "Ссылка в файле не та, под которой зарегистрированы сведения.",
            "The reference in the file is not the one under which the information is registered.",
        ),
        _text(
            "Пакіньце тую самую спасылку, або дашліце новую партыю асобна.",
            "Оставьте ту же ссылку или пришлите новую партию отдельно.",
            "Keep the reference, or send a new consignment of its own.",
        ),
    ),
    "ADVANCE-REASON": (
        _text("Не сказана, чаму.", "Не сказано, почему.", "It is not said why."),
        _text("Напішыце прычыну, да 2000 знакаў.", "Напишите причину, до 2000 знаков.", "Write the reason, up to 2000 signs."),
    ),
    "ADVANCE-QUOTED-OTHER": (
        _text(
            "Папярэдняя інфармацыя пад гэтым нумарам не пра вашы тавары.",
            "Предварительная информация под этим номером не о ваших товарах.",
            "The advance information under this number is not about your goods.",
        ),
        _text(
            "Зверце нумар з тым, што паведаміў перавозчык; калі яе не было, прыбярыце дакумент 10060.",
            "Сверьте номер с тем, что сообщил перевозчик; если её не было, уберите документ 10060.",
            "Check the number with your carrier; where there was none, take the document 10060 out.",
        ),
    ),
    "ADVANCE-QUOTED-ENDED": (
        _text(
            "Папярэдняя інфармацыя пад гэтым нумарам адклікана або скончылася.",
            "Предварительная информация под этим номером отозвана или закончилась.",
            "The advance information under this number was withdrawn or has ended.",
        ),
        _text(
            "Назавіце дзейную або прыбярыце дакумент 10060.",
            "Назовите действующую или уберите документ 10060.",
            "Quote one that holds, or take the document 10060 out.",
        ),
    ),
    "MOVEMENT-KIND": (
        _text("Не сказана, пра што паведамленне.", "Не сказано, о чём сообщение.", "It is not said what is reported."),
        _text(
            "Выберыце: становішча, прыбыццё, выезд або пломбы.",
            "Выберите: положение, прибытие, выезд или пломбы.",
            "Choose position, arrival, departure or seals.",
        ),
    ),
    "MOVEMENT-UNKNOWN": (
        _text(
            "Мы не ведаем вашай партыі пад гэтым нумарам.",
            "Мы не знаем вашей партии под этим номером.",
            "We know no consignment of yours under this.",
        ),
        _text(
            "Увядзіце нумар BY/ДДММГГ/NNNNNNNNN, транспартны сродак або кантэйнер партыі, якую везяце ці захоўваеце вы.",
            "Введите номер BY/ДДММГГ/NNNNNNNNN, транспортное средство или контейнер партии, которую везёте или храните вы.",
            "Give the number BY/DDMMYY/NNNNNNNNN, the vehicle or the container of a consignment that you carry or keep.",
        ),
    ),
    "MOVEMENT-SEVERAL": (
        _text(
            "Пад гэтым ідуць некалькі вашых партый.", "Под этим идут несколько ваших партий.", "Several consignments of yours go under this.",
        ),
        _text(
            "Увядзіце нумар папярэдняй інфармацыі.", "Введите номер предварительной информации.", "Give the number of the advance information.",
        ),
    ),
    "MOVEMENT-AT": (
        _text("Не сказана, калі гэта было.", "Не сказано, когда это было.", "It is not said when this was."),
        _text(
            "Увядзіце дзень і час па Мінску, напрыклад 25.11.2026 і 14:30.",
            "Введите день и время по Минску, например 25.11.2026 и 14:30.",
            "Write day and time of Minsk, for example 25.11.2026 and 14:30.",
        ),
    ),
    "MOVEMENT-FUTURE": (
        _text("Гэты момант яшчэ не настаў.", "Этот момент ещё не наступил.", "This moment has not come yet."),
        _text(
            "Праверце гадзіннік прыбора і часавы пояс і дашліце зноў; дапускаецца 5 хвілін.",
            "Проверьте часы прибора и часовой пояс и пришлите снова; допускается 5 минут.",
            "Check the clock of the device and its time zone and send it again; 5 minutes are let pass.",
        ),
    ),
    "MOVEMENT-PAST": (
        _text(
            "Гэта было больш за 7 дзён таму.", "Это было больше 7 дней назад.", "This was more than 7 days ago."
        ),
        _text(
            "Праверце гадзіннік прыбора. Пра ранейшае скажыце мытні пры афармленні.",
            "Проверьте часы прибора. О более раннем скажите таможне при оформлении.",
            "Check the clock of the device. Tell customs about what is older when the goods are cleared.",
        ),
    ),
    "MOVEMENT-PLACE": (
        _text(
            "Не сказана, дзе гэта было, або такога месца няма.",
            "Не сказано, где это было, или такого места нет.",
            "It is not said where this was, or there is no such place.",
        ),
        _text(
            "Увядзіце код пункта пропуску або шырату (ад −90 да 90) і даўгату (ад −180 да 180) у градусах.",
            "Введите код пункта пропуска или широту (от −90 до 90) и долготу (от −180 до 180) в градусах.",
            "Give the code of a post, or latitude (−90 to 90) and longitude (−180 to 180) in degrees.",
        ),
    ),
    "MOVEMENT-SEALS": (
        _text("Не названы пломбы.", "Не названы пломбы.", "No seals are named."),
        _text(
            "Увядзіце пломбы, якія бачыце, праз коску; калі пломбы няма, адзначце, што яна парушаная ці адсутнічае.",
            "Введите пломбы, которые видите, через запятую; если пломбы нет, отметьте, что она нарушена или отсутствует.",
            "Write the seals that you see, with commas; where there is none, mark that it is broken or missing.",
        ),
    ),
    "MOVEMENT-ENDED": (
        _text(
            "Гэтая партыя ўжо закрыта.", "Эта партия уже закрыта.", "This consignment is closed already."
        ),
        _text(
            "Паведамляйце пра партыі, якія ў дарозе або толькі прыбылі.",
            "Сообщайте о партиях, которые в пути или только прибыли.",
            "Report on consignments that are under way or have just arrived.",
        ),
    ),
    "ALERT-OUTCOME": (
        _text("Не выбрана, чым скончылася.", "Не выбрано, чем закончилось.", "It is not chosen how it ended."),
        _text(
            "Выберыце: растлумачана, праверана на месцы, перададзена далей або памылка прыбора.",
            "Выберите: объяснено, проверено на месте, передано дальше или ошибка прибора.",
            "Choose: explained, checked on the spot, handed on, or an error of the device.",
        ),
    ),
}  # fmt: skip


def fault(code: str, field: str = "", value: str = "", *, path: str = "") -> Fault:
    """Return the fault of a code at a box of the form or an element of the file."""
    message, remedy = WORDS[code]
    kind = "schema" if code in ("ADVANCE-TOO-LARGE", "ADVANCE-ROOT") else "rule"
    return Fault(code, message, remedy, path=path, value=value[:VALUE_SHOWN], field=field, kind=kind)


def reason_of(text: str) -> str:
    """Return a reason as it is kept. Raises Invalid for none, or for more than 2000 signs."""
    words = text.strip()
    if not 0 < len(words) <= MOST_REASON:
        raise Invalid([fault("ADVANCE-REASON", "reason")])
    return words

"""The sentences of inspections' faults, each with how to mend it, in three languages. Data; ``inspection_examining`` asks."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import Text


def _t(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_CHOOSE = _t("Выберыце са спіса.", "Выберите из списка.", "Choose from the list.")
_DAY = _t("Напрыклад: 22.11.2026.", "Например: 22.11.2026.", "For example: 22.11.2026.")

TEXTS: Mapping[str, tuple[Text, Text]] = {
    "INSPECTION-KIND": (
        _t("Не выбраны від агляду.", "Не выбран вид досмотра.", "No kind of inspection is chosen."),
        _t(
            "Выберыце: дакументы, тавары або адбор проб.",
            "Выберите: документы, товары или отбор проб.",
            "Choose documents, goods or sampling.",
        ),
    ),
    "INSPECTION-ITEMS": (
        _t("Не адзначаны ніводны тавар.", "Не отмечен ни один товар.", "No goods item is marked."),
        _t("Адзначце тавары для агляду.", "Отметьте товары для досмотра.", "Mark the goods items to inspect."),
    ),
    "INSPECTION-ITEM-FOREIGN": (
        _t(
            "Тавар № {n} тут не разглядаецца.",
            "Товар № {n} здесь не рассматривается.",
            "Goods item {n} is not among those looked at here.",
        ),
        _t("Прыбярыце яго.", "Уберите его.", "Leave it out."),
    ),
    "INSPECTION-AGENCY": (
        _t(
            "Ведамства {agency} нельга запрасіць: у яго няма адкрытай справы па гэтым пакеце.",
            "Ведомство {agency} нельзя пригласить: у него нет открытого дела по этому пакету.",
            "{agency} cannot be asked to join: it has no open case on this package.",
        ),
        _t("Прыбярыце яго са спіса.", "Уберите его из списка.", "Leave it out."),
    ),
    "INSPECTION-PLACE": (
        _t("Не выбрана месца агляду.", "Не выбрано место досмотра.", "No place of inspection is chosen."),
        _CHOOSE,
    ),
    "INSPECTION-PLACE-KIND": (
        _t(
            "У гэтым месцы такі агляд не праводзіцца.",
            "В этом месте такой досмотр не проводится.",
            "This kind of inspection is not held at this place.",
        ),
        _t("Выберыце іншае месца.", "Выберите другое место.", "Choose another place."),
    ),
    "SLOT-MISSING": (
        _t("Не выбраны час агляду.", "Не выбрано время досмотра.", "No time of inspection is chosen."),
        _t(
            "Выберыце дзень, пакажыце свабодны час і адзначце яго.",
            "Выберите день, покажите свободное время и отметьте его.",
            "Choose a day, show its free times and mark one.",
        ),
    ),
    "SLOT-PAST": (
        _t("Час {slot} ужо мінуў.", "Время {slot} уже прошло.", "{slot} has already passed."),
        _t("Выберыце пазнейшы час.", "Выберите более позднее время.", "Choose a later time."),
    ),
    "SLOT-FAR": (
        _t(
            "{slot} — занадта далёка: час выбіраюць не больш як на {days} дзён наперад.",
            "{slot} — слишком далеко: время выбирают не более чем на {days} дней вперёд.",
            "{slot} is too far ahead: a time can be taken at most {days} days ahead.",
        ),
        _t("Выберыце бліжэйшы час.", "Выберите более близкое время.", "Choose an earlier time."),
    ),
    "SLOT-HOURS": (
        _t(
            "{slot} — не ў гадзіны працы месца ({hours}; адзін агляд займае {minutes} хв).",
            "{slot} — не в часы работы места ({hours}; один досмотр занимает {minutes} мин).",
            "{slot} is outside of the hours of this place ({hours}; one inspection takes {minutes} min).",
        ),
        _t("Выберыце час са спіса.", "Выберите время из списка.", "Choose a time from the list."),
    ),
    "SLOT-DAY-OFF": (
        _t("У дзень {slot} месца не працуе.", "В день {slot} место не работает.", "The place is closed on {slot}."),
        _t("Выберыце рабочы дзень.", "Выберите рабочий день.", "Choose a working day."),
    ),
    "SLOT-GRID": (
        _t(
            "У {slot} агляд не пачынаецца: пачаткі ідуць праз {minutes} хв ад адкрыцця ({hours}).",
            "В {slot} досмотр не начинается: начала идут через {minutes} мин от открытия ({hours}).",
            "No inspection begins at {slot}: they begin every {minutes} min from opening ({hours}).",
        ),
        _t("Выберыце час са спіса.", "Выберите время из списка.", "Choose a time from the list."),
    ),
    "SLOT-TAKEN": (
        _t(
            "Апошняе месца на {slot} тым часам занялі.",
            "Последнее место на {slot} тем временем заняли.",
            "The last seat at {slot} was taken meanwhile.",
        ),
        _t(
            "Бліжэйшыя свабодныя: {free}.",
            "Ближайшие свободные: {free}.",
            "The next free ones: {free}.",
        ),
    ),
    "SLOT-NONE": (
        _t(
            "На {slot} месцаў няма, і на 30 дзён наперад усё занята.",
            "На {slot} мест нет, и на 30 дней вперёд всё занято.",
            "No seat is left at {slot}, nor in the next 30 days.",
        ),
        _t("Выберыце іншае месца агляду.", "Выберите другое место досмотра.", "Choose another place."),
    ),
    "FINDING-EARLY": (
        _t(
            "Агляд прызначаны на {day}: запісваць вынік яшчэ рана.",
            "Досмотр назначен на {day}: записывать результат ещё рано.",
            "The inspection is on {day}: it is too early to record what was found.",
        ),
        _t(
            "Запішыце вынік у дзень агляду або пазней.",
            "Запишите результат в день досмотра или позже.",
            "Record it on the day of the inspection or later.",
        ),
    ),
    "FINDING-OUTCOME": (
        _t("Вынік агляду не выбраны.", "Результат досмотра не выбран.", "The outcome is not chosen."),
        _t("Выберыце: станоўчы або адмоўны.", "Выберите: благоприятный или неблагоприятный.", "Choose favourable or unfavourable."),
    ),
    "FINDING-ITEMS": (
        _t(
            "Вынік адмоўны, але не сказана, па якіх таварах.",
            "Результат неблагоприятный, но не сказано, по каким товарам.",
            "The outcome is unfavourable, but no goods item is named.",
        ),
        _t("Адзначце гэтыя тавары.", "Отметьте эти товары.", "Mark the goods items it concerns."),
    ),
    "FINDING-TEXT": (
        _t("Не запісана, што выяўлена.", "Не записано, что обнаружено.", "What was found is not written."),
        _t(
            "Напішыце, што агледжана і што выяўлена.",
            "Напишите, что осмотрено и что обнаружено.",
            "Write what was looked at and what was found.",
        ),
    ),
    "FINDING-SAMPLE-OPEN": (
        _t(
            "Станоўчы вынік запісваць рана: лабараторыя яшчэ не адказала па пробах {samples}.",
            "Благоприятный результат записывать рано: лаборатория ещё не ответила по пробам {samples}.",
            "Too early for a favourable outcome: the laboratory has not answered on samples {samples}.",
        ),
        _t(
            "Дачакайцеся адказу і запішыце яго.",
            "Дождитесь ответа и запишите его.",
            "Wait for its answer and record it first.",
        ),
    ),
    "ACT-TYPE-MISSING": (
        _t("Не названы від акта.", "Не назван вид акта.", "The type of the act is not named."),
        _t(
            "Для вашага ведамства гэта {own}.",
            "Для вашего ведомства это {own}.",
            "For your agency it is {own}.",
        ),
    ),
    "ACT-TYPE": (
        _t("Такога віду дакумента няма ў класіфікатары.", "Такого вида документа нет в классификаторе.", "The classifier has no such type of document."),
        _CHOOSE,
    ),
    "ACT-NUMBER": (
        _t("У акта няма нумара.", "У акта нет номера.", "The act has no number."),
        _t("Увядзіце нумар, як ён стаіць на акце.", "Введите номер, как он стоит на акте.", "Enter the number as it stands on the act."),
    ),
    "ACT-DATE": (
        _t("Дата акта не ўказана або не чытаецца.", "Дата акта не указана или не читается.", "The date of the act is missing or cannot be read."),
        _DAY,
    ),
    "ACT-DATE-FUTURE": (
        _t("Дата акта яшчэ не настала.", "Дата акта ещё не наступила.", "The date of the act is in the future."),
        _t("Укажыце дзень не пазнейшы за {today}.", "Укажите день не позднее {today}.", "Give a day not after {today}."),
    ),
    "ACT-DATE-BEFORE": (
        _t("Акт датаваны раней за агляд.", "Акт датирован раньше досмотра.", "The act is dated before the inspection."),
        _t("Укажыце дзень не раней за {day}.", "Укажите день не раньше {day}.", "Give a day not before {day}."),
    ),
    "SAMPLE-EARLY": (
        _t("Агляд прызначаны на {day}: пробу браць яшчэ рана.", "Досмотр назначен на {day}: пробу брать ещё рано.", "The inspection is on {day}: it is too early for a sample."),
        _t("Запішыце пробу ў дзень агляду.", "Запишите пробу в день досмотра.", "Record the sample on the day of the inspection."),
    ),
    "SAMPLE-NUMBER": (
        _t("Проба без нумара.", "Проба без номера.", "The sample has no number."),
        _t("Увядзіце нумар з пакоўкі пробы.", "Введите номер с упаковки пробы.", "Enter the number on its packing."),
    ),
    "SAMPLE-TWICE": (
        _t("Проба з такім нумарам ужо запісана.", "Проба с таким номером уже записана.", "A sample with this number is recorded already."),
        _t("Дайце пробе іншы нумар.", "Дайте пробе другой номер.", "Give the sample another number."),
    ),
    "SAMPLE-ITEM": (
        _t("Не сказана, ад якога тавару проба.", "Не сказано, от какого товара проба.", "It is not said which goods item the sample is of."),
        _CHOOSE,
    ),
    "SAMPLE-LABORATORY": (
        _t("Не выбрана лабараторыя.", "Не выбрана лаборатория.", "No laboratory is chosen."),
        _CHOOSE,
    ),
    "SAMPLE-EXPECTED": (
        _t("Няма дня, калі чакаць адказу, або ён ужо мінуў.", "Нет дня, когда ждать ответа, или он уже прошёл.", "The day of the expected answer is missing or has passed."),
        _DAY,
    ),
    "RESULT-OUTCOME": (
        _t("Адказ лабараторыі не выбраны.", "Ответ лаборатории не выбран.", "The laboratory's answer is not chosen."),
        _t("Выберыце: станоўчы або адмоўны.", "Выберите: благоприятный или неблагоприятный.", "Choose favourable or unfavourable."),
    ),
    "RESULT-TEXT": (
        _t("Не запісана, што паказаў аналіз.", "Не записано, что показал анализ.", "What the analysis showed is not written."),
        _t("Перапішыце вынік з пратаколу.", "Перепишите результат из протокола.", "Copy the result from the report."),
    ),
    "CALL-SERVICE": (
        _t("Не выбрана, каго выклікаць.", "Не выбрано, кого вызвать.", "It is not chosen whom to call."),
        _CHOOSE,
    ),
    "INSPECTION-REASON": (
        _t("Няма прычыны.", "Нет причины.", "The reason is missing."),
        _t("Напішыце яе адным-двума сказамі.", "Напишите её одним-двумя предложениями.", "Write it in a sentence or two."),
    ),
    "INSPECTION-TOO-LONG": (
        _t("Тэкст задоўгі: {long} знакаў.", "Текст слишком длинный: {long} знаков.", "The text is too long: {long} characters."),
        _t("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
}  # fmt: skip

"""What is said about a decision that cannot be taken: what is wrong, and how to mend it, in the three languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.errors import Text


def _t(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


TEXTS: Mapping[str, tuple[Text, Text]] = {
    "DECISION-ITEM-MISSING": (
        _t("Па тавары № {n} няма рашэння.", "По товару № {n} нет решения.", "Goods item {n} has no decision."),
        _t(
            "Выберыце для яго адзін з вынікаў.",
            "Выберите для него один из результатов.",
            "Choose one of the outcomes for it.",
        ),
    ),
    "DECISION-ITEM-TWICE": (
        _t("Па тавары № {n} два рашэнні.", "По товару № {n} два решения.", "Goods item {n} is decided twice."),
        _t("Пакіньце адно.", "Оставьте одно.", "Keep one of them."),
    ),
    "DECISION-ITEM-FOREIGN": (
        _t(
            "Тавар № {n} не ўваходзіць у гэту справу.",
            "Товар № {n} не входит в это дело.",
            "Goods item {n} is not part of this case.",
        ),
        _t("Прыбярыце яго з рашэння.", "Уберите его из решения.", "Leave it out of the decision."),
    ),
    "DECISION-OUTCOME": (
        _t(
            "Вынік «{value}» для тавару № {n} невядомы.",
            "Результат «{value}» для товара № {n} неизвестен.",
            "The outcome “{value}” for goods item {n} is not known.",
        ),
        _t(
            "Ужыйце approved, conditions, held або refused.",
            "Используйте approved, conditions, held или refused.",
            "Use approved, conditions, held or refused.",
        ),
    ),
    "DECISION-CONDITIONS-MISSING": (
        _t(
            "Тавар № {n} адобраны з умовамі, але ўмовы не названы.",
            "Товар № {n} одобрен с условиями, но условия не названы.",
            "Goods item {n} is approved with conditions, but none is written.",
        ),
        _t(
            "Напішыце ўмовы так, як іх прачытае заяўнік.",
            "Напишите условия так, как их прочтёт заявитель.",
            "Write the conditions as the trader will read them.",
        ),
    ),
    "DECISION-REASON-MISSING": (
        _t(
            "Для адмовы па тавары № {n} не выбрана прычына.",
            "Для отказа по товару № {n} не выбрана причина.",
            "The refusal of goods item {n} has no reason from the list.",
        ),
        _t("Выберыце прычыну са спіса.", "Выберите причину из списка.", "Choose a reason from the list."),
    ),
    "DECISION-GROUND-MISSING": (
        _t(
            "Для адмовы па тавары № {n} не названа прававая падстава.",
            "Для отказа по товару № {n} не названо правовое основание.",
            "The refusal of goods item {n} names no legal ground.",
        ),
        _t(
            "Назавіце акт і яго артыкул або пункт.",
            "Назовите акт и его статью или пункт.",
            "Name the act and its article or point.",
        ),
    ),
    "DECISION-APPEAL-OFFICE": (
        _t(
            "Не сказана, куды абскардзіць адмову па тавары № {n}.",
            "Не сказано, куда обжаловать отказ по товару № {n}.",
            "It is not said where the refusal of goods item {n} can be appealed.",
        ),
        _t("Назавіце ведамства або суд.", "Назовите ведомство или суд.", "Name the body or court."),
    ),
    "DECISION-APPEAL-CONTACT": (
        _t(
            "Няма кантакту ведамства або суда, куды абскардзіць адмову па тавары № {n}.",
            "Нет контакта ведомства или суда, куда обжаловать отказ по товару № {n}.",
            "The body for the appeal on goods item {n} has no contact.",
        ),
        _t("Дайце адрас, тэлефон або сайт.", "Дайте адрес, телефон или сайт.", "Give an address, telephone or site."),
    ),
    "DECISION-APPEAL-DAYS": (
        _t(
            "Тэрмін абскарджання для тавару № {n} павінен быць цэлым лікам дзён ад 1.",
            "Срок обжалования для товара № {n} должен быть целым числом дней от 1.",
            "The time limit of the appeal for goods item {n} must be a whole number of days, from 1.",
        ),
        _t("Напрыклад: 365.", "Например: 365.", "For example: 365."),
    ),
    "DECISION-AGENCY-REFUSED": (
        _t(
            "Тавар № {n} нельга адобрыць: яму адмовіла іншае ведамства ({agencies}).",
            "Товар № {n} нельзя одобрить: ему отказало другое ведомство ({agencies}).",
            "Goods item {n} cannot be approved: another agency refused it ({agencies}).",
        ),
        _t(
            "Адмоўце гэтаму тавару або прытрымайце яго; астатнія можна выпусціць.",
            "Откажите этому товару или задержите его; остальные можно выпустить.",
            "Refuse this item or hold it; the others can be released.",
        ),
    ),
    "DECISION-TOO-LONG": (
        _t(
            "Тэкст для тавару № {n} задоўгі: {long} знакаў.",
            "Текст для товара № {n} слишком длинный: {long} знаков.",
            "The text for goods item {n} is too long: {long} characters.",
        ),
        _t("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
    "DECISION-HOLD-WHY": (
        _t(
            "Тавар № {n} прытрыманы, але не сказана, чаго ён чакае.",
            "Товар № {n} придержан, но не сказано, чего он ждёт.",
            "Goods item {n} is held, but it is not said what it waits for.",
        ),
        _t(
            "Напішыце, чаго не хапае: гэта прачытае заяўнік.",
            "Напишите, чего не хватает: это прочтёт заявитель.",
            "Write what is still missing: the trader reads it.",
        ),
    ),
    "DECISION-ITEM-WAITS": (
        _t(
            "Тавар № {n} яшчэ разглядае іншае ведамства ({agencies}): мытня вырашае апошняй.",
            "Товар № {n} ещё рассматривает другое ведомство ({agencies}): таможня решает последней.",
            "Goods item {n} still waits for another agency ({agencies}): customs decides last.",
        ),
        _t(
            "Прытрымайце гэты тавар; астатнія можна вырашыць цяпер.",
            "Задержите этот товар; остальные можно решить сейчас.",
            "Hold this item; the others can be decided now.",
        ),
    ),
    "DECISION-ITEM-RELEASED": (
        _t(
            "Тавар № {n} ужо выпушчаны: новага рашэння па ім быць не можа.",
            "Товар № {n} уже выпущен: нового решения по нему быть не может.",
            "Goods item {n} is released already: no later decision can name it.",
        ),
        _t(
            "Прыбярыце яго з рашэння. Калі выпуск быў памылкай, кіраўнік мытнага паста адклікае пасведчанне.",
            "Уберите его из решения. Если выпуск был ошибкой, руководитель таможенного поста отзывает свидетельство.",
            "Leave it out. If the release was a mistake, a supervisor asks to revoke its clearance.",
        ),
    ),
    "DECISION-ITEM-DECIDED": (
        _t(
            "Па тавары № {n} ваша ведамства ўжо прыняло рашэнне.",
            "По товару № {n} ваше ведомство уже приняло решение.",
            "Your agency has decided goods item {n} already.",
        ),
        _t(
            "Прыбярыце яго з рашэння. Каб змяніць рашэнне, кіраўнік павінен спачатку вярнуць справу на разгляд.",
            "Уберите его из решения. Чтобы изменить решение, руководитель должен сначала вернуть дело на рассмотрение.",
            "Leave it out. To change that decision, a supervisor opens the case again first.",
        ),
    ),
    "DECISION-AGAINST-FINDING": (
        _t(
            "Тавар № {n} адобраны насуперак выніку агляду ({finding}), а тлумачэння няма.",
            "Товар № {n} одобрен вопреки результату досмотра ({finding}), а объяснения нет.",
            "Goods item {n} is approved against the finding of an inspection ({finding}), without a word why.",
        ),
        _t(
            "Патлумачце ў нататцы для службовых асоб або змяніце вынік.",
            "Объясните в заметке для должностных лиц или измените результат.",
            "Say why in the note for officers, or change the outcome.",
        ),
    ),
    "DECISION-PAYMENT-MISSING": (
        _t(
            "Не сказана, ці заплачаны мытныя плацяжы: без гэтага тавары не выпускаюцца (Мытны кодэкс, арт. 118).",
            "Не сказано, уплачены ли таможенные платежи: без этого товары не выпускаются (Таможенный кодекс, ст. 118).",
            "It is not said whether the customs payments are made: goods are not released without it (Customs Code, art. 118).",
        ),
        _t(
            "Выберыце: заплачана, забяспечана або не належыць.",
            "Выберите: уплачено, обеспечено или не подлежит уплате.",
            "Choose: paid, secured, or not due.",
        ),
    ),
    "DECISION-PAYMENT-REFERENCE": (
        _t(
            "Няма спасылкі на плацёж, забеспячэнне або падставу, паводле якой плаціць не трэба.",
            "Нет ссылки на платёж, обеспечение или основание, по которому платить не нужно.",
            "The payment, the security, or the reason why nothing is due has no reference.",
        ),
        _t(
            "Упішыце нумар плацежнага дакумента, сертыфіката забеспячэння або артыкул, паводле якога плаціць не трэба.",
            "Впишите номер платёжного документа, сертификата обеспечения или статью, по которой платить не нужно.",
            "Write the number of the payment or of the security certificate, or the article under which nothing is due.",
        ),
    ),
    "DECISION-PAYMENT-LONG": (
        _t(
            "Спасылка на плацёж задоўгая: {long} знакаў.",
            "Ссылка на платёж слишком длинная: {long} знаков.",
            "The reference of the payment is too long: {long} characters.",
        ),
        _t("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
    "DECISION-NOTE-LONG": (
        _t(
            "Нататка задоўгая: {long} знакаў.",
            "Заметка слишком длинная: {long} знаков.",
            "The note is too long: {long} characters.",
        ),
        _t("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
    "REASON-MISSING": (
        _t("Не сказана чаму.", "Не сказано почему.", "It is not said why."),
        _t(
            "Напішыце прычыну: яна застаецца ў справе.",
            "Напишите причину: она остаётся в деле.",
            "Write the reason: it stays with the case.",
        ),
    ),
    "REASON-TOO-LONG": (
        _t(
            "Прычына задоўгая: {long} знакаў.",
            "Причина слишком длинная: {long} знаков.",
            "The reason is too long: {long} characters.",
        ),
        _t("Скараціце да {most} знакаў.", "Сократите до {most} знаков.", "Shorten it to {most} characters."),
    ),
}

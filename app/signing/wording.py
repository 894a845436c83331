"""What ``verify-clearance`` says, in three languages: it travels without the catalogues of the window. Pure."""

from __future__ import annotations

from datetime import timedelta

from app.errors import Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: dict[str, Text] = {
    "genuine": _text(
        "САПРАЎДНАЕ. Подпіс наш, файл не зменены, у спісе спыненых яго няма.",
        "ПОДЛИННОЕ. Подпись наша, файл не изменён, в списке прекращённых его нет.",
        "GENUINE. The signature is ours, the file is unchanged, it is not on the list of ended papers.",
    ),
    "altered": _text(
        "ЗМЕНЕНА. Файл падпісалі мы, але пасля гэтага яго змянілі. Не верце яму.",
        "ИЗМЕНЕНО. Файл подписали мы, но после этого его изменили. Не верьте ему.",
        "ALTERED. We signed this file, and it has been changed since. Do not trust it.",
    ),
    "foreign": _text(
        "НЕ НАШАЕ. Подпіс вядзе не да нас або сапсаваны. Не верце файлу.",
        "НЕ НАШЕ. Подпись ведёт не к нам или испорчена. Не верьте файлу.",
        "NOT OURS. The signature does not lead to us, or it is broken. Do not trust the file.",
    ),
    "unsigned": _text(
        "НЕ ПАДПІСАНА. Нашага подпісу ў файле няма. Праверце код на старонцы праверкі.",
        "НЕ ПОДПИСАНО. Нашей подписи в файле нет. Проверьте код на странице проверки.",
        "NOT SIGNED. Our signature is not in the file. Check the code on the page of verification.",
    ),
    "unreadable": _text(
        "ПАШКОДЖАНА або не наша: файл не чытаецца як пасведчанне. Не верце яму.",
        "ПОВРЕЖДЕНО или не наше: файл не читается как свидетельство. Не верьте ему.",
        "DAMAGED or not ours: the file cannot be read as a clearance. Do not trust it.",
    ),
    "revoked": _text(
        "АДКЛІКАНА. Мытня адклікала гэтае пасведчанне: яно больш не дзейнічае.",
        "ОТОЗВАНО. Таможня отозвала это свидетельство: оно больше не действует.",
        "REVOKED. Customs has revoked this clearance: it no longer holds.",
    ),
    "superseded": _text(
        "ЗАМЕНЕНА. Замест гэтага пасведчання выдадзена пазнейшае: гэтае больш не дзейнічае.",
        "ЗАМЕНЕНО. Вместо этого свидетельства выдано более позднее: это больше не действует.",
        "SUPERSEDED. A later clearance has taken its place: this one no longer holds.",
    ),
    "no-list": _text(
        "ПОДПІС ДОБРЫ, ці не адклікана – НЕВЯДОМА: няма спіса спыненых. Вазьміце яго на /verify/list.",
        "ПОДПИСЬ ВЕРНА, не отозвано ли – НЕИЗВЕСТНО: нет списка прекращённых. Возьмите его на /verify/list.",
        "SIGNATURE SOUND, REVOCATION NOT KNOWN: there is no list of ended papers. Fetch it from /verify/list.",
    ),
    "bad-list": _text(
        "ПОДПІС ДОБРЫ, ці не адклікана – НЕВЯДОМА: спіс спыненых не наш або сапсаваны. Вазьміце яго нанова на /verify/list.",
        "ПОДПИСЬ ВЕРНА, не отозвано ли – НЕИЗВЕСТНО: список прекращённых не наш или испорчен. Возьмите его заново на /verify/list.",
        "SIGNATURE SOUND, REVOCATION NOT KNOWN: the list of ended papers is not ours or is damaged. Fetch it anew from /verify/list.",
    ),
    "old-list": _text(
        "ПОДПІС ДОБРЫ, ці не адклікана – НЕВЯДОМА: спіс спыненых застарэў. Вазьміце яго нанова на /verify/list.",
        "ПОДПИСЬ ВЕРНА, не отозвано ли – НЕИЗВЕСТНО: список прекращённых устарел. Возьмите его заново на /verify/list.",
        "SIGNATURE SOUND, REVOCATION NOT KNOWN: the list of ended papers is out of date. Fetch it anew from /verify/list.",
    ),
    "young-paper": _text(
        "ПОДПІС ДОБРЫ, ці не адклікана – НЕВЯДОМА: спіс спыненых старэйшы за гэтае пасведчанне. Праз некалькі хвілін пасля выдачы "
        "вазьміце яго нанова на /verify/list.",
        "ПОДПИСЬ ВЕРНА, не отозвано ли – НЕИЗВЕСТНО: список прекращённых старше этого свидетельства. Через несколько минут после "
        "выдачи возьмите его заново на /verify/list.",
        "SIGNATURE SOUND, REVOCATION NOT KNOWN: the list of ended papers is older than this paper. Fetch it anew from "
        "/verify/list a few minutes after the paper was issued.",
    ),
    "key-withdrawn": _text(
        "НЕ СКАЗАЦЬ. Ключ, якім падпісана, адкліканы: ён мог быць у чужых руках. Праверце код на старонцы праверкі.",
        "НЕ СКАЗАТЬ. Ключ, которым подписано, отозван: он мог быть в чужих руках. Проверьте код на странице проверки.",
        "CANNOT BE TOLD. The key that signed was withdrawn: others may have had it. Check the code on the page of verification.",
    ),
    "from-tomorrow": _text(
        "НЕ СКАЗАЦЬ. Падпісана пазней, чым паказвае гадзіннік гэтай машыны. Праверце гадзіннік.",
        "НЕ СКАЗАТЬ. Подписано позже, чем показывают часы этой машины. Проверьте часы.",
        "CANNOT BE TOLD. It was signed later than the clock of this machine says. Set the clock right.",
    ),
    "no-code": _text(
        "НЕ СКАЗАЦЬ. Подпіс добры, але код праверкі ў файле не знойдзены.",
        "НЕ СКАЗАТЬ. Подпись верна, но код проверки в файле не найден.",
        "CANNOT BE TOLD. The signature is sound, but no code of verification was found in the file.",
    ),
    "not-read": _text(
        "файл не адкрыць. Праверце імя і правы на яго.",
        "файл не открыть. Проверьте имя и права на него.",
        "the file cannot be opened. Check its name and who may read it.",
    ),
    "no-trust": _text(
        "няма каму верыць: файл даверу не чытаецца. Вазьміце яго на /verify/keys.",
        "некому верить: файл доверия не читается. Возьмите его на /verify/keys.",
        "there is nobody to trust: the file of trust cannot be read. Fetch it from /verify/keys.",
    ),
    "since": _text("З", "С", "Since"),
    "number": _text("Нумар", "Номер", "Number"),
    "issued": _text("Складзена", "Составлено", "Issued"),
    "office": _text("Мытны орган", "Таможенный орган", "Customs office"),
    "items": _text("Выпушчаны тавары", "Выпущены товары", "Items released"),
    "count": _text("Колькі тавараў / усяго", "Сколько товаров / всего", "How many items / in all"),
    "net": _text("Маса нета, кг", "Масса нетто, кг", "Net mass, kg"),
    "signer": _text("Падпісаў", "Подписал", "Signed by"),
    "reason": _text("Код прычыны", "Код причины", "Code of the reason"),
    "list": _text("Спіс спыненых", "Список прекращённых", "List of ended papers"),
    "hours": _text("яму гадзін: {count}", "ему часов: {count}", "{count} hours old"),
    "days": _text("яму дзён: {count}", "ему дней: {count}", "{count} days old"),
}


def say(key: str, lang: str) -> str:
    """Return a text in a language."""
    return WORDS[key][lang]


def age(old: timedelta, lang: str) -> str:
    """Return how old something is: hours within two days, days beyond."""
    hours = max(0, int(old.total_seconds() // 3600))
    return say("hours", lang).format(count=hours) if hours < 48 else say("days", lang).format(count=hours // 24)

"""What webhooks have to say when something cannot be kept: each sentence and its remedy in the three languages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.errors import Fault, Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_OPEN = _text(
    "Увядзіце адрас сервера, адкрытага з інтэрнэту, напрыклад https://hooks.example.by/akno.",
    "Введите адрес сервера, открытого из интернета, например https://hooks.example.by/akno.",
    "Enter the address of a server that is open to the internet, such as https://hooks.example.by/akno.",
)
WORDS: dict[str, tuple[Text, Text]] = {
    "URL-WRONG": (
        _text("Гэта не адрас.", "Это не адрес.", "This is not an address."),
        _text(
            "Увядзіце яго цалкам, без прабелаў і знака #, да 500 знакаў: https://hooks.example.by/akno.",
            "Введите его целиком, без пробелов и знака #, до 500 знаков: https://hooks.example.by/akno.",
            "Enter it in full, without blanks and #, at most 500 characters: https://hooks.example.by/akno.",
        ),
    ),
    "URL-SCHEME": (
        _text(
            "Адрас не пачынаецца з https://.", "Адрес не начинается с https://.", "The address does not begin with https://."
        ),
        _text(
            "Увядзіце адрас https://: паведамленне ідзе толькі па абароненым злучэнні.",
            "Введите адрес https://: сообщение идёт только по защищённому соединению.",
            "Enter an https:// address: a message travels by a secure connection only.",
        ),
    ),
    "URL-USER": (
        _text(
            "У адрасе ёсць імя карыстальніка або пароль.",
            "В адресе есть имя пользователя или пароль.",
            "The address holds a user name or a password.",
        ),
        _text(
            "Прыбярыце ўсё да знака @: паведамленне пазнаюць па подпісе.",
            "Уберите всё до знака @: сообщение узнают по подписи.",
            "Take out everything up to @: a message is known by its signature.",
        ),
    ),
    "URL-PORT": (
        _text("Порт не 443 і не 8443.", "Порт не 443 и не 8443.", "The port is neither 443 nor 8443."),
        _text(
            "Прымайце паведамленні на порце 443 або 8443.",
            "Принимайте сообщения на порту 443 или 8443.",
            "Receive messages on port 443 or 8443.",
        ),
    ),
    "URL-HOST": (
        _text(
            "Гэта не імя сервера ў інтэрнэце.", "Это не имя сервера в интернете.", "This is no name of a server on the internet."
        ),
        _OPEN,
    ),
    "URL-INSIDE": (
        _text(
            "Адрас вядзе ва ўнутраную сетку.", "Адрес ведёт во внутреннюю сеть.", "The address leads into an inner network."
        ),
        _OPEN,
    ),
    "dns": (
        _text("У сервера няма адраса ў DNS.", "У сервера нет адреса в DNS.", "The server has no address in DNS."),
        _text(
            "Праверце імя сервера або паспрабуйце пазней.",
            "Проверьте имя сервера или попробуйте позже.",
            "Check the name of the server, or try later.",
        ),
    ),
    "EVENT-UNKNOWN": (
        _text("Такой падзеі няма.", "Такого события нет.", "There is no such event."),
        _text(
            "Выберыце падзеі са спіса.", "Выберите события из списка.", "Choose events from the list."
        ),
    ),
    "OVERLAP-WRONG": (
        _text(
            "Час, калі дзейнічаюць абодва сакрэты, не з гэтага спіса.",
            "Время, когда действуют оба секрета, не из этого списка.",
            "The time for which both secrets hold is not one of the list.",
        ),
        _text(
            "Выберыце ад 0 да 168 гадзін.", "Выберите от 0 до 168 часов.", "Choose from 0 to 168 hours."
        ),
    ),
    "ENDPOINTS-MANY": (
        _text(
            "У арганізацыі ўжо 50 вэбхукаў.", "У организации уже 50 вебхуков.", "The organisation has 50 webhooks already."
        ),
        _text(
            "Выдаліце той, які больш не патрэбны.", "Удалите тот, который больше не нужен.", "Remove one that is not needed any more."
        ),
    ),
    "RANGE-WRONG": (
        _text(
            "Гэта не пачатак і канец стужкі падзей.",
            "Это не начало и конец ленты событий.",
            "These are not two places in the feed of events.",
        ),
        _text(
            "Увядзіце два нумары месцаў, другі не меншы за першы.",
            "Введите два номера мест, второй не меньше первого.",
            "Enter two positions, the second not before the first.",
        ),
    ),
}  # fmt: skip


def fault(code: str, field: str = "", value: str = "") -> Fault:
    """Return one finding of this room; raises KeyError for a code without words."""
    message, remedy = WORDS[code]
    return Fault(code, message, remedy, field=field, value=value, kind="form")


ERRORS: dict[str, Any] = {
    "timeout": _l("no answer within 10 seconds"),
    "connection": _l("no connection"),
    "certificate": _l("the certificate is not good for this name"),
    "broken-off": _l("the answer broke off"),
    "dns": _l("the name has no address"),
    "our-mistake": _l("something broke on our side"),
}


def outcome_words(status: int | None, error: str) -> str:
    """Say in a few words what came of an attempt: the status of the answer, or why there was none."""
    if error:
        return str(ERRORS.get(error) or _("the address is not allowed"))
    if status is not None and 300 <= status < 400:
        return str(_("%(status)s: redirects are not followed", status=status))
    return str(_("answer %(status)s", status=status))

"""What second factors have to say when something cannot be kept, in the three languages of the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.errors import Fault, Text

OWN_FACTORS: Mapping[str, Any] = {
    "last": _l("This is your last second factor, and your place here needs one. Add another one first."),
    "own": _l("Your own second factors are reset by another administrator."),
    "others": _l("A second factor is added and removed by the person it belongs to."),
}


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: Mapping[str, tuple[Text, Text]] = {
    "FACTOR-CODE-WRONG": (
        _text("Гэты код не падыходзіць.", "Этот код не подходит.", "This code does not fit."),
        _text(
            "Увядзіце шэсць лічбаў, якія праграма паказвае цяпер; праверце, ці правільна ідзе гадзіннік тэлефона.",
            "Введите шесть цифр, которые приложение показывает сейчас; проверьте, верно ли идут часы телефона.",
            "Enter the six digits that the app shows now; check that the clock of the phone is right.",
        ),
    ),
    "FACTOR-OFFER-OLD": (
        _text(
            "Гэты сакрэт паказаны занадта даўно.",
            "Этот секрет показан слишком давно.",
            "This secret was shown too long ago.",
        ),
        _text(
            "Дадайце ў праграму новы, які на старонцы цяпер.",
            "Добавьте в приложение новый, который на странице сейчас.",
            "Add the new one that is on the page now to your app.",
        ),
    ),
    "FACTOR-PASSKEY-WRONG": (
        _text("Ключ доступу не падышоў.", "Ключ доступа не подошёл.", "The passkey did not fit."),
        _text(
            "Націсніце кнопку яшчэ раз і пацвердзіце на прыладзе, што гэта вы; або ўвядзіце код з праграмы.",
            "Нажмите кнопку ещё раз и подтвердите на устройстве, что это вы; или введите код из приложения.",
            "Press the button again and confirm on the device that it is you; or enter a code from your app.",
        ),
    ),
    "FACTOR-PASSKEY-KNOWN": (
        _text("Гэты ключ доступу ўжо дададзены.", "Этот ключ доступа уже добавлен.", "This passkey is added already."),
        _text(
            "Выберыце іншую прыладу або іншы ключ.",
            "Выберите другое устройство или другой ключ.",
            "Choose another device or another key.",
        ),
    ),
    "FACTOR-MANY": (
        _text("У вас ужо дзесяць спосабаў.", "У вас уже десять способов.", "You have ten second factors already."),
        _text(
            "Спачатку выдаліце той, якім не карыстаецеся.",
            "Сначала удалите тот, которым не пользуетесь.",
            "Remove one that you do not use first.",
        ),
    ),
    "FACTOR-NAME-LONG": (
        _text("Назва даўжэйшая за 80 знакаў.", "Название длиннее 80 знаков.", "The name is longer than 80 characters."),
        _text("Скараціце яе.", "Сократите его.", "Make it shorter."),
    ),
    "STEP-ASKED": (
        _text(
            "Перад подпісам пацвердзіце, што гэта вы.",
            "Перед подписью подтвердите, что это вы.",
            "Before this is signed, show that it is you.",
        ),
        _text(
            "Увядзіце код з праграмы і націсніце кнопку яшчэ раз. Усё набранае захавана.",
            "Введите код из приложения и нажмите кнопку ещё раз. Всё набранное сохранено.",
            "Enter the code from your app and press the button again. Everything you typed is kept.",
        ),
    ),
    "STEP-WRONG": (
        _text(
            "Гэты код не падыходзіць, нічога не зроблена.",
            "Этот код не подходит, ничего не сделано.",
            "This code does not fit, and nothing is done.",
        ),
        _text(
            "Кожны код праграмы дзейнічае адзін раз: дачакайцеся наступнага і ўвядзіце яго.",
            "Каждый код приложения действует один раз: дождитесь следующего и введите его.",
            "Each code of an app is good once: wait for the next one and enter it.",
        ),
    ),
    "STEP-ASKED-PASSWORD": (
        _text(
            "Перад гэтым пацвердзіце, што гэта вы.",
            "Перед этим подтвердите, что это вы.",
            "Before this is done, show that it is you.",
        ),
        _text(
            "Увядзіце свой пароль яшчэ раз і націсніце кнопку. Усё набранае захавана.",
            "Введите свой пароль ещё раз и нажмите кнопку. Всё набранное сохранено.",
            "Enter your password once more and press the button. Everything you typed is kept.",
        ),
    ),
    "STEP-WRONG-PASSWORD": (
        _text(
            "Гэта не ваш пароль, нічога не зроблена.",
            "Это не ваш пароль, ничего не сделано.",
            "This is not your password, and nothing is done.",
        ),
        _text(
            "Увядзіце пароль, з якім вы ўваходзіце.",
            "Введите пароль, с которым вы входите.",
            "Enter the password with which you sign in.",
        ),
    ),
    "STEP-TIRED-PASSWORD": (
        _text(
            "Занадта шмат няправільных пароляў, нічога не зроблена.",
            "Слишком много неверных паролей, ничего не сделано.",
            "Too many wrong passwords, and nothing is done.",
        ),
        _text("Паспрабуйце праз пяць хвілін.", "Попробуйте через пять минут.", "Try again in five minutes."),
    ),
    "STEP-ELSEWHERE": (
        _text(
            "Ваш уваход занадта даўні, каб нешта падпісаць, нічога не зроблена.",
            "Ваш вход слишком давний, чтобы что-то подписать, ничего не сделано.",
            "Your sign-in is too long ago to sign anything, and nothing is done.",
        ),
        _text(
            "Выйдзіце і ўвайдзіце зноў; адразу пасля гэтага можна дадаць уласны другі фактар.",
            "Выйдите и войдите снова; сразу после этого можно добавить собственный второй фактор.",
            "Sign out and in again; right after that you can add a second factor of your own.",
        ),
    ),
    "STEP-TIRED": (
        _text(
            "Занадта шмат няправільных кодаў, нічога не зроблена.",
            "Слишком много неверных кодов, ничего не сделано.",
            "Too many wrong codes, and nothing is done.",
        ),
        _text(
            "Паспрабуйце праз пяць хвілін. Ключ доступу і код аднаўлення дзейнічаюць і цяпер.",
            "Попробуйте через пять минут. Ключ доступа и код восстановления действуют и сейчас.",
            "Try again in five minutes. A passkey and a recovery code work even now.",
        ),
    ),
}


def fault(code: str, field: str = "") -> Fault:
    """Return one finding; raises KeyError for a code without words."""
    message, remedy = WORDS[code]
    return Fault(code, message, remedy, field=field, kind="form")

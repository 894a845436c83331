"""What identity has to say when something cannot be kept: each sentence and its remedy in the three languages."""

from __future__ import annotations

from app.errors import Fault, Invalid, Text


def _text(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


WORDS: dict[str, tuple[Text, Text]] = {
    "UNP-WRONG": (
        _text("Гэта не УНП.", "Это не УНП.", "This is not a UNP."),
        _text(
            "Увядзіце дзевяць знакаў УНП так, як у пасведчанні аб рэгістрацыі.",
            "Введите девять знаков УНП так, как в свидетельстве о регистрации.",
            "Enter the nine signs of the UNP as on the registration certificate.",
        ),
    ),
    "UNP-TAKEN": (
        _text(
            "Арганізацыя з такім УНП ужо ёсць.",
            "Организация с таким УНП уже есть.",
            "There is an organisation with this UNP already.",
        ),
        _text(
            "Знайдзіце яе ў спісе арганізацый.",
            "Найдите её в списке организаций.",
            "Find it in the list of organisations.",
        ),
    ),
    "AGENCY-TAKEN": (
        _text(
            "Арганізацыя гэтага ведамства ўжо ёсць.",
            "Организация этого ведомства уже есть.",
            "This agency has its organisation already.",
        ),
        _text(
            "Знайдзіце яе ў спісе арганізацый.",
            "Найдите её в списке организаций.",
            "Find it in the list of organisations.",
        ),
    ),
    "AGENCY-MISSING": (
        _text("Не пазначаны код ведамства.", "Не указан код ведомства.", "The code of the agency is missing."),
        _text("Увядзіце код, напрыклад BY-DVPN.", "Введите код, например BY-DVPN.", "Enter the code, such as BY-DVPN."),
    ),
    "NAME-MISSING": (
        _text("Не пазначана назва або імя.", "Не указано название или имя.", "The name is missing."),
        _text("Увядзіце яго цалкам.", "Введите его полностью.", "Enter it in full."),
    ),
    "EMAIL-WRONG": (
        _text("Гэта не адрас пошты.", "Это не адрес почты.", "This is not an e-mail address."),
        _text(
            "Увядзіце адрас накшталт name@example.by.",
            "Введите адрес вида name@example.by.",
            "Enter an address such as name@example.by.",
        ),
    ),
    "EMAIL-TAKEN": (
        _text(
            "Чалавек з такім адрасам ужо мае ўліковы запіс.",
            "Человек с таким адресом уже имеет учётную запись.",
            "Somebody with this address has an account already.",
        ),
        _text(
            "Знайдзіце яго ў спісе людзей і дадайце яму месца.",
            "Найдите его в списке людей и добавьте ему место.",
            "Find the person in the list of people and add a membership.",
        ),
    ),
    "ROLES-MISSING": (
        _text("Не выбрана ніводная роля.", "Не выбрана ни одна роль.", "No role is chosen."),
        _text("Выберыце хаця б адну.", "Выберите хотя бы одну.", "Choose at least one."),
    ),
    "ROLES-UNFIT": (
        _text(
            "Такой ролі ў арганізацыі гэтага віду няма.",
            "Такой роли в организации этого вида нет.",
            "An organisation of this kind has no such role.",
        ),
        _text(
            "Выберыце ролю, якая пасуе арганізацыі.",
            "Выберите роль, которая подходит организации.",
            "Choose a role that fits the organisation.",
        ),
    ),
    "DATES-ORDER": (
        _text(
            "Апошні дзень раней за першы.", "Последний день раньше первого.", "The last day is before the first day."
        ),
        _text(
            "Увядзіце апошні дзень не раней за першы або пакіньце яго пустым.",
            "Введите последний день не раньше первого или оставьте его пустым.",
            "Enter a last day that is not before the first, or leave it empty.",
        ),
    ),
    "SCOPE-MISSING": (
        _text(
            "Не выбрана, што брокер можа падаваць.",
            "Не выбрано, что брокер может подавать.",
            "Nothing is chosen that the broker may file.",
        ),
        _text(
            "Выберыце ўвоз, вываз або транзіт.",
            "Выберите ввоз, вывоз или транзит.",
            "Choose import, export or transit.",
        ),
    ),
    "BROKER-UNKNOWN": (
        _text("Брокера з такім УНП у акне няма.", "Брокера с таким УНП в окне нет.", "No broker here has this UNP."),
        _text(
            "Праверце УНП па дамове з брокерам.",
            "Проверьте УНП по договору с брокером.",
            "Check the UNP in your contract with the broker.",
        ),
    ),
    "PASSWORD-SHORT": (
        _text(
            "Пароль карацейшы за 12 знакаў.",
            "Пароль короче 12 знаков.",
            "The password has fewer than 12 characters.",
        ),
        _text(
            "Прыдумайце даўжэйшы: некалькі слоў побач лёгка запомніць.",
            "Придумайте длиннее: несколько слов подряд легко запомнить.",
            "Make it longer: a few words in a row are easy to remember.",
        ),
    ),
    "PASSWORD-LONG": (
        _text(
            "Пароль даўжэйшы за 200 знакаў.",
            "Пароль длиннее 200 знаков.",
            "The password has more than 200 characters.",
        ),
        _text("Зрабіце яго карацейшым.", "Сделайте его короче.", "Make it shorter."),
    ),
    "PASSWORD-COMMON": (
        _text("Такі пароль лёгка адгадаць.", "Такой пароль легко угадать.", "This password is easy to guess."),
        _text(
            "Вазьміце словы, якія нічога не кажуць пра вас і акно.",
            "Возьмите слова, которые ничего не говорят о вас и окне.",
            "Take words that say nothing about you or this window.",
        ),
    ),
    "PASSWORD-OWN": (
        _text(
            "Пароль утрымлівае ваш адрас пошты.",
            "Пароль содержит ваш адрес почты.",
            "The password contains your e-mail address.",
        ),
        _text("Вазьміце іншыя словы.", "Возьмите другие слова.", "Take other words."),
    ),
    "PASSWORD-NAMES": (
        _text(
            "Пароль складаецца з вашага імя, назвы арганізацыі або назвы акна.",
            "Пароль состоит из вашего имени, названия организации или названия окна.",
            "The password is made of your name, of the name of your organisation or of this window.",
        ),
        _text(
            "Дадайце словы, якія нічога не кажуць пра вас.",
            "Добавьте слова, которые ничего не говорят о вас.",
            "Add words that say nothing about you.",
        ),
    ),
    "PASSWORD-WRONG": (
        _text(
            "Гэта не той пароль, які ў вас цяпер.",
            "Это не тот пароль, который у вас сейчас.",
            "This is not the password you have now.",
        ),
        _text(
            "Увядзіце яго так, як пры ўваходзе.",
            "Введите его так, как при входе.",
            "Enter it as you sign in with it.",
        ),
    ),
    "REASON-SHORT": (
        _text(
            "Прычына карацейшая за 10 знакаў.",
            "Причина короче 10 знаков.",
            "The reason has fewer than 10 characters.",
        ),
        _text(
            "Напішыце, чаму спатрэбіўся аварыйны ўваход.",
            "Напишите, почему понадобился аварийный вход.",
            "Write why the glass has to be broken.",
        ),
    ),
    "SUBJECT-MISSING": (
        _text(
            "Няма ідэнтыфікатара ў правайдара або ён даўжэйшы за 255 знакаў.",
            "Нет идентификатора у провайдера или он длиннее 255 знаков.",
            "The identifier at the provider is missing or longer than 255 characters.",
        ),
        _text(
            "Увядзіце яго так, як яго паказвае старонка ўваходу гэтаму чалавеку.",
            "Введите его так, как его показывает страница входа этому человеку.",
            "Enter it as the sign-in page shows it to this person.",
        ),
    ),
    "SUBJECT-TAKEN": (
        _text(
            "Гэты ідэнтыфікатар ужо звязаны з чалавекам.",
            "Этот идентификатор уже связан с человеком.",
            "This identifier is linked with a person already.",
        ),
        _text(
            "Праверце яго; стары звязак здымаецца на старонцы таго чалавека.",
            "Проверьте его; старая связь снимается на странице того человека.",
            "Check it; an old link is taken away on the page of that person.",
        ),
    ),
    "LABEL-MISSING": (
        _text("У ключа няма назвы.", "У ключа нет названия.", "The key has no name."),
        _text(
            "Назавіце праграму, якая будзе ім карыстацца.",
            "Назовите программу, которая будет им пользоваться.",
            "Name the program that will use it.",
        ),
    ),
    "SCOPES-UNFIT": (
        _text("Ключ не можа больш за вас.", "Ключ не может больше вас.", "A key cannot do more than you may."),
        _text(
            "Выберыце з правоў, якія маеце самі.",
            "Выберите из прав, которые имеете сами.",
            "Choose from the rights that you have yourself.",
        ),
    ),
    "DAYS-UNFIT": (
        _text(
            "Не выбрана, колькі дзён ключ дзейнічае.",
            "Не выбрано, сколько дней ключ действует.",
            "It is not chosen for how many days the key is good.",
        ),
        _text(
            "Выберыце 30, 90, 180 або 365 дзён.",
            "Выберите 30, 90, 180 или 365 дней.",
            "Choose 30, 90, 180 or 365 days.",
        ),
    ),
    "OVERLAP-UNFIT": (
        _text(
            "Не выбрана, як доўга дзейнічаюць абодва ключы.",
            "Не выбрано, как долго действуют оба ключа.",
            "It is not chosen for how long both keys are good.",
        ),
        _text(
            "Выберыце 1 гадзіну, 1, 3 або 7 дзён.",
            "Выберите 1 час, 1, 3 или 7 дней.",
            "Choose 1 hour, 1, 3 or 7 days.",
        ),
    ),
}


def fault(code: str, field: str = "", value: str = "") -> Fault:
    """Return one finding of this room; raises KeyError for a code without words."""
    message, remedy = WORDS[code]
    return Fault(code, message, remedy, field=field, value=value, kind="form")


def refuse(faults: list[Fault]) -> None:
    """Raise Invalid with all faults at once when there are any."""
    if faults:
        raise Invalid(faults)

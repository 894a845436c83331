"""The demonstration country: a few organisations and people that work. Fictional, every one of them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class House:
    """An organisation: key (for people), kind, name, UNP or agency code, address."""

    key: str
    kind: str
    name: str
    unp: str | None = None
    agency: str | None = None
    city: str = "Мінск"
    address_line: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody: e-mail name, full name, language, house, roles, post, office, personal number."""

    email: str
    full_name: str
    language: str
    house: str
    roles: tuple[str, ...]
    post: str = ""
    office: str = ""
    personal_number: str = ""


DOMAIN = "akno.example"

HOUSES = (
    House("belmyaso", "trader", "ТАА «Белмяса Трэйд»", unp="190142358", address_line="вул. Каліноўскага, 12"),
    House("velo", "trader", "ТАА «Вела Мінск»", unp="192381579", address_line="вул. Арлоўская, 40"),
    House("solnce", "trader", "ТАА «Сонца Энерга»", unp="190567235", address_line="вул. Сурганава, 7"),
    House("polesie", "trader", "ААТ «Палескі Лес»", unp="290345617", city="Пінск", address_line="вул. Брэсцкая, 118"),
    House(
        "granitsa", "broker", "ТАА «Граніца Брокер»", unp="191678343", city="Брэст", address_line="вул. Масквоўская, 3"
    ),
    House(
        "carrier", "carrier", "ТАА «Белтранс-Шлях»", unp="590123450", city="Гродна", address_line="вул. Суворава, 300"
    ),
    House(
        "warehouse", "warehouse", "ТАА «Козлавічы-СЧС»", unp="291678906", city="Брэст", address_line="вул. Цеплічная, 1"
    ),
    House("customs", "agency", "Дзяржаўны мытны камітэт", agency="BY-GTK"),
    House("veterinary", "agency", "Дэпартамент ветэрынарнага і харчовага нагляду", agency="BY-DVPN"),
    House("plants", "agency", "Галоўдзяржінспекцыя па насенняводстве, каранціне і ахове раслін", agency="BY-GGISKZR"),
    House("nature", "agency", "Міністэрства прыродных рэсурсаў і аховы навакольнага асяроддзя", agency="BY-MPR"),
    House("hygiene", "agency", "Рэспубліканскі цэнтр гігіены, эпідэміялогіі і грамадскага здароўя", agency="BY-RCHEPH"),
    House("transport", "agency", "Транспартная інспекцыя", agency="BY-TI"),
    House("operator", "operator", "Аператар «Аднаго акна»"),
    House("audit", "auditor", "Камітэт дзяржаўнага кантролю"),
)

PEOPLE = (
    Who("anna", "Ганна Каваленка", "be", "belmyaso", ("trader-owner",), "дырэктар"),
    Who("piotr", "Пётр Сідарук", "ru", "belmyaso", ("trader-clerk",), "спецыяліст па ЗЭД"),
    Who("vera", "Вера Велікановіч", "be", "velo", ("trader-owner",), "дырэктар"),
    Who("sofia", "Сафія Сонцава", "en", "solnce", ("trader-owner",), "дырэктар"),
    Who("les", "Алесь Палескі", "be", "polesie", ("trader-owner",), "дырэктар"),
    Who("bogdan", "Багдан Гранічны", "ru", "granitsa", ("broker",), "дэкларант"),
    Who("stas", "Станіслаў Шляховіч", "be", "carrier", ("carrier",), "дыспетчар"),
    Who("zoya", "Зоя Складская", "ru", "warehouse", ("warehouse",), "загадчыца склада"),
    Who("maria", "Марыя Мытнік", "be", "customs", ("customs-officer",), "інспектар", personal_number="214"),
    Who("maksim", "Максім Мытнік", "be", "customs", ("customs-officer", "analyst"), "інспектар", personal_number="216"),
    Who("mikola", "Мікола Мытнік", "ru", "customs", ("customs-officer", "supervisor"), "начальнік змены", personal_number="207"),
    Who("ihar", "Ігар Мытнік", "be", "customs", ("customs-officer", "supervisor"), "начальнік змены", personal_number="209"),
    Who("olga", "Вольга Зайцава", "be", "veterinary", ("officer",), "ветэрынарны інспектар", personal_number="V-31"),
    Who("vasil", "Васіль Ветэрынарны", "be", "veterinary", ("officer", "analyst"), "ветэрынарны інспектар", personal_number="V-33"),
    Who("oleg", "Алег Зайцаў", "ru", "veterinary", ("officer", "supervisor"), "старшы інспектар", personal_number="V-12"),
    Who("fyodar", "Фёдар Раслінскі", "be", "plants", ("officer", "analyst"), "дзяржаўны інспектар", personal_number="F-44"),
    Who("faina", "Фаіна Раслінская", "ru", "plants", ("officer", "supervisor"), "старшы інспектар", personal_number="F-09"),
    Who("nina", "Ніна Прыродная", "be", "nature", ("officer", "analyst"), "галоўны спецыяліст", personal_number="N-21"),
    Who("natallia", "Наталля Прыродная", "be", "nature", ("officer",), "вядучы спецыяліст", personal_number="N-24"),
    Who("nazar", "Назар Прыродны", "ru", "nature", ("officer", "supervisor"), "начальнік аддзела", personal_number="N-03"),
    Who("hanna", "Ганна Гігіенская", "be", "hygiene", ("officer",), "урач-гігіеніст", personal_number="S-18"),
    Who("henadz", "Генадзь Гігіенскі", "ru", "hygiene", ("officer", "supervisor"), "загадчык аддзела", personal_number="S-05"),
    Who("taras", "Тарас Дарожны", "be", "transport", ("officer",), "інспектар", personal_number="T-77"),
    Who("tamara", "Тамара Дарожная", "ru", "transport", ("officer", "supervisor"), "старшы інспектар", personal_number="T-02"),
    Who("admin", "Адам Аператар", "en", "operator", ("administrator",), "адміністратар"),
    Who("audit", "Аўдзей Кантрольны", "be", "audit", ("auditor",), "аўдытар"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trust:
    """A mandate: which trader lets which broker act, for which directions, from and to how many days from today."""

    trader: str
    broker: str
    scope: tuple[str, ...]
    begins: int = -30
    ends: int | None = 335
    accepted: bool = field(default=True)


MANDATES = (
    Trust("belmyaso", "granitsa", ("import",)),
    Trust("velo", "granitsa", ("import", "export"), begins=-400, ends=-10),
    Trust("polesie", "granitsa", ("export",), accepted=False, begins=0),
)

"""Every code that a refusal of the API can carry, in one place: what it means and what to do, in three languages.

A test reads the code base and proves that no refusal carries a code that is not here. The faults of packages are another list:
the rule catalogue. The page /problems is made of this table, and the ``type`` of a problem document leads to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import Text


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means: the HTTP statuses it comes with, its title, what happened, what to do."""

    statuses: tuple[int, ...]
    title: Text
    meaning: Text
    remedy: Text


def _texts(be: str, ru: str, en: str) -> Text:
    return {"be": be, "ru": ru, "en": en}


_AGAIN = _texts(
    "Паўтарыце запыт пазней, праз столькі секунд, колькі кажа Retry-After.",
    "Повторите запрос позже, через столько секунд, сколько говорит Retry-After.",
    "Send the request again later, after as many seconds as Retry-After says.",
)

CODES: Mapping[str, Meaning] = {
    "not-scanned": Meaning(
        (409,),
        _texts("Файл яшчэ правяраецца", "Файл ещё проверяется", "The file is still being scanned"),
        _texts(
            "Файл правяраецца на шкодныя праграмы. Да гэтага ніхто не можа яго адкрыць і ніхто не вырашае пра пакет. "
            "Нічога не страчана.",
            "Файл проверяется на вредоносные программы. До этого никто не может его открыть и никто не решает о пакете. "
            "Ничего не потеряно.",
            "The file is being scanned for malicious software. Nobody can open it before that, and nobody decides on its "
            "package. Nothing is lost.",
        ),
        _texts(
            "Паўтарыце запыт праз хвіліну. Член scan у /documents/{document_id} кажа, як далёка справа; занадта вялікі для "
            "праверкі файл падзяліце.",
            "Повторите запрос через минуту. Член scan в /documents/{document_id} говорит, как далеко дело; слишком большой "
            "для проверки файл разделите.",
            "Send the request again in a minute. The member scan of /documents/{document_id} says how far it is; split a "
            "file that is too large to be scanned.",
        ),
    ),
    "infected-file": Meaning(
        (409,),
        _texts("У файле шкодная праграма", "В файле вредоносная программа", "There is malicious software in a file"),
        _texts(
            "Сканер знайшоў у файле пакета шкодную праграму; ніхто не можа яго адкрыць.",
            "Сканер нашёл в файле пакета вредоносную программу; никто не может его открыть.",
            "A scanner found malicious software in a file of the package; nobody can open it.",
        ),
        _texts(
            "Прышліце змену пакета з чыстай копіяй дакумента.",
            "Пришлите изменение пакета с чистой копией документа.",
            "Send a change of the package with a clean copy of the document.",
        ),
    ),
    "request": Meaning(
        (400,),
        _texts("Запыт не той формы", "Запрос не той формы", "The request does not have the form that the API asks for"),
        _texts(
            "Параметр ці член JSON адсутнічае, лішні або мае значэнне не таго віду. errors[] называе кожнае месца.",
            "Параметр или член JSON отсутствует, лишний или имеет значение не того вида. errors[] называет каждое место.",
            "A parameter or a JSON member is missing, not known, or of another kind. errors[] names each place.",
        ),
        _texts(
            "Выпраўце названыя месцы; форма апісана ў /api/openapi.json.",
            "Исправьте названные места; форма описана в /api/openapi.json.",
            "Mend the places named; the form is described in /api/openapi.json.",
        ),
    ),
    "idempotency-key": Meaning(
        (400,),
        _texts("Патрэбны Idempotency-Key", "Нужен Idempotency-Key", "An Idempotency-Key is needed"),
        _texts(
            "Пакет падаецца толькі з загалоўкам Idempotency-Key даўжынёй ад 1 да 255 знакаў. Нічога не прынята.",
            "Пакет подаётся только с заголовком Idempotency-Key длиной от 1 до 255 знаков. Ничего не принято.",
            "A package is filed only with the header Idempotency-Key of 1 to 255 characters. Nothing was taken in.",
        ),
        _texts(
            "Дайце кожнай падачы свой ключ, напрыклад UUID, і паўтарайце яе з тым самым ключом.",
            "Дайте каждой подаче свой ключ, например UUID, и повторяйте её с тем же ключом.",
            "Give each filing a key of its own, for example a UUID, and repeat it with the same key.",
        ),
    ),
    "key-needed": Meaning(
        (401,),
        _texts("Патрэбны ключ API", "Нужен ключ API", "An API key is needed"),
        _texts(
            "Ключа няма, ён з памылкай, адкліканы або скончыўся.",
            "Ключа нет, он с ошибкой, отозван или истёк.",
            "There is no key, or it is mistyped, revoked or expired.",
        ),
        _texts(
            "Дашліце загаловак «Authorization: Bearer akno_…» з дзейным ключом са старонкі ключоў.",
            "Пришлите заголовок «Authorization: Bearer akno_…» с действующим ключом со страницы ключей.",
            "Send the header “Authorization: Bearer akno_…” with a key of the keys page that is alive.",
        ),
    ),
    "not-allowed": Meaning(
        (403,),
        _texts("Ваш ключ гэтага не можа", "Вашему ключу этого нельзя", "Your key may not do this"),
        _texts(
            "Ключу не хапае права, або права няма ў чалавека ці арганізацыі, ад імя якіх ён дзейнічае. detail кажа, чаго менавіта.",
            "Ключу не хватает права, или права нет у человека либо организации, от имени которых он действует. detail говорит, чего именно.",
            "The key lacks a right, or the person or organisation it acts for does. detail says which.",
        ),
        _texts(
            "Стварыце ключ з гэтым правам або папрасіце таго, хто яго мае.",
            "Создайте ключ с этим правом или попросите того, у кого оно есть.",
            "Make a key with this right, or ask somebody who has it.",
        ),
    ),
    "not-found": Meaning(
        (404,),
        _texts("Такога няма, або яно не ваша", "Такого нет, или оно не ваше", "There is no such thing, or it is not yours"),
        _texts(
            "Пад гэтым адрасам нічога няма для вашага ключа. Чужое і адсутнае не адрозніваюцца.",
            "Под этим адресом ничего нет для вашего ключа. Чужое и отсутствующее не различаются.",
            "There is nothing for your key at this address. What is not yours and what is not there look alike.",
        ),
        _texts(
            "Праверце ідэнтыфікатар, курсор і ключ.",
            "Проверьте идентификатор, курсор и ключ.",
            "Look at the id, the cursor and the key.",
        ),
    ),
    "conflict": Meaning(
        (409,),
        _texts("Стан справы гэтага не дазваляе", "Состояние дела этого не допускает", "The state of things does not allow it"),
        _texts(
            "Стан справы не дазваляе гэтага: напрыклад, хтосьці апярэдзіў вас. detail кажа чаму, іншыя члены — што дзейнічае цяпер.",
            "Состояние дела не допускает этого: например, кто-то опередил вас. detail говорит почему, другие члены — что действует сейчас.",
            "The state of things does not let this happen: somebody was first, for example. detail says why, further members say what holds now.",
        ),
        _texts(
            "Прачытайце стан нанава і вырашыце, што рабіць далей.",
            "Прочитайте состояние заново и решите, что делать дальше.",
            "Read the state anew and decide what to do.",
        ),
    ),
    "amend-closed": Meaning(
        (409,),
        _texts("Пакет больш не змяняецца", "Пакет больше не меняется", "The package can no longer be changed"),
        _texts(
            "Пакет ужо выпушчаны, адмоўлены або адкліканы: тое, што пададзена, застаецца як ёсць.",
            "Пакет уже выпущен, в нём отказано или он отозван: поданное остаётся как есть.",
            "The package is released, refused or withdrawn: what was filed stays as it is.",
        ),
        _texts(
            "Для іншай партыі падайце новы пакет з новым LRN.",
            "Для другой партии подайте новый пакет с новым LRN.",
            "For another consignment file a new package under a new LRN.",
        ),
    ),
    "duplicate-content": Meaning(
        (409,),
        _texts("Такое ж ужо зарэгістравана", "Такое же уже зарегистрировано", "The same is registered already"),
        _texts(
            "Тыя самыя байты або роўны па змесце пакет апошніх сутак ужо зарэгістраваны; registered_receipt называе яго распіску.",
            "Те же байты или равный по содержанию пакет последних суток уже зарегистрированы; registered_receipt называет расписку.",
            "The very package, or one of equal content within a day, is registered already; registered_receipt names its receipt.",
        ),
        _texts(
            "Калі гэта другая партыя, падайце яе пад іншым LRN з новым Idempotency-Key і загалоўкам X-Second-Consignment: yes.",
            "Если это вторая партия, подайте её под другим LRN с новым Idempotency-Key и заголовком X-Second-Consignment: yes.",
            "If it is a second consignment, file it under another LRN with a new Idempotency-Key and X-Second-Consignment: yes.",
        ),
    ),
    "key-reused": Meaning(
        (422,),
        _texts("Idempotency-Key ужо выкарыстаны", "Idempotency-Key уже использован", "The Idempotency-Key was used before"),
        _texts(
            "З гэтым ключом вы ўжо даслалі іншыя байты; receipt называе распіску. Нічога новага не прынята.",
            "С этим ключом вы уже прислали другие байты; receipt называет расписку. Ничего нового не принято.",
            "You sent other bytes with this key before; receipt names its receipt. Nothing new was taken in.",
        ),
        _texts(
            "Дайце новай падачы новы ключ.", "Дайте новой подаче новый ключ.", "Give a new filing a new key."
        ),
    ),
    "stale": Meaning(
        (412,),
        _texts("З'явілася навейшая версія", "Появилась более новая версия", "A newer version has come"),
        _texts(
            "Вы змяняеце версію, якая больш не дзейнічае. Нічога не зроблена; version называе дзейную.",
            "Вы меняете версию, которая больше не действует. Ничего не сделано; version называет действующую.",
            "You change a version that no longer holds. Nothing is done; version names the one that does.",
        ),
        _texts(
            "Прачытайце дзейную версію, унясіце змену ў яе і дашліце з яе ETag.",
            "Прочитайте действующую версию, внесите изменение в неё и пришлите с её ETag.",
            "Read the version that holds, make the change in it, and send it with its ETag.",
        ),
    ),
    "precondition-needed": Meaning(
        (428,),
        _texts("Назавіце версію, якую змяняеце", "Назовите версию, которую меняете", "Say which version you change"),
        _texts(
            "Змена прымаецца толькі разам з назвай версіі, якую вы бачылі.",
            "Изменение принимается только вместе с названием версии, которую вы видели.",
            "A change is taken only together with the name of the version that you saw.",
        ),
        _texts(
            "Дашліце загаловак If-Match з ETag пакета або параметр version.",
            "Пришлите заголовок If-Match с ETag пакета или параметр version.",
            "Send the header If-Match with the ETag of the package, or the parameter version.",
        ),
    ),
    "faults": Meaning(
        (422,),
        _texts("Ёсць што выправіць", "Есть что исправить", "There is something to mend"),
        _texts(
            "У дасланым ёсць памылкі: errors[] называе ўсе адразу, кожную з месцам і спосабам выпраўлення. Дасланы пакет захаваны разам з распіскай.",
            "В присланном есть ошибки: errors[] называет все сразу, каждую с местом и способом исправления. Присланный пакет сохранён вместе с распиской.",
            "What was sent has faults: errors[] names all of them at once, each with its place and remedy. A package sent is kept with its receipt.",
        ),
        _texts(
            "Выпраўце ўсе памылкі і дашліце зноў; пакет — з новым Idempotency-Key, яго LRN не патрачаны.",
            "Исправьте все ошибки и пришлите снова; пакет — с новым Idempotency-Key, его LRN не потрачен.",
            "Mend all of them and send it again; a filing with a new Idempotency-Key, its LRN is not used up.",
        ),
    ),
    "edition-gone": Meaning(
        (410,),
        _texts("Дзейнічае іншае выданне даведнікаў", "Действует другое издание справочников", "Another edition holds by now"),
        _texts(
            "Названае выданне даведнікаў больш не дзейнічае; edition і hash называюць дзейнае.",
            "Названное издание справочников больше не действует; edition и hash называют действующее.",
            "The edition of the reference data that you named no longer holds; edition and hash name the one that does.",
        ),
        _texts(
            "Прачытайце дзейнае выданне або скажыце праз on=, на які дзень патрэбныя радкі.",
            "Прочитайте действующее издание или скажите через on=, на какой день нужны строки.",
            "Read the edition that holds, or say with on= for which day you need the rows.",
        ),
    ),
    "not-yet": Meaning(
        (409,),
        _texts("Паперы яшчэ няма", "Бумаги ещё нет", "There is no paper yet"),
        _texts(
            "Тавары выпушчаны, а пасведчанне аб выпуску яшчэ рыхтуецца: звычайна лічаныя секунды.",
            "Товары выпущены, а свидетельство о выпуске ещё готовится: обычно считанные секунды.",
            "The goods are released and the clearance is still being drawn up: usually a matter of seconds.",
        ),
        _AGAIN,
    ),
    "version-unknown": Meaning(
        (400,),
        _texts("Такой версіі API няма", "Такой версии API нет", "There is no such version of the API"),
        _texts(
            "Загаловак Akno-Version называе дзень, якім не пазначана ніводная версія API.",
            "Заголовок Akno-Version называет день, которым не обозначена ни одна версия API.",
            "The header Akno-Version names a day that no version of the API has.",
        ),
        _texts(
            "Назавіце версію са старонкі змен або не пасылайце загалоўка: тады дзейнічае цяперашняя.",
            "Назовите версию со страницы изменений или не посылайте заголовка: тогда действует нынешняя.",
            "Name a version of the changelog, or leave the header out: then the present one answers.",
        ),
    ),
    "unavailable": Meaning(
        (503,),
        _texts("Гэтая частка акна зараз закрыта", "Эта часть окна сейчас закрыта", "This part of the window is closed for the moment"),
        _texts(
            "Акно вельмі занята, або яго частка не можа працаваць. Нічога не зроблена напалову.",
            "Окно очень занято, или его часть не может работать. Ничего не сделано наполовину.",
            "The window is very busy, or a part of it cannot work. Nothing was half done.",
        ),
        _AGAIN,
    ),
    "too-many-requests": Meaning(
        (429,),
        _texts("Занадта шмат запытаў за хвіліну", "Слишком много запросов за минуту", "Too many requests in a minute"),
        _texts(
            "Лічацца запыты аднаго ключа, а без ключа — аднаго адраса, за апошнія 60 секунд.",
            "Считаются запросы одного ключа, а без ключа — одного адреса, за последние 60 секунд.",
            "The requests of one key, or without a key of one address, in the last 60 seconds are counted.",
        ),
        _AGAIN,
    ),
    "our-mistake": Meaning(
        (500,),
        _texts("Памылка на нашым баку", "Ошибка на нашей стороне", "Something broke on our side"),
        _texts(
            "Нешта зламалася ў нас. З дасланага нічога не зроблена напалову.",
            "Что-то сломалось у нас. Из присланного ничего не сделано наполовину.",
            "Something broke on our side; nothing of what you sent was half done.",
        ),
        _texts(
            "Паўтарыце з тым самым Idempotency-Key; калі паўторыцца, паведаміце request_id.",
            "Повторите с тем же Idempotency-Key; если повторится, сообщите request_id.",
            "Send it again with the same Idempotency-Key; if it happens again, tell us the request_id.",
        ),
    ),
    "refused": Meaning(
        (400,),
        _texts("Адмоўлена", "Отказано", "Refused"),
        _texts("detail кажа чаму.", "detail говорит почему.", "detail says why."),
        _texts("Выпраўце тое, што названа.", "Исправьте названное.", "Mend what is named."),
    ),
    "http-400": Meaning(
        (400,),
        _texts("Запыт нельга прачытаць", "Запрос нельзя прочитать", "The request cannot be read"),
        _texts(
            "Запыт парушае HTTP або мае знакі, якіх няма ні ў адной мове (NUL).",
            "Запрос нарушает HTTP или содержит знаки, которых нет ни в одном языке (NUL).",
            "The request breaks HTTP, or has signs that are letters of no language (NUL).",
        ),
        _texts("Выпраўце запыт.", "Исправьте запрос.", "Mend the request."),
    ),
    "http-404": Meaning(
        (404,),
        _texts("Такога адраса няма", "Такого адреса нет", "There is no such address"),
        _texts(
            "API не мае гэтага адраса, або ідэнтыфікатар у ім не UUID.",
            "У API нет этого адреса, или идентификатор в нём не UUID.",
            "The API has no such address, or the id in it is no UUID.",
        ),
        _texts("Адрасы ёсць у /api/openapi.json.", "Адреса есть в /api/openapi.json.", "The addresses are in /api/openapi.json."),
    ),
    "http-405": Meaning(
        (405,),
        _texts("Гэты метад тут не працуе", "Этот метод здесь не работает", "This method does not work here"),
        _texts(
            "Адрас ёсць, але не для гэтага метаду; загаловак Allow называе дазволеныя.",
            "Адрес есть, но не для этого метода; заголовок Allow называет допустимые.",
            "The address is there, but not for this method; the header Allow names those that work.",
        ),
        _texts("Вазьміце метад з Allow.", "Возьмите метод из Allow.", "Take a method of Allow."),
    ),
    "http-413": Meaning(
        (413,),
        _texts("Занадта вялікае цела", "Слишком большое тело", "The body is too large"),
        _texts(
            "Дасланае большае за мяжу акна.", "Присланное больше предела окна.", "What was sent is larger than the window takes."
        ),
        _texts(
            "Кладзіце вялікія дакументы ў бібліятэку асобна і спасылайцеся на іх.",
            "Кладите большие документы в библиотеку отдельно и ссылайтесь на них.",
            "Put large documents into the library one by one and refer to them.",
        ),
    ),
    "http-415": Meaning(
        (415,),
        _texts("Не той від змесціва", "Не тот вид содержимого", "Not this kind of content"),
        _texts(
            "Content-Type не той, якога чакае аперацыя.",
            "Content-Type не тот, которого ждёт операция.",
            "The Content-Type is not the one that the operation asks for.",
        ),
        _texts("Від апісаны ў /api/openapi.json.", "Вид описан в /api/openapi.json.", "The kind is described in /api/openapi.json."),
    ),
    "http-error": Meaning(
        (400,),
        _texts("Запыт нельга выканаць", "Запрос нельзя выполнить", "The request cannot be done"),
        _texts("detail кажа чаму.", "detail говорит почему.", "detail says why."),
        _texts("Выпраўце запыт.", "Исправьте запрос.", "Mend the request."),
    ),
}  # fmt: skip

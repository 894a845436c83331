"""The forms of identity. Nothing is demanded by HTML; what is missing is said by the server, in our words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.errors import Fault
from app.shell import TONGUES, t

KINDS = (
    ("trader", _l("Trader")),
    ("broker", _l("Broker")),
    ("carrier", _l("Carrier")),
    ("warehouse", _l("Temporary storage warehouse")),
    ("agency", _l("Agency")),
    ("operator", _l("Operator of the window")),
    ("auditor", _l("Auditor")),
)
ROLES = (
    ("trader-owner", _l("Trader: owner (files, gives mandates, makes keys)")),
    ("trader-clerk", _l("Trader: clerk (files)")),
    ("trader-reader", _l("Trader: reader")),
    ("broker", _l("Broker")),
    ("carrier", _l("Carrier (sends advance information, reports from the road)")),
    ("warehouse", _l("Warehouse (reports arrivals and seals)")),
    ("officer", _l("Officer of an agency")),
    ("customs-officer", _l("Customs officer (releases)")),
    ("supervisor", _l("Supervisor of an agency")),
    ("analyst", _l("Risk analyst")),
    ("auditor", _l("Auditor")),
    ("administrator", _l("Administrator")),
)
KEY_DAYS = tuple((days, _l("%(days)s days", days=days)) for days in (30, 90, 180, 365))
OVERLAPS = ((1, _l("1 hour")), (24, _l("1 day")), (72, _l("3 days")), (168, _l("7 days")))
DIRECTIONS = (("import", _l("Import")), ("export", _l("Export")), ("transit", _l("Transit")))
KEY_SCOPES = (
    ("file", _l("File packages and upload documents")),
    ("read", _l("Read packages, documents and clearances")),
    ("answer", _l("Answer questions and amend packages")),
    ("withdraw", _l("Withdraw packages")),
    ("webhooks", _l("Manage webhooks")),
    ("advance", _l("Send advance information")),
    ("movement", _l("Report position, arrival and seals")),
)


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return pairs of value and words as WTForms wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def show_faults(form: FlaskForm, faults: Sequence[Fault]) -> None:
    """Put what an activity found at the fields it names, in the reader's language; the rest goes above the form."""
    for found in faults:
        words = f"{t(found.message)} {t(found.remedy)}"
        if found.field in form:
            form[found.field].errors = [*form[found.field].errors, words]
        else:
            form.form_errors.append(words)


class DayField(DateField):  # type: ignore[misc]
    """A day, read as 22.11.2026 or 2026-11-22, with our words for what is no day."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%d", "%d.%m.%Y"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; raises ValueError in our words, which WTForms shows at the field."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(_l("Enter a day such as 22.11.2026.")) from None


def _number(text: Any) -> int:
    """A choice that is a number; anything else is a number that nobody offered."""
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 6 else -1


def _key_days() -> SelectField:
    """Not offered means not chosen: the activity says so, in our words."""
    return SelectField(
        _l("How long the key is good"), choices=choices(KEY_DAYS), coerce=_number, default=365, validate_choice=False
    )


def _valid_from() -> DayField:
    return DayField(_l("First day"), [InputRequired(_l("Enter the first day."))])


def _valid_until() -> DayField:
    return DayField(_l("Last day"), [Optional()], description=_l("Leave it empty when no end is known."))


def after(last_day: date | None) -> date | None:
    """Turn the last day of a form into the first day on which it no longer holds."""
    return last_day + timedelta(days=1) if last_day else None


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Who are you."""

    email = EmailField(_l("E-mail"), [InputRequired(_l("Enter your e-mail.")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password."))])


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """For which account a password is forgotten."""

    email = EmailField(
        _l("E-mail"),
        [InputRequired(_l("Enter your e-mail.")), Length(max=254, message=_l("Use at most 254 characters."))],
    )


class KnownPasswordForm(FlaskForm):  # type: ignore[misc]
    """The password so far; above the others, for faults are listed in the order of the fields."""

    current = PasswordField(_l("Password so far"), [InputRequired(_l("Enter the password you have now."))])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A first password, by invitation."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a password."))],
        description=_l("At least 12 characters. A few words in a row are good."),
    )
    again = PasswordField(_l("The same password again"))

    def validate_again(self, field: PasswordField) -> None:
        """Both must be the same, for neither is seen."""
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords differ. Enter the same one twice."))


class PasswordForm(KnownPasswordForm, NewPasswordForm):
    """A new password for somebody who knows the old one."""


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """In which language the window speaks to me."""

    language = RadioField(_l("Language"), choices=choices(TONGUES.items()))


class KeyForm(FlaskForm):  # type: ignore[misc]
    """A key for a program."""

    label = StringField(
        _l("Name of the key"),
        [Length(max=80)],
        description=_l("The program that will use it, such as “Warehouse system”."),
    )
    scopes = SelectMultipleField(_l("What the key may do"), choices=choices(KEY_SCOPES))
    days = _key_days()


class RotationForm(FlaskForm):  # type: ignore[misc]
    """A key in the place of another."""

    overlap = SelectField(
        _l("How long both keys are good"),
        choices=choices(OVERLAPS),
        coerce=_number,
        default=24,
        validate_choice=False,
        description=_l("In this time, put the new key into your program. Then the older one ends."),
    )
    days = _key_days()


class MandateForm(FlaskForm):  # type: ignore[misc]
    """Let a broker act for us."""

    broker_unp = StringField(_l("UNP of the broker"), description=_l("Nine signs."))
    scope = SelectMultipleField(_l("What the broker may file for you"), choices=choices(DIRECTIONS))
    valid_from = _valid_from()
    valid_until = _valid_until()


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """Register an organisation."""

    kind = RadioField(_l("Kind"), choices=choices(KINDS), validators=[InputRequired(_l("Choose the kind."))])
    name = StringField(_l("Name"), [Length(max=160, message=_l("Use at most 160 characters."))])
    unp = StringField(_l("UNP"), description=_l("For traders, brokers, carriers and warehouses: nine signs."))
    agency = StringField(_l("Code of the agency"), description=_l("For agencies only, such as BY-DVPN."))
    city = StringField(_l("City"), [Length(max=35, message=_l("Use at most 35 characters."))])
    address_line = StringField(_l("Street and house"), [Length(max=70, message=_l("Use at most 70 characters."))])


class MembershipForm(FlaskForm):  # type: ignore[misc]
    """A place in an organisation."""

    organisation = SelectField(_l("Organisation"), validators=[InputRequired(_l("Choose the organisation."))])
    roles = SelectMultipleField(_l("Roles"), choices=choices(ROLES))
    post = StringField(_l("Post"), [Length(max=80, message=_l("Use at most 80 characters."))])
    office_code = StringField(
        _l("Code of the unit"), [Length(max=8)], description=_l("Only for officers of one unit, such as 06611.")
    )
    valid_from = _valid_from()
    valid_until = _valid_until()


class PersonForm(MembershipForm):
    """Invite a person with a first place."""

    email = EmailField(_l("E-mail"), [Length(max=254)])
    full_name = StringField(_l("Full name"), [Length(max=120, message=_l("Use at most 120 characters."))])
    personal_number = StringField(
        _l("Personal number"), [Length(max=16)], description=_l("For officers: it stands on the clearance.")
    )
    language = RadioField(_l("Language"), choices=choices(TONGUES.items()), default="be")

"""The forms of second factors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length


class ProofForm(FlaskForm):  # type: ignore[misc]
    """The second factor at the door: a code, or what the browser says of a passkey."""

    code = StringField(
        _l("Code"), description=_l("Six digits from the app on your phone. Lost it? A recovery code works here too.")
    )
    passkey = HiddenField()


class FactorForm(FlaskForm):  # type: ignore[misc]
    """A new second factor: an app that shows its first code, or a passkey the browser has just made."""

    label = StringField(
        _l("Name"), [Length(max=80, message=_l("Use at most 80 characters."))],
        description=_l("So that you know it again, such as “My phone”."),
    )  # fmt: skip
    code = StringField(_l("Code"), description=_l("Six digits that the app shows now."))
    offer = HiddenField()
    passkey = HiddenField()

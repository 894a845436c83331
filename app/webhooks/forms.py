"""The forms of webhooks. Nothing is demanded by HTML; what is missing is said by the server, in our words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from app.identity.forms import choices
from app.webhooks.knowledge import KNOWN
from app.webhooks.managing import LABEL, OVERLAP_HOURS

OVERLAPS = (
    (0, _l("none: the older secret ends at once")),
    (1, _l("one hour")),
    (24, _l("one day")),
    (72, _l("three days")),
    (168, _l("seven days")),
)


class EndpointForm(FlaskForm):  # type: ignore[misc]
    """Where to, under which name, which events."""

    url = StringField(
        _l("Address"),
        description=_l("Begins with https://. A server that is open to the internet, port 443 or 8443."),
    )
    label = StringField(
        _l("Name"), [Length(max=LABEL, message=_l("Enter at most 80 characters."))],
        description=_l("What you call it, for example the program that receives the events."),
    )  # fmt: skip
    events = SelectMultipleField(
        _l("Events"), choices=choices((name, row.words) for name, row in KNOWN.items()), validate_choice=False,
        description=_l("Tick none to be told of every event, also of those that come later."),
    )  # fmt: skip


class RotationForm(FlaskForm):  # type: ignore[misc]
    """How long the older secret holds."""

    hours = SelectField(
        _l("Both secrets hold for"), coerce=int, choices=choices((str(key), words) for key, words in OVERLAPS),
        default=OVERLAP_HOURS, validate_choice=False,
    )  # fmt: skip


class RangeForm(FlaskForm):  # type: ignore[misc]
    """From which place of the feed to which."""

    after = IntegerField(
        _l("After position"), [InputRequired(_l("Enter a position of the feed."))],
        description=_l("The log says the position of each event. The event at this one is left out."),
    )  # fmt: skip
    until = IntegerField(_l("Up to position"), [InputRequired(_l("Enter a position of the feed."))])

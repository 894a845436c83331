"""The decision form: prefilled, read as typed, nothing taken that was not asked for."""

from __future__ import annotations

from app.reviews import forms
from app.reviews.models import Review


def review() -> Review:
    return Review(agency="BY-DVPN", items=[1, 3], results={})


def test_a_blank_form_has_the_appeal_data_and_no_choice():
    values = forms.blank(review(), "en")
    assert values["item-1-outcome"] == ""
    assert values["item-3-appeal_office"] == "Ministry of Agriculture and Food"
    assert values["item-3-appeal_days"] == "365"


def test_what_was_typed_is_kept_as_typed():
    sent = {
        "version": "x",
        "digest": "d",
        "item-1-outcome": "refused",
        "item-1-appeal_days": "ten",
        "item-9-outcome": "a",
    }
    read = forms.read(sent, review(), "en")
    assert (read.version, read.digest) == (0, "d")
    assert read.typed["item-1-appeal_days"] == "ten"
    assert "item-9-outcome" not in read.typed
    assert [(item.number, item.outcome, item.appeal_days) for item in read.said.items] == [(1, "refused", None)]


def test_the_tick_approves_the_rest_only():
    read = forms.read({"item-1-outcome": "refused", "rest": "yes"}, review(), "en")
    assert [(item.number, item.outcome) for item in read.said.items] == [(1, "refused"), (3, "approved")]


def test_the_law_of_the_reason_in_the_officers_language():
    sent = {"item-1-outcome": "refused", "item-1-reason_code": "VET-SAFETY"}
    assert forms.read(sent, review(), "be").said.items[0].legal_ground.startswith("Рашэнне Камісіі")
    sent |= {"item-1-legal_ground": "Own words"}
    assert forms.read(sent, review(), "be").said.items[0].legal_ground == "Own words"

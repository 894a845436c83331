"""The officers' desk: questions, versions, clocks, inspections, four eyes, partial release, counts of the queue."""

import json

import sqlalchemy as sa
from alembic import op

from app.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = "('queued', 'claimed', 'question', 'inspection', 'proposed')"
_TALLY = "INSERT INTO queue_tallies (agency, office_code, status, due_on, number)"
_NEW = f"{_TALLY} SELECT NEW.agency, NEW.office_code, NEW.status, NEW.due_on, 1 WHERE NEW.status IN {OPEN};"
_OLD = f"{_TALLY} SELECT OLD.agency, OLD.office_code, OLD.status, OLD.due_on, -1 WHERE OLD.status IN {OPEN};"
_COLUMNS = ("agency", "office_code", "status", "due_on")
_SQLITE_CHANGED = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _COLUMNS)
_CHANGED = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _COLUMNS)
COUNTING = {
    "sqlite": (
        f"CREATE TRIGGER reviews_tally_insert AFTER INSERT ON reviews BEGIN {_NEW} END",
        f"CREATE TRIGGER reviews_tally_update AFTER UPDATE ON reviews WHEN {_SQLITE_CHANGED} BEGIN {_OLD} {_NEW} END",
        f"CREATE TRIGGER reviews_tally_delete AFTER DELETE ON reviews BEGIN {_OLD} END",
    ),
    "postgresql": (
        "CREATE FUNCTION reviews_tally() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {_OLD} END IF; IF TG_OP <> 'DELETE' THEN {_NEW} END IF; RETURN NULL; END $$",
        "CREATE TRIGGER reviews_tally_insert AFTER INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_tally()",
        f"CREATE TRIGGER reviews_tally_update AFTER UPDATE ON reviews FOR EACH ROW WHEN ({_CHANGED}) "
        "EXECUTE FUNCTION reviews_tally()",
        "CREATE TRIGGER reviews_tally_delete AFTER DELETE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_tally()",
    ),
}
"""Counts are kept by the database itself, in the transaction of each change, so that none can be forgotten."""


def upgrade() -> None:
    op.create_table(
        "queue_tallies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("office_code", sa.String(length=17), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_tallies")),
    )
    op.create_index("ix_queue_tallies_place", "queue_tallies", ["agency", "office_code"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.Column("stand_in_name", sa.String(length=120), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_absences_entered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["people.id"], name=op.f("fk_absences_stand_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_agency"), "absences", ["agency"], unique=False)
    op.create_table(
        "renditions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("failure", sa.String(length=16), nullable=False),
        sa.Column("picture_sha256", sa.String(length=64), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["picture_sha256"], ["blobs.sha256"], name=op.f("fk_renditions_picture_sha256")),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_renditions_sha256")),
        sa.PrimaryKeyConstraint("sha256", "page", name=op.f("pk_renditions")),
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_filters_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("person_id", "agency", "name", name=op.f("uq_saved_filters_person_id_agency_name")),
    )
    op.create_index(op.f("ix_saved_filters_agency"), "saved_filters", ["agency"], unique=False)
    op.create_table(
        "desk_settings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("keyboard", sa.Boolean(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("opens_with_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["opens_with_id"], ["saved_filters.id"], name=op.f("fk_desk_settings_opens_with_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_desk_settings_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_desk_settings")),
    )
    op.create_table(
        "inspections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("ordered_by_id", sa.Uuid(), nullable=False),
        sa.Column("ordered_by_name", sa.String(length=120), nullable=False),
        sa.Column("place_code", sa.String(length=24), nullable=False),
        sa.Column("slot_from", UtcDateTime(), nullable=True),
        sa.Column("slot_to", UtcDateTime(), nullable=True),
        sa.Column("proposed_by", sa.String(length=16), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_inspections_declaration_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_inspections_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_inspections_declaration_id_number")),
    )
    op.create_index("ix_inspections_place", "inspections", ["place_code", "slot_from"], unique=False)
    op.create_table(
        "marks",
        sa.Column(
            "mark",
            sa.String(length=70).with_variant(sa.String(length=70, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_marks_declaration_id")),
        sa.PrimaryKeyConstraint("mark", "declaration_id", name=op.f("pk_marks")),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_notes_declaration_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_declaration_id"), "notes", ["declaration_id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("place_code", sa.String(length=24), nullable=False),
        sa.Column("slot_from", UtcDateTime(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_bookings_inspection_id")),
        sa.PrimaryKeyConstraint("place_code", "slot_from", "seat", name=op.f("pk_bookings")),
        sa.UniqueConstraint("inspection_id", name=op.f("uq_bookings_inspection_id")),
    )
    op.create_table(
        "inspection_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("called_at", UtcDateTime(), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=False),
        sa.Column("called_by_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["called_by_id"], ["people.id"], name=op.f("fk_inspection_calls_called_by_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_calls_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_calls")),
        sa.UniqueConstraint("inspection_id", "service", name=op.f("uq_inspection_calls_inspection_id_service")),
    )
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_note_mentions_note_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_note_mentions_person_id")),
        sa.PrimaryKeyConstraint("note_id", "person_id", name=op.f("pk_note_mentions")),
    )
    op.create_table(
        "samples",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=35), nullable=False),
        sa.Column("laboratory", sa.String(length=160), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_samples_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("inspection_id", "number", name=op.f("uq_samples_inspection_id_number")),
    )
    op.create_table(
        "inspection_parties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=120), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("act_type", sa.String(length=6), nullable=False),
        sa.Column("act_number", sa.String(length=70), nullable=False),
        sa.Column("act_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=120), nullable=False),
        sa.Column("recorded_by_post", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_parties_inspection_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_inspection_parties_recorded_by_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_inspection_parties_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_parties")),
        sa.UniqueConstraint("inspection_id", "agency", name=op.f("uq_inspection_parties_inspection_id_agency")),
    )
    op.create_index("ix_inspection_parties_review", "inspection_parties", ["review_id"], unique=False)
    op.create_index(
        "ix_inspection_parties_open",
        "inspection_parties",
        ["agency", "inspection_id"],
        unique=False,
        sqlite_where=sa.text("recorded_at IS NULL AND answer <> 'declined'"),
        postgresql_where=sa.text("recorded_at IS NULL AND answer <> 'declined'"),
    )
    op.create_table(
        "looks",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_looks_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_looks_review_id")),
        sa.PrimaryKeyConstraint("review_id", "person_id", name=op.f("pk_looks")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("payment", sa.String(length=12), nullable=False),
        sa.Column("payment_reference", sa.String(length=70), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("signs_at", UtcDateTime(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("personal_number", sa.String(length=16), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_name", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("second_outcomes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_proposals_closed_by_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_proposals_declaration_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], name=op.f("fk_proposals_membership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_proposals_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_proposals_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(
        "ix_proposals_person",
        "proposals",
        ["person_id", "review_id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(op.f("ix_proposals_review_id"), "proposals", ["review_id"], unique=False)
    op.create_index(
        "ix_proposals_signing",
        "proposals",
        ["signs_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending' AND kind = 'signing'"),
        postgresql_where=sa.text("status = 'pending' AND kind = 'signing'"),
    )
    op.create_index(
        "ix_proposals_told",
        "proposals",
        ["person_id", "id"],
        unique=False,
        sqlite_where=sa.text("kind = 'signing' AND status IN ('pending', 'failed')"),
        postgresql_where=sa.text("kind = 'signing' AND status IN ('pending', 'failed')"),
    )
    op.create_index(
        "uq_proposals_pending",
        "proposals",
        ["review_id"],
        unique=True,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("pointer", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("sign_code", sa.String(length=24), nullable=False),
        sa.Column("sign_text", sa.Text(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=120), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("on_silence", sa.String(length=8), nullable=False),
        sa.Column("warn_at", UtcDateTime(), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_questions_asked_by_id")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_questions_declaration_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_questions_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_questions_declaration_id_number")),
    )
    op.create_index(
        "ix_questions_open",
        "questions",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_questions_warn",
        "questions",
        ["warn_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND warned_at IS NULL"),
        postgresql_where=sa.text("status = 'open' AND warned_at IS NULL"),
    )
    op.create_index(op.f("ix_questions_review_id"), "questions", ["review_id"], unique=False)
    op.create_table(
        "question_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_question_messages_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_question_messages_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_messages")),
    )
    op.create_index(op.f("ix_question_messages_question_id"), "question_messages", ["question_id"], unique=False)
    op.create_table(
        "question_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("type_code", sa.String(length=6), nullable=False),
        sa.Column("number", sa.String(length=70), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_question_files_document_id")),
        sa.ForeignKeyConstraint(["message_id"], ["question_messages.id"], name=op.f("fk_question_files_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_files")),
    )
    op.create_index(op.f("ix_question_files_message_id"), "question_files", ["message_id"], unique=False)
    op.add_column(
        "clearances",
        sa.Column("decision_id", sa.Uuid(), sa.ForeignKey("decisions.id"), nullable=True),
        inline_references=True,
    )
    op.add_column("clearances", sa.Column("items", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("clearances", sa.Column("serial", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "clearances",
        sa.Column("replaces_id", sa.Uuid(), sa.ForeignKey("clearances.id"), nullable=True),
        inline_references=True,
    )
    op.add_column("clearances", sa.Column("replacement_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("clearances", sa.Column("revocation_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("clearances", sa.Column("revocation_asked_at", UtcDateTime(), nullable=True))
    op.add_column(
        "clearances",
        sa.Column("revocation_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=True),
        inline_references=True,
    )
    op.add_column(
        "clearances", sa.Column("revocation_by_name", sa.String(length=120), nullable=False, server_default="")
    )
    op.add_column("clearances", sa.Column("revoked_at", UtcDateTime(), nullable=True))
    op.add_column(
        "clearances",
        sa.Column("revoked_by_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=True),
        inline_references=True,
    )
    op.create_index(
        "uq_clearances_decision",
        "clearances",
        ["decision_id"],
        unique=True,
        sqlite_where=sa.text("replaces_id IS NULL"),
        postgresql_where=sa.text("replaces_id IS NULL"),
    )
    op.add_column("decisions", sa.Column("how", sa.String(length=16), nullable=False, server_default="decided"))
    op.add_column(
        "decisions",
        sa.Column("second_person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=True),
        inline_references=True,
    )
    op.add_column(
        "decisions", sa.Column("second_person_name", sa.String(length=120), nullable=False, server_default="")
    )
    op.add_column("decisions", sa.Column("second_post", sa.String(length=80), nullable=False, server_default=""))
    op.add_column(
        "decisions", sa.Column("second_personal_number", sa.String(length=16), nullable=False, server_default="")
    )
    op.add_column("decisions", sa.Column("override_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("decisions", sa.Column("payment", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("decisions", sa.Column("payment_reference", sa.String(length=70), nullable=False, server_default=""))
    op.add_column("decisions", sa.Column("released", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("decisions", sa.Column("rests_on", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("reviews", sa.Column("due_on", sa.Date(), nullable=False, server_default="2000-01-01"))
    op.add_column("reviews", sa.Column("paused_at", UtcDateTime(), nullable=True))
    op.add_column("reviews", sa.Column("breached_at", UtcDateTime(), nullable=True))
    op.add_column("reviews", sa.Column("clock", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "reviews",
        sa.Column("assignee_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=True),
        inline_references=True,
    )
    op.add_column("reviews", sa.Column("assignee_name", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("reviews", sa.Column("results", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("reviews", sa.Column("four_eyes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("reviews", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("reviews", sa.Column("tag", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("reviews", sa.Column("direction", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("reviews", sa.Column("partner_country", sa.String(length=2), nullable=False, server_default=""))
    op.add_column("reviews", sa.Column("chapter", sa.String(length=2), nullable=False, server_default=""))
    op.add_column(
        "reviews",
        sa.Column("owner_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=True),
        inline_references=True,
    )
    op.drop_index(op.f("ix_reviews_claimant"), table_name="reviews")
    op.create_index(
        "ix_reviews_assignee",
        "reviews",
        ["assignee_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
    )
    op.create_index(
        "ix_reviews_lease",
        "reviews",
        ["claimed_until", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    )
    op.create_index(
        "ix_reviews_open_chapter",
        "reviews",
        ["agency", "chapter", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_open_country",
        "reviews",
        ["agency", "partner_country", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_open_direction",
        "reviews",
        ["agency", "direction", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_open_owner",
        "reviews",
        ["agency", "owner_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_open_tag",
        "reviews",
        ["agency", "tag", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_opened",
        "reviews",
        ["agency", "opened_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index(
        "ix_reviews_running",
        "reviews",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text(
            "status IN ('queued', 'claimed', 'question', 'inspection', 'proposed') AND breached_at IS NULL AND paused_at IS NULL"
        ),
        postgresql_where=sa.text(
            "status IN ('queued', 'claimed', 'question', 'inspection', 'proposed') AND breached_at IS NULL AND paused_at IS NULL"
        ),
    )
    op.create_index(
        "ix_reviews_state",
        "reviews",
        ["agency", "status", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
    )
    op.add_column("versions", sa.Column("cause", sa.String(length=12), nullable=False, server_default="filed"))
    op.add_column("attachments", sa.Column("dropped_in", sa.Integer(), nullable=True))
    op.add_column("paces", sa.Column("working", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("paces", sa.Column("median_working", sa.Integer(), nullable=False, server_default="0"))
    _fill()
    for statement in COUNTING[op.get_bind().dialect.name]:
        op.execute(statement)


def _fill() -> None:
    """What the rows of before lack: the day of the deadline, what the queue filters by, the outcome of each item."""
    bind = op.get_bind()
    postgresql = bind.dialect.name == "postgresql"
    day = "(due_at AT TIME ZONE 'Europe/Minsk')::date" if postgresql else "date(due_at, '+3 hours')"
    tag = "card->>'tag'" if postgresql else "json_extract(card, '$.tag')"
    op.execute(f"UPDATE reviews SET due_on = {day}, tag = coalesce({tag}, '')")
    for column in ("direction", "partner_country", "owner_id"):
        source = f"SELECT {column} FROM declarations WHERE declarations.id = reviews.declaration_id"
        op.execute(f"UPDATE reviews SET {column} = ({source})")
    op.execute(
        "UPDATE reviews SET assignee_id = claimed_by_id, assignee_name = claimed_by_name WHERE claimed_by_id IS NOT NULL"
    )
    said = sa.text(
        "SELECT d.review_id, i.number, i.outcome FROM decisions d JOIN decision_items i ON i.decision_id = d.id "
        "ORDER BY d.decided_at"
    )
    results: dict[object, dict[str, str]] = {}
    for review_id, number, outcome in bind.execute(said):
        results.setdefault(review_id, {})[str(number)] = outcome
    update = sa.text("UPDATE reviews SET results = :results WHERE id = :id")
    for review_id, outcomes in results.items():
        bind.execute(update, {"results": json.dumps(outcomes), "id": review_id})
    _fill_clearances(bind)
    op.execute(
        f"{_TALLY} SELECT agency, office_code, status, due_on, count(*) FROM reviews WHERE status IN {OPEN} "
        "GROUP BY agency, office_code, status, due_on"
    )


def _fill_clearances(bind: sa.Connection) -> None:
    """Every clearance of before stands for one whole release: the newest decision of customs on its version."""
    said = sa.text(
        "SELECT c.id, d.id, i.number FROM clearances c "
        "JOIN reviews r ON r.declaration_id = c.declaration_id AND r.version = c.version AND r.releases "
        "JOIN decisions d ON d.review_id = r.id JOIN decision_items i ON i.decision_id = d.id "
        "WHERE i.outcome IN ('approved', 'conditions') ORDER BY d.decided_at, i.number"
    )
    released: dict[object, dict[object, list[int]]] = {}
    for clearance_id, decision_id, number in bind.execute(said):
        released.setdefault(clearance_id, {}).setdefault(decision_id, []).append(number)
    clearances = sa.text("UPDATE clearances SET decision_id = :decision, items = :items WHERE id = :id")
    decisions = sa.text("UPDATE decisions SET released = :items WHERE id = :decision")
    taken: set[object] = set()
    for clearance_id, found in released.items():
        decision_id, numbers = list(found.items())[-1]
        if decision_id not in taken:
            taken.add(decision_id)
            values = {"id": clearance_id, "decision": decision_id, "items": json.dumps(numbers)}
            bind.execute(clearances, values)
            bind.execute(decisions, {key: values[key] for key in ("decision", "items")})


def downgrade() -> None:
    bind = op.get_bind()
    for name in ("insert", "update", "delete"):
        op.execute(f"DROP TRIGGER reviews_tally_{name}" + (" ON reviews" if bind.dialect.name == "postgresql" else ""))
    if bind.dialect.name == "postgresql":
        op.execute("DROP FUNCTION reviews_tally")
    op.drop_column("paces", "median_working")
    op.drop_column("paces", "working")
    op.drop_column("attachments", "dropped_in")
    op.drop_column("versions", "cause")
    op.drop_index(
        "ix_reviews_state",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
    )
    op.drop_index(
        "ix_reviews_running",
        table_name="reviews",
        sqlite_where=sa.text(
            "status IN ('queued', 'claimed', 'question', 'inspection', 'proposed') AND breached_at IS NULL AND paused_at IS NULL"
        ),
        postgresql_where=sa.text(
            "status IN ('queued', 'claimed', 'question', 'inspection', 'proposed') AND breached_at IS NULL AND paused_at IS NULL"
        ),
    )
    op.drop_index(
        "ix_reviews_opened",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_open_tag",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_open_owner",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_open_direction",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_open_country",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_open_chapter",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.drop_index(
        "ix_reviews_lease",
        table_name="reviews",
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    )
    op.drop_index(
        "ix_reviews_assignee",
        table_name="reviews",
        sqlite_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed', 'question', 'inspection', 'proposed')"),
    )
    op.create_index(
        op.f("ix_reviews_claimant"),
        "reviews",
        ["claimed_by_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'claimed'"),
    )
    op.drop_column("reviews", "owner_id")
    op.drop_column("reviews", "chapter")
    op.drop_column("reviews", "partner_country")
    op.drop_column("reviews", "direction")
    op.drop_column("reviews", "tag")
    op.drop_column("reviews", "blind")
    op.drop_column("reviews", "four_eyes")
    op.drop_column("reviews", "results")
    op.drop_column("reviews", "assignee_name")
    op.drop_column("reviews", "assignee_id")
    op.drop_column("reviews", "clock")
    op.drop_column("reviews", "breached_at")
    op.drop_column("reviews", "paused_at")
    op.drop_column("reviews", "due_on")
    op.drop_column("decisions", "rests_on")
    op.drop_column("decisions", "released")
    op.drop_column("decisions", "payment_reference")
    op.drop_column("decisions", "payment")
    op.drop_column("decisions", "override_reason")
    op.drop_column("decisions", "second_personal_number")
    op.drop_column("decisions", "second_post")
    op.drop_column("decisions", "second_person_name")
    op.drop_column("decisions", "second_person_id")
    op.drop_column("decisions", "how")
    op.drop_index(
        "uq_clearances_decision",
        table_name="clearances",
        sqlite_where=sa.text("replaces_id IS NULL"),
        postgresql_where=sa.text("replaces_id IS NULL"),
    )
    op.drop_column("clearances", "revoked_by_id")
    op.drop_column("clearances", "revoked_at")
    op.drop_column("clearances", "revocation_by_name")
    op.drop_column("clearances", "revocation_by_id")
    op.drop_column("clearances", "revocation_asked_at")
    op.drop_column("clearances", "revocation_reason")
    op.drop_column("clearances", "replacement_reason")
    op.drop_column("clearances", "replaces_id")
    op.drop_column("clearances", "serial")
    op.drop_column("clearances", "items")
    op.drop_column("clearances", "decision_id")
    op.drop_index(op.f("ix_question_files_message_id"), table_name="question_files")
    op.drop_table("question_files")
    op.drop_index(op.f("ix_question_messages_question_id"), table_name="question_messages")
    op.drop_table("question_messages")
    op.drop_index(op.f("ix_questions_review_id"), table_name="questions")
    op.drop_index(
        "ix_questions_open",
        table_name="questions",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_table("questions")
    op.drop_index(
        "uq_proposals_pending",
        table_name="proposals",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_index(
        "ix_proposals_told",
        table_name="proposals",
        sqlite_where=sa.text("kind = 'signing' AND status IN ('pending', 'failed')"),
        postgresql_where=sa.text("kind = 'signing' AND status IN ('pending', 'failed')"),
    )
    op.drop_index(
        "ix_proposals_signing",
        table_name="proposals",
        sqlite_where=sa.text("status = 'pending' AND kind = 'signing'"),
        postgresql_where=sa.text("status = 'pending' AND kind = 'signing'"),
    )
    op.drop_index(
        "ix_proposals_person",
        table_name="proposals",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_index(op.f("ix_proposals_review_id"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_table("looks")
    op.drop_index("ix_inspection_parties_open", table_name="inspection_parties")
    op.drop_index("ix_inspection_parties_review", table_name="inspection_parties")
    op.drop_table("inspection_parties")
    op.drop_table("samples")
    op.drop_table("note_mentions")
    op.drop_table("inspection_calls")
    op.drop_table("bookings")
    op.drop_index(op.f("ix_notes_declaration_id"), table_name="notes")
    op.drop_table("notes")
    op.drop_table("marks")
    op.drop_index("ix_inspections_place", table_name="inspections")
    op.drop_table("inspections")
    op.drop_table("desk_settings")
    op.drop_index(op.f("ix_saved_filters_agency"), table_name="saved_filters")
    op.drop_table("saved_filters")
    op.drop_table("renditions")
    op.drop_index(op.f("ix_absences_agency"), table_name="absences")
    op.drop_table("absences")
    op.drop_index("ix_queue_tallies_place", table_name="queue_tallies")
    op.drop_table("queue_tallies")

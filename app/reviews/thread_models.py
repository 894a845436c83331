"""Questions to the trader with their answers, and the notes of officers: everything that is said about a case."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Keyed


class Question(Keyed, Base):
    """What an agency asks the trader about one data element or document (Customs Code art. 325(5)): where, which sign of
    non-compliance, which documents, until when; what it does to the review's clock, and what silence leads to."""

    __tablename__ = "questions"
    __table_args__ = (
        sa.UniqueConstraint("declaration_id", "number"),
        sa.Index(
            "ix_questions_open",
            "due_at",
            "id",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.Index(
            "ix_questions_warn",
            "warn_at",
            "id",
            sqlite_where=sa.text("status = 'open' AND warned_at IS NULL"),
            postgresql_where=sa.text("status = 'open' AND warned_at IS NULL"),
        ),
    )

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"))
    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    agency: Mapped[str] = mapped_column(sa.String(16))
    # Rising within the package: "question 2".
    number: Mapped[int]
    # Where: goods item (None: the whole package), WCO pointer, and our path with true indexes.
    item: Mapped[int | None]
    pointer: Mapped[str] = mapped_column(sa.String(200))
    path: Mapped[str] = mapped_column(sa.String(400))
    # The sign of non-compliance: a code of the pick-list and the officer's own words.
    sign_code: Mapped[str] = mapped_column(sa.String(24))
    sign_text: Mapped[str] = mapped_column(sa.Text)
    # Codes of the documents wanted, of the classifier.
    wanted: Mapped[list[str]]
    version: Mapped[int]
    _status: Mapped[str] = mapped_column("status", sa.String(12))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    asked_by_name: Mapped[str] = mapped_column(sa.String(120))
    due_at: Mapped[datetime]
    # pause | extend | nothing: what it does to the clock of the asking review.
    effect: Mapped[str] = mapped_column(sa.String(8))
    # on-file (decided on what there is) | refusal (the named items will be refused).
    on_silence: Mapped[str] = mapped_column(sa.String(8))
    # When the trader is warned that the time runs out, and when that was done.
    warn_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # The version that the answer made; None where it changed nothing in the package.
    answer_version: Mapped[int | None]

    messages: Mapped[list[QuestionMessage]] = relationship(lazy="raise", order_by="QuestionMessage.at")

    @property
    def status(self) -> str:
        """The state; only ``lifecycle`` writes it."""
        return self._status


class QuestionMessage(Keyed, Base):
    """One message of a thread: the question, an answer, a further question. Both sides read it."""

    __tablename__ = "question_messages"

    question_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("questions.id"), index=True)
    at: Mapped[datetime]
    # agency | trader
    side: Mapped[str] = mapped_column(sa.String(8))
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    # The version of the package that this message made.
    version: Mapped[int | None]

    files: Mapped[list[QuestionFile]] = relationship(lazy="selectin")


class QuestionFile(Keyed, Base):
    """A file that came with an answer."""

    __tablename__ = "question_files"

    message_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("question_messages.id"), index=True)
    document_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("documents.id"))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(255))
    type_code: Mapped[str] = mapped_column(sa.String(6), default="")
    number: Mapped[str] = mapped_column(sa.String(70), default="")


class Note(Keyed, Base):
    """What officers say among themselves about a package; the trader never sees it. ``audience``: ``agency`` (one's own)
    or ``case`` (every agency on the package)."""

    __tablename__ = "notes"

    declaration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("declarations.id"), index=True)
    agency: Mapped[str] = mapped_column(sa.String(16))
    audience: Mapped[str] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    version: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120))
    post: Mapped[str] = mapped_column(sa.String(80), default="")

    mentions: Mapped[list[NoteMention]] = relationship(lazy="selectin")


class NoteMention(Base):
    """An officer who is named in a note and is told of it."""

    __tablename__ = "note_mentions"

    note_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("notes.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    person_name: Mapped[str] = mapped_column(sa.String(120))

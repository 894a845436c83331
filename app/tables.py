"""Every model of the house in one place, so that migrations and tests see all tables."""

from __future__ import annotations

import app.advance.models
import app.api.models
import app.cases.models
import app.clearance.list_models
import app.clearance.models
import app.declarations.models
import app.documents.models
import app.identity.account_models
import app.identity.factor_models
import app.identity.models
import app.insights.hit_models
import app.insights.models
import app.intake.models
import app.jobs.models
import app.ledger.log_models
import app.ledger.models
import app.notifications.models
import app.privacy.models
import app.requirements.models
import app.requirements.ruling_models
import app.reviews.greening_models
import app.reviews.inspection_models
import app.reviews.models
import app.reviews.queue_models
import app.reviews.seeing_models
import app.reviews.thread_models
import app.risk.advance_models
import app.risk.assessment_models
import app.risk.models
import app.risk.peers_models
import app.risk.rights_models
import app.risk.watch_models
import app.signing.models
import app.traders.models
import app.webhooks.models

ALL_MODELS = (
    app.identity.models,
    app.identity.factor_models,
    app.identity.account_models,
    app.documents.models,
    app.traders.models,
    app.requirements.models,
    app.requirements.ruling_models,
    app.declarations.models,
    app.advance.models,
    app.risk.models,
    app.risk.advance_models,
    app.risk.assessment_models,
    app.risk.peers_models,
    app.reviews.models,
    app.reviews.greening_models,
    app.reviews.thread_models,
    app.reviews.inspection_models,
    app.reviews.queue_models,
    app.reviews.seeing_models,
    app.intake.models,
    app.clearance.models,
    app.cases.models,
    app.risk.rights_models,
    app.risk.watch_models,
    app.clearance.list_models,
    app.insights.models,
    app.insights.hit_models,
    app.notifications.models,
    app.privacy.models,
    app.webhooks.models,
    app.api.models,
    app.jobs.models,
    app.signing.models,
    app.ledger.models,
    app.ledger.log_models,
)

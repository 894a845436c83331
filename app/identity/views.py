"""The pages of identity, gathered: the front door, my account, mandates, and the administrator's pages."""

from __future__ import annotations

from app.identity import (
    account_views,
    admin_views,
    factor_views,
    key_views,
    mandate_views,
    own_factor_views,
    provider_views,
    reset_views,
)
from app.identity.signin_views import blueprint

__all__ = [
    "account_views", "admin_views", "blueprint", "factor_views", "key_views", "mandate_views", "own_factor_views",
    "provider_views", "reset_views",
]  # fmt: skip

"""Clearance: the one document that a released package comes back as, and its public verification.

Words: clearance, verification code, genuine, superseded, revoked, unknown. Looks at: reviews, declarations, documents, jobs.
"""

"""Identity: organisations, people, memberships, mandates, sign-in and keys.

Words: organisation (trader, broker, agency, operator), person, membership (roles and validity), mandate, session, key.
Looks at: access, ledger, lifecycle.
"""

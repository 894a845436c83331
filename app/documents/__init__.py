"""Documents: permits and certificates as files: content-addressed storage, type from content, who may have them.

Words: blob (bytes under their SHA-256), document (a blob with an owner, a name and what it claims to be), scan state.
Looks at: identity, ledger.
"""

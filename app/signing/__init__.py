"""Signing: the keys of the window and what they sign: paper, claims in a QR code, checkpoints of the log.

Words: key, purpose, signer (file, PKCS#11), certificate, trust. Looks at: ledger, jobs, database, clock. Knows no clearance.
"""

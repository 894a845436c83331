"""Ledger: what happened, append-only, in the transaction in which it happened.

Words: entry, event, leaf (the canonical bytes that will be sealed), position, cursor. Looks at: database, clock, access.
A leaf holds ids, codes and keyed digests only: never a name, an address or free text.
"""

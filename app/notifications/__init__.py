"""Notifications: who is told what, in the window and by mail, each in their own language and as they chose.

Words: notice (one person is told of one ledger entry), audience (who is told of an event), choice (in the window, by mail at
once, in the daily digest, or not), letter (what goes out by mail: a number and a link, nothing of goods or people). Reads the
ledger. A leaf: nothing but views looks at it.
"""

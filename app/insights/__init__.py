"""Insights: figures from the ledger, never from anybody's memory. So far: how long each agency really takes.

Words: pace (what an agency needed for its last sign-offs). Looks at: ledger, the working hours of reviews. A leaf: nothing but views looks at it.
"""

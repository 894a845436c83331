"""Insights: figures from the ledger, never from anybody's memory: how long each agency really takes, and which goods
codes were chosen for the same words before.

Words: pace (what an agency needed for its last sign-offs), need (what goods need before anything is filed), chosen (a goods
code declared for some words). Looks at: ledger, requirements, declarations, the working hours of reviews. A leaf: nothing but
views and the API looks at it.
"""

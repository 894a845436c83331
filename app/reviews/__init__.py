"""Reviews: each agency's own queue, the case desk, claims, decisions per goods item, and the release by customs.

Words: review (one per signing agency and package), lane, claim (a lease), decision, ground, appeal.
Looks at: declarations, requirements, identity, ledger.
"""

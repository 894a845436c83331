"""What happened, told to software: the feed of an organisation's events (the source of truth) and webhooks beside it.

Words: feed (an organisation's own entries of the ledger, in order, asked for by cursor), endpoint (an address of the trader's
software), delivery (one event for one endpoint, with its attempts). Standard Webhooks 1.0. A leaf: looks at the ledger,
packages and organisations; nothing but the API and its own pages looks at it.
"""

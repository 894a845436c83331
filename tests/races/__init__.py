"""Races: people who press at the same moment, over HTTP against the served window, on both engines (``make races``)."""

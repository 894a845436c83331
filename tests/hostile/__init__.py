"""Hostile input, all of it made by code: what is sent, what must be answered, and that nothing else comes of it."""

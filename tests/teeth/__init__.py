"""Teeth (trust.md R38): every guard is switched off once, and a test must miss it."""

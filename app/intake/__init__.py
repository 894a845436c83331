"""Intake: the one door. Whatever arrives, by form, file, ZIP or API, becomes one package and gets a receipt.

Words: receipt, channel, container (the ZIP), registration number. Looks at: declarations, requirements, reviews, documents.
"""

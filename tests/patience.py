"""How much CPU is a blow-up: nothing here measures speed (that is ``make bench``)."""

BLOWN_UP = 20.0
"""Seconds of CPU. What the guards keep out took 27 to 253 s."""

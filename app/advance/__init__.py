"""Advance information about goods that are coming, and what is reported of them on the way.

Words: advance information, expected arrival, journey, report, seal, alert. Looks at declarations and what stands below.
"""

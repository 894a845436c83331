"""Commands: setting up, reference data, the demonstration country, the worker, the offline checker.

May look at every capability; nothing looks at it.
"""

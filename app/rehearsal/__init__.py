"""Test mode: the same window once more, on a database of its own, for keys that begin with ``akno_test_``.

Words: rehearsal (the second window), robot (its officers, who decide by the magic references). Isolated by construction: a test
key exists in the rehearsal's database alone, and what it files never touches a live queue, number, figure or notice.
May look at every capability below; nothing but ``create_app``, the worker's command and pages of keys looks at it.
"""

"""Declarations: the package, its versions and goods items, its rules and its life.

Words: package, line (a goods item), draft, version, fault, rule. Looks at: identity, documents, requirements.
"""

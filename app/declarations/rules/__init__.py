"""The business rules of a package: one function per code, its docstring is the text the trader reads.

``declaring`` is the decorator and its small format, ``catalogue`` the whole list and how it is run. Everything is pure:
a rule asks the package, the edition of the code lists, and where it says so a registry handed to it.
"""

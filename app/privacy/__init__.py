"""Personal data: how long each class is kept, what is held about a person, and how somebody is erased.

Owns the words *retention*, *export*, *erasure*. Looks at the tables of every room by their columns: a table that nobody has placed
in ``data/people_columns.csv`` stops an erasure, for what is not known cannot be promised.
"""

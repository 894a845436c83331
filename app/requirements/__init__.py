"""What the law asks of goods, and why: effective-dated measures matched with the facts of a package.

Words owned here: Measure, Effect (require, prohibit, inform, not needed), Flag, Question, Lane, Missing, Edition.
Pure: ``facts``, ``grammar``, ``rows``, ``compiling``, ``questions``, ``satisfaction``, ``matching``, ``outcome``,
``deriving``, ``wording``, ``showing``. With the database: ``models``, ``loading``, ``finders``. ``packaged`` reads
the CSV files in ``data``.
Looks at nothing above it but the refusals, the effective-dated mixin and the database: packages come as ``facts``.
"""

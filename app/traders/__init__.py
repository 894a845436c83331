"""Accreditation of traders: authorised economic operator, environmental compliance, recycler.

Words: accreditation, scope, advantage. Looks at identity and documents. Who holds one, for what and until when is public;
what it spares its holder is stated in data and asked by risk, requirements and reviews.
"""

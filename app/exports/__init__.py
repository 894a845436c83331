"""Lists as files: what a list page shows, with the filter it shows it by, as CSV or XLSX. The guard is the list's own.

Each list is a row of words here; ``app.spreadsheets`` writes all of them. The queue stands with the reviews, for that it was
taken out is remembered there.
"""

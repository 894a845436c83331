"""Jobs: heavy or unreliable work, run by a worker process, enqueued in the transaction that causes it.

The seam to the task engine (DBOS). Words: job (a named function), key (the same key is the same job), worker.
"""

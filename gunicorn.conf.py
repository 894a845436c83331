"""Settings of gunicorn that it finds by itself; addresses and numbers of workers are given on the command line."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Let a worker that has loaded the application make what is made once per process."""
    from app.cli.warming import warm
    from app.ledger.recovering import guard

    # A window whose database lost what was signed does not serve: it would write on another story (trust.md R24).
    guard(worker.wsgi)
    warm(worker.wsgi)

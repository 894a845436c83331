"""The pages for developers: quick start, the API to read, the schema, webhooks, test mode, the offline checker, changes."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_openapi import OpenAPI

from app import clock
from app.api import changelog, dating, describing
from app.api.document import document
from app.api.problem_codes import CODES
from app.declarations import browsing, structure
from app.declarations.rules.catalogue import rules
from app.declarations.rules_views import dotted
from app.errors import NotFound
from app.intake import bundling
from app.jobs import standing
from app.jobs.views import seen
from app.rehearsal import magic
from app.web import public
from app.webhooks.knowledge import KNOWN
from config import ROOT

blueprint = Blueprint("developers", __name__)

RECEIVER = ROOT / "static" / "developers" / "receiver.py"
VERIFIER = ROOT / "static" / "developers" / "verify.sh"
MOST_TYPED = 100


def _base_url() -> str:
    return str(current_app.extensions["akno.settings"].base_url)


@blueprint.get("/developers")
@public
def quick_start() -> str:
    """From nothing to a released package, in lines that work when they are pasted."""
    return render_template("developers/quick_start.html", base_url=_base_url())


# --- the API ------------------------------------------------------------------------------------------------------


@blueprint.get("/developers/api")
@public
def reference() -> str:
    """What all operations have in common, and the list of them."""
    made = document(cast(OpenAPI, current_app))
    groups = [(name, words, describing.operations(made, name)) for name, words in describing.tags(made)]
    return render_template(
        "developers/api.html",
        groups=groups,
        base_url=_base_url(),
        version=dating.CURRENT,
        versions=dating.VERSIONS,
        codes=CODES,
    )


@blueprint.get("/developers/api/<name>")
@public
def resource(name: str) -> str:
    """One resource: each operation with its parameters, answers, examples and a line of curl. Raises NotFound."""
    made = document(cast(OpenAPI, current_app))
    groups = describing.tags(made)
    words = dict(groups).get(name)
    if words is None:
        raise NotFound(f"no resource {name}")
    shown = describing.operations(made, name)
    return render_template(
        "developers/resource.html",
        name=name,
        words=words,
        groups=[one for one, _words in groups],
        operations=shown,
        shapes=describing.shapes_of(made, shown),
        base_url=_base_url(),
    )


# --- the schema ---------------------------------------------------------------------------------------------------


@blueprint.get("/developers/schema")
@public
def schema() -> Any:
    """The elements of a declaration: a tree, a search, and one element with its format and the rules that speak about it."""
    typed = request.args.get("q", "")[:MOST_TYPED].strip()
    at = request.args.get("at", "")
    node = structure.nodes().get(at) if at else None
    if at and node is None:
        raise NotFound(f"no element {at[:80]}")
    return render_template(
        "developers/schema.html",
        typed=typed,
        found=browsing.search(typed) if typed else None,
        node=node,
        shown=structure.root() if node is None else node,
        browsing=browsing,
        spoken=browsing.spoken(),
        speaking=browsing.rules_by_place(),
        rules=rules(),
        dotted=dotted,
    )


# --- what else ----------------------------------------------------------------------------------------------------


@blueprint.get("/developers/webhooks")
@public
def webhooks() -> str:
    """Messages instead of asking: how they look, how they are signed, which events there are."""
    return render_template(
        "developers/webhooks.html",
        known=KNOWN,
        base_url=_base_url(),
        receiver=RECEIVER.read_text("utf-8"),
        verifier=VERIFIER.read_text("utf-8"),
    )


@blueprint.get("/developers/test-mode")
@public
def test_mode() -> str:
    """A second window where robots decide, and the references that force each outcome."""
    return render_template(
        "developers/test_mode.html", outcomes=magic.OUTCOMES, seconds=magic.WAIT_SECONDS, base_url=_base_url()
    )


@blueprint.get("/developers/offline")
@public
def offline() -> str:
    """The checker to take along: what is in it, how it is installed, what changed in it."""
    return render_template("developers/offline.html", bundle=bundling.bundle(), history=_history())


def _history() -> list[tuple[str, list[str]]]:
    """The changes of schemas, rules and code lists: heading and lines."""
    found: list[tuple[str, list[str]]] = []
    for line in bundling.changelog().splitlines():
        if line.startswith("## "):
            found.append((line[3:].strip(), []))
        elif found and line.strip():
            found[-1][1].append(line.strip())
    return found


@blueprint.get("/developers/changelog")
@public
def changes() -> str:
    """What changed in the API, newest first, and how changes are made known."""
    days: dict[Any, list[changelog.Entry]] = {}
    for one in changelog.entries():
        days.setdefault(one.on, []).append(one)
    return render_template("developers/changelog.html", days=days, version=dating.CURRENT)


@blueprint.get("/developers/changelog.json")
@public
def changes_as_json() -> Response:
    """The same as a JSON Feed."""
    answer = jsonify(changelog.as_feed(_base_url()))
    answer.mimetype = "application/feed+json"
    return answer


@blueprint.get("/developers/changelog.atom")
@public
def changes_as_atom() -> Response:
    """The same as an Atom feed."""
    return Response(changelog.as_atom(_base_url()), mimetype="application/atom+xml")


# --- how the window stands -----------------------------------------------------------------------------------------


def _services() -> tuple[standing.Service, ...]:
    return standing.services(seen())


@blueprint.get("/status")
@public
def status() -> str:
    """Which services of the window work now; the page itself always answers 200 while it can."""
    found = _services()
    return render_template(
        "developers/status.html", services=found, whole=standing.whole(found), states=standing.STATES, at=clock.now()
    )


@blueprint.get("/status.json")
@public
def status_as_json() -> Response:
    """The same for a machine. Past outages are not kept yet: ``history`` says so by being null."""
    found = _services()
    return jsonify(
        status=standing.whole(found),
        at=clock.now().isoformat(),
        version=dating.CURRENT,
        services={one.name: one.state for one in found},
        history=None,
    )

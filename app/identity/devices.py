"""What a person would call the browser and the machine behind a user agent. Pure."""

from __future__ import annotations

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def _named(user_agent: str) -> list[str]:
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return [part for part in (browser, system) if part]


def device(user_agent: str) -> str:
    """Return browser and machine in a few words ("Firefox · Windows"), or the first words of what the browser said."""
    return " · ".join(_named(user_agent)) or user_agent[:40]


def family(user_agent: str) -> str:
    """Return the kind of browser, without versions: an update of the browser is no new place."""
    return "·".join(_named(user_agent)) or user_agent.partition("/")[0][:40]

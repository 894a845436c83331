"""Rewrites routes.txt after routes were changed on purpose."""

from app import create_app
from config import Settings
from tests.architecture.test_routes import ROUTES, _lines

if __name__ == "__main__":
    ROUTES.write_text(
        "\n".join(_lines(create_app(Settings(secret_key="routes are listed without any database" * 2)))) + "\n",
        encoding="utf-8",
    )

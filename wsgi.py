"""The door for gunicorn: ``gunicorn wsgi:app``. It stays shut when the settings would hurt those who come in."""

from app import create_app
from app.cli.soundness import refuse_unsound
from config import Settings

settings = Settings.from_env()
app = create_app(settings)
refuse_unsound(settings, debug=app.debug)

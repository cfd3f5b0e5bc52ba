"""What gunicorn serves: ``gunicorn wsgi:app``."""

from saas.app import create_app

app = create_app()

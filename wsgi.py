"""What gunicorn serves: ``gunicorn wsgi:app``."""

from saas.app import create_app
from tenants import journal

journal.set_up()
app = create_app()

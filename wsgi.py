"""What gunicorn serves: ``gunicorn wsgi:app``; read once, before the workers are forked."""

from saas.app import create_app
from saas.web.warming import warm
from tenants import journal

journal.set_up()
app = create_app()
warm(app)

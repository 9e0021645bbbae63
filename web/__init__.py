"""The screens over CRM, Invoice and the integration: a client of three HTTP APIs that owns no data."""

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from simulator.bare import create_bare_service
from simulator.config import Config
from simulator.hub import hub_of
from web import assets, errors, formats, frame, security, showcase, statuses
from web.control_room import routes as control_room
from web.crm import routes as crm
from web.i18n import mark_templates
from web.integration import routes as integration
from web.invoice import routes as invoice
from web.lessons import routes as lessons
from web.search import routes as search
from web.session import Sessions
from web.signin import routes as signin

HERE = Path(__file__).parent


def create_app(config: Config | None = None) -> Flask:
    """Makes the web application."""
    config = config or Config.from_environment("web")
    app = create_bare_service(__name__, config, static_folder="static")
    app.jinja_loader = ChoiceLoader(  # type: ignore[misc]  # Flask documents replacing it
        [
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({"components": FileSystemLoader(HERE / "components")}),
        ]
    )
    mark_templates(app)
    formats.register(app)
    statuses.register(app)
    app.extensions["hub"] = hub_of(config)
    app.extensions["web_sessions"] = Sessions(config, app.extensions["outbound"])
    assets.register(app, config)
    security.register(app, config)
    frame.register(app)
    others = (control_room.bp, lessons.bp, search.bp, showcase.bp)
    for blueprint in (signin.bp, *crm.blueprints, *invoice.blueprints, *integration.blueprints, *others):
        app.register_blueprint(blueprint)
    errors.register(app)
    return app

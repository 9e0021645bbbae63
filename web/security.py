"""The cookie, the CSRF token on forms and the headers that keep a page to itself."""

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from simulator.config import Config
from web.assets import CDN


def register(app: Flask, config: Config) -> None:
    """Sets up the session cookie, CSRF protection and the response headers."""
    app.config.update(
        SECRET_KEY=config.secret,
        SESSION_COOKIE_NAME="sim_web",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    csrf = CSRFProtect(app)
    policy = _policy(app.extensions["web_assets"].uses_cdn)

    @app.before_request
    def check_form() -> None:
        # The control routes are an API with a token of its own; everything else that writes is a form of ours.
        if not request.path.startswith("/_sim/"):
            csrf.protect()

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
            response.vary.add("HX-Request")
        return response


def _policy(uses_cdn: bool) -> str:
    scripts = f"'self' {CDN}" if uses_cdn else "'self'"
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' data:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )

"""The CDN as the tests see it."""

import re

from playwright.sync_api import BrowserContext, Route

CDN = re.compile(r"^https://cdn\.jsdelivr\.net/")


def serve_cdn(context: BrowserContext, content: bytes) -> None:
    """Answers the CDN's address with a file of this machine, so that pages load as they do for users."""

    def answer(route: Route) -> None:
        route.fulfill(body=content, content_type="text/javascript", headers={"access-control-allow-origin": "*"})

    context.route(CDN, answer)

"""htmx from the CDN or from a checked copy on this machine, and the one stylesheet put together from its parts."""

import base64
import hashlib
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, url_for

from simulator.config import Config

CDN = "https://cdn.jsdelivr.net"
STATIC = Path(__file__).parent / "static"
STYLESHEETS = ("tokens.css", "base.css", "components.css", "documents.css", "control_room.css")


@dataclass(frozen=True)
class Asset:
    """A file of somebody else's: where it is on the CDN, what it must be, and where a wheel holds the same bytes."""

    cdn_path: str
    integrity: str
    package: str
    path_in_package: str

    @property
    def cdn_url(self) -> str:
        return f"{CDN}/npm/{self.cdn_path}"

    def local_bytes(self) -> bytes | None:
        """The first local copy whose hash is right: a folder said by the environment, then the installed package."""
        folder = os.environ.get("SIMULATOR_ASSETS")
        places = [Path(folder) / Path(self.cdn_path).name] if folder else []
        spec = importlib.util.find_spec(self.package)
        if spec and spec.submodule_search_locations:
            places.append(Path(spec.submodule_search_locations[0]) / self.path_in_package)
        for place in places:
            if place.is_file() and integrity_of(place.read_bytes()) == self.integrity:
                return place.read_bytes()
        return None


#: Name under /assets -> file. The version is exact, for htmx 4 behaves differently.
ASSETS = {
    "htmx.min.js": Asset(
        cdn_path="htmx.org@2.0.10/dist/htmx.min.js",
        integrity="sha384-H5SrcfygHmAuTDZphMHqBJLc3FhssKjG7w/CeCpFReSfwBWDTKpkzPP8c+cLsK+V",
        package="django_htmx",
        path_in_package="static/django_htmx/htmx-2.min.js",
    )
}


def integrity_of(content: bytes) -> str:
    """The subresource integrity value of a file."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


@dataclass(frozen=True)
class AssetState:
    """What this application found at its start."""

    local: dict[str, bytes]
    uses_cdn: bool
    stylesheet: bytes
    script_stamp: str

    @property
    def stylesheet_stamp(self) -> str:
        return hashlib.sha256(self.stylesheet).hexdigest()[:12]


def register(app: Flask, config: Config) -> None:
    """Serves /assets/<name> and tells the templates where htmx and the stylesheet are."""
    local = {name: content for name, asset in ASSETS.items() if (content := asset.local_bytes())}
    state = AssetState(
        local=local,
        uses_cdn=config.assets == "cdn" or (config.assets == "auto" and not local),
        stylesheet=b"\n".join((STATIC / name).read_bytes() for name in STYLESHEETS),
        script_stamp=hashlib.sha256((STATIC / "app.js").read_bytes()).hexdigest()[:12],
    )
    app.extensions["web_assets"] = state

    @app.get("/assets/<name>")
    def asset(name: str) -> Response:
        if name == "app.css":
            return _file(state.stylesheet, "text/css")
        if name not in state.local:
            abort(404)
        return _file(state.local[name], "text/javascript")

    @app.context_processor
    def addresses() -> dict[str, object]:
        return {
            "stylesheet": url_for("asset", name="app.css", v=state.stylesheet_stamp),
            "app_script": url_for("static", filename="app.js", v=state.script_stamp),
            "htmx": ASSETS["htmx.min.js"],
            "htmx_local": url_for("asset", name="htmx.min.js"),
            "uses_cdn": state.uses_cdn,
        }


def _file(content: bytes, mimetype: str) -> Response:
    # The address carries a stamp of the content or an exact version, so a browser may keep it.
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(content, mimetype=mimetype, headers=headers)

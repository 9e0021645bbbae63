"""The OpenAPI document of a mock, made from its URL map, and a page to read it by.

A route says what it takes and answers with `documented`; what every route has in common (the token, the refusals)
the product says once, in its `Book`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, render_template, request
from markupsafe import Markup, escape
from werkzeug.routing import Rule

from simulator import wire

F = TypeVar("F", bound=Callable[..., Any])
Schema = Any  #: a JSON schema as a dict, the name of a component, or a marshmallow schema

OPENAPI = "3.1.0"
JSON = "application/json"
_PATH_PART = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")
_WORDS_OF_PART = re.compile(r"<any\(([^()]+)\):([^<>]+)>")
#: What a docstring says to whoever reads the code: the fact sheets and requirements it names.
_FOR_US = re.compile(r"\s*\((?:[\w-]+\.md|requirement|§)[^()]*\)")
_CODE = re.compile(r"`([^`]+)`")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

bp = Blueprint("openapi", __name__, url_prefix="/_sim", template_folder="templates", static_folder="docs_static")


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query, or a header."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    where: str = "query"
    required: bool = False

    def described(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "in": self.where,
            "required": self.required,
            "description": self.description,
            "schema": dict(self.schema),
        }


class Content(dict[str, Schema]):
    """Schemas by media type, where a body or an answer is something else than JSON, or may be."""


class Answers(dict[int, Schema]):
    """What several routes answer alike: schemas by status, None where an answer has no body."""


@dataclass(frozen=True)
class Doc:
    """What one route takes and answers.

    Attributes:
        answers: schema by status; None where the answer has no body.
        since: the first version that has the route; empty where all have it.
        is_body_optional: whether the body may be absent.
    """

    takes: tuple[Parameter, ...] = ()
    body: Schema | None = None
    answers: Mapping[int, Schema | None] = field(default_factory=dict)
    since: str = ""
    is_body_optional: bool = False


#: Of routes that only refuse: they are no part of the API, and of no document.
NO_PART = Doc(since="never")


def documented(
    *said: Parameter | Answers,
    body: Schema | None = None,
    since: str = "",
    is_body_optional: bool = False,
    **answers: Schema | None,
) -> Callable[[F], F]:
    """Says of a route what it takes and answers: `documented(PAGE, body="Records", _201="Outcomes", _204=None)`."""
    takes = tuple(one for one in said if isinstance(one, Parameter))
    by_status = {status: schema for one in said if isinstance(one, Answers) for status, schema in one.items()}
    by_status |= {int(name.removeprefix("_")): schema for name, schema in answers.items()}

    def mark(view: F) -> F:
        view.doc = Doc(takes, body, by_status, since, is_body_optional)  # type: ignore[attr-defined]
        return view

    return mark


def no_part(view: F) -> F:
    """Says of a route that it only refuses what the address would else be taken for."""
    view.doc = NO_PART  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True)
class Book:
    """What the product's routes have in common.

    Attributes:
        path_of: the address a rule is documented under; None leaves it out.
        values: schema of the parts of a path, by name (`{"module": {"enum": [...]}}`).
        components: JSON schemas by name.
        needs_of: what a caller must have, in words, by route.
        refusals: the statuses every call may be refused with, and the schema of what they say, by route.
        versions: the versions there are, oldest first.
        security: the security scheme of all routes that need a token.
        is_open: whether a route needs no token.
        area_of: the heading a route stands under, by the name of its blueprint.
        takes_of: what a call may take besides its own parameters, by route.
        words_of: the JSON schema of a field that marshmallow does not know; None leaves it to apispec.
    """

    title: str
    intro: str
    version: str
    path_of: Callable[[Rule], str | None]
    values: Mapping[str, Mapping[str, Any]]
    components: Mapping[str, Mapping[str, Any]]
    needs_of: Callable[[Any], str]
    refusals: Callable[[Any], Mapping[int, Schema]]
    security: Mapping[str, Any]
    is_open: Callable[[Any], bool]
    area_of: Callable[[str], str]
    versions: Sequence[str] = ()
    takes_of: Callable[[Any], Sequence[Parameter]] = lambda view: ()
    words_of: Callable[[Any], Schema | None] = lambda field: None

    def has(self, doc: Doc) -> bool:
        """Whether this version has a route."""
        if not doc.since:
            return True
        return doc.since in self.versions and self.versions.index(doc.since) <= self.versions.index(self.version)


def mount(app: Flask, book_of: Callable[[str], Book], versions: Sequence[str]) -> None:
    """Serves `/_sim/openapi.json` and `/_sim/docs`, of the newest version unless `?version=` names another."""
    app.extensions["openapi"] = (book_of, versions)
    app.register_blueprint(bp)


def document(app: Flask, book: Book) -> dict[str, Any]:
    """The OpenAPI document of all routes that `book.path_of` does not leave out."""
    from apispec import APISpec  # here, because services start without it
    from apispec.ext.marshmallow import MarshmallowPlugin

    plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
    spec = APISpec(book.title, book.version, OPENAPI, [plugin], info={"description": book.intro})
    _read_fields(plugin, book)
    for name, schema in book.components.items():
        spec.components.schema(name, dict(schema))
    spec.components.security_scheme("token", dict(book.security))
    for rule in sorted(app.url_map.iter_rules(), key=_place):
        path = book.path_of(rule)
        if path is None:
            continue
        view = app.view_functions[rule.endpoint]
        if not book.has(doc_of(view)):
            continue
        methods = [method for method in _METHODS if method in (rule.methods or ())]
        operations = {method.lower(): _operation(rule, view, book, method) for method in methods}
        spec.path(_PATH_PART.sub(r"{\1}", path), operations=operations)
    return spec.to_dict()


def _name_of(schema: Any) -> str:
    """What is sent has a name of its own: what is answered is called `Contact`."""
    return f"{type(schema).__name__.removesuffix('Schema')}ToSend"


def _read_fields(plugin: Any, book: Book) -> None:
    """Lets the product say what its own kinds of fields take; schemas within are resolved as apispec does it."""

    def read(converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
        words = book.words_of(field)
        if words is None:
            return {}
        ret.clear()
        resolved: dict[str, Any] = plugin.resolver.resolve_schema_dict(_copied(words))
        return resolved

    plugin.converter.add_attribute_function(read)


def _place(rule: Rule) -> tuple[str, int]:
    """By address, then by method in their usual order."""
    return rule.rule, min(_METHODS.index(method) for method in _METHODS if method in (rule.methods or _METHODS))


def undocumented(app: Flask, book: Book) -> list[str]:
    """Rules that belong into the document and whose route says nothing of itself."""
    rules = [rule for rule in app.url_map.iter_rules() if book.path_of(rule) is not None]
    return sorted({rule.rule for rule in rules if not hasattr(app.view_functions[rule.endpoint], "doc")})


def doc_of(view: Any) -> Doc:
    """What a route says of itself; nothing where it does not."""
    found: Doc = getattr(view, "doc", Doc())
    return found


def _operation(rule: Rule, view: Any, book: Book, method: str) -> dict[str, Any]:
    doc = doc_of(view)
    takes = _path_parts(book.path_of(rule) or "", book)
    words = _FOR_US.sub("", " ".join((view.__doc__ or "").split()))
    operation: dict[str, Any] = {
        "operationId": f"{rule.endpoint}.{method.lower()}",
        "summary": view.__name__.replace("_", " ").capitalize(),
        "description": "\n\n".join(part for part in (words, book.needs_of(view)) if part),
        "tags": [book.area_of(rule.endpoint.split(".")[-2])],
        "parameters": [parameter.described() for parameter in (*takes, *doc.takes, *book.takes_of(view))],
        "responses": _responses(doc, book, view),
    }
    if not book.is_open(view):
        operation["security"] = [{"token": []}]
    if doc.body is not None:
        operation["requestBody"] = {"required": not doc.is_body_optional, "content": _content(doc.body)}
    return operation


def _path_parts(path: str, book: Book) -> list[Parameter]:
    words = {name: {"type": "string", "enum": listed.split(",")} for listed, name in _WORDS_OF_PART.findall(path)}
    return [_path_part(name, {**book.values, **words}) for name in _PATH_PART.findall(path)]


def _path_part(name: str, values: Mapping[str, Mapping[str, Any]]) -> Parameter:
    schema = dict(values.get(name, {"type": "string", "minLength": 1}))
    return Parameter(name, schema.pop("description", ""), schema, "path", True)


def _responses(doc: Doc, book: Book, view: Any) -> dict[str, Any]:
    answers = {**book.refusals(view), **doc.answers}
    return {str(status): _response(status, answers[status]) for status in sorted(answers)}


def _response(status: int, schema: Schema | None) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if schema is not None:
        response["content"] = _content(schema)
    return response


def _content(schema: Schema) -> dict[str, Any]:
    by_type = schema if isinstance(schema, Content) else {JSON: schema}
    return {media_type: {"schema": _reference(found)} for media_type, found in by_type.items()}


def _reference(schema: Schema) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else _copied(schema)


def _copied(schema: Schema) -> Schema:
    """apispec writes into what it is given; schemas of marshmallow stay what they are."""
    if isinstance(schema, Mapping):
        return {name: _copied(one) for name, one in schema.items()}
    return [_copied(one) for one in schema] if isinstance(schema, list) else schema


def _asked() -> tuple[dict[str, Any], Sequence[str], str]:
    book_of, versions = current_app.extensions["openapi"]
    version = request.args.get("version", versions[-1])
    return document(current_app, book_of(version if version in versions else versions[-1])), versions, version


@bp.app_template_filter("in_words")
def in_words(text: str) -> Markup:
    """A description as the page shows it: what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


@bp.get("/openapi.json")
def openapi_json() -> Response:
    return wire.reply(_asked()[0])


@bp.get("/docs")
def docs() -> str:
    """The document for people: one section for each group of routes."""
    found, versions, version = _asked()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append({"method": method.upper(), "path": path, **operation})
    schemas = found["components"]["schemas"]
    return render_template(
        "openapi.html", info=found["info"], groups=groups, schemas=schemas, versions=versions, version=version
    )

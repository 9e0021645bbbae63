"""Marks strings for gettext. English only for now: the marked text is what is shown."""

from flask import Flask

from web.formats import number


def _(text: str, **values: object) -> str:
    """The text in the person's language, with its values put in."""
    return text % values if values else text


def _plural(one: str, many: str, n: int, **values: object) -> str:
    return _(one if n == 1 else many, **{"num": number(n), **values})


def mark_templates(app: Flask) -> None:
    """Gives the templates `_()` and `ngettext()`; values are escaped, a literal percent sign is written %%."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True
    )


ngettext = _plural

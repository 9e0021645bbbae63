"""The layouts a document can be printed in. They are fixed: the vendor's editor for them is not emulated."""

from typing import Any

from mock_invoice.errors import NotFound

STANDARD = "410000000000000101"
TEMPLATES = {STANDARD: "Standard Template", "410000000000000103": "Spreadsheet Template"}


def template_name(template_id: str) -> str:
    return TEMPLATES[template_id or STANDARD]


def template_rows() -> list[dict[str, Any]]:
    return [
        {"template_id": template_id, "template_name": name, "template_type": name.split()[0].lower()}
        for template_id, name in TEMPLATES.items()
    ]


def check_template(template_id: str) -> str:
    """The id itself, once it is known to be one.

    Raises:
        NotFound: there is no such template.
    """
    if template_id and template_id not in TEMPLATES:
        raise NotFound("Template")
    return template_id

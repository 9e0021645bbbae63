"""Related lists: which records of another module a record's page shows (crm-api.md §4.9, §5.6).

Three kinds of ties stand behind them. A *lookup* of the other record names this one. A *link* was made between two
records that name each other nowhere (products of a potential, its contact roles). A *row* of the other record names
this one, as the line items of a quote name products. Links and rows are found in `record_relation`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mock_crm import state
from mock_crm.metadata.catalog import Field, Module
from mock_crm.metadata.standard import plain_label


@dataclass(frozen=True)
class RelatedList:
    """Records of `target` that are tied to a record of `module`; several ties count together.

    Attributes:
        field: the lookup of `target` that names the record.
        relation: the relation in `record_relation` that ties them.
        is_child: whether the record is the relation's child, and those listed its parents.
        can_link: whether clients make and undo the ties themselves (`PUT` and `DELETE` on the list).
        module, sequence: given by the table below.
    """

    api_name: str
    label: str
    target: str
    field: str | None = None
    relation: str | None = None
    is_child: bool = False
    can_link: bool = False
    module: str = ""
    sequence: int = 0


def _by(field: str, target: str, api_name: str = "", label: str = "") -> RelatedList:
    name = api_name or target
    return RelatedList(name, label or plain_label(name), target, field)


def _rows(relation: str, target: str, api_name: str, label: str) -> RelatedList:
    return RelatedList(api_name, label, target, relation=relation, is_child=True)


def _linked(relation: str, target: str, api_name: str = "", label: str = "", *, is_child: bool = False) -> RelatedList:
    name = api_name or target
    return RelatedList(name, label or plain_label(name), target, None, relation, is_child, True)


#: Relations that clients link and unlink; each is named for its parent's module and its child's.
CONTACT_ROLES = "Deals_Contact_Roles"
_PRODUCTS = {module: f"{module}_Products" for module in ("Leads", "Accounts", "Contacts", "Deals")}
_BESIDE = (_by("Parent_Id", "Notes"), _by("Parent_Id", "Attachments"))


def _inventory(field: str, *without: str) -> tuple[RelatedList, ...]:
    """Quotes, orders and invoices by the same lookup. Names of these lists are from memory."""
    ties = (
        _by(field, "Quotes"),
        _by(field, "Sales_Orders", "SalesOrders", "Sales Orders"),
        _by(field, "Invoices"),
    )
    return tuple(tie for tie in ties if tie.target not in without)


_BY_MODULE: dict[str, tuple[RelatedList, ...]] = {
    "Leads": (_linked(_PRODUCTS["Leads"], "Products"), *_BESIDE),
    "Accounts": (
        _by("Account_Name", "Contacts"),
        _by("Account_Name", "Deals", label="Potentials"),
        _by("Parent_Account", "Accounts", "Child_Accounts", "Member Accounts"),
        *_inventory("Account_Name"),
        _linked(_PRODUCTS["Accounts"], "Products"),
        *_BESIDE,
    ),
    "Contacts": (
        # From memory: a contact with a role in a potential sees it as his, like one it names itself.
        RelatedList("Deals", "Potentials", "Deals", "Contact_Name", CONTACT_ROLES, True),
        *_inventory("Contact_Name"),
        _linked(_PRODUCTS["Contacts"], "Products"),
        *_BESIDE,
    ),
    "Deals": (
        _linked(_PRODUCTS["Deals"], "Products"),
        _linked(CONTACT_ROLES, "Contacts", "Contact_Roles", "Contact Roles"),
        *_inventory("Deal_Name", "Invoices"),
        *_BESIDE,
    ),
    "Products": (
        # The lookup is ours (`standard_selling.py`), the link the vendor's.
        RelatedList("Deals", "Potentials", "Deals", "Product_Name", _PRODUCTS["Deals"], True, True),
        _rows("Quotes.Quoted_Items", "Quotes", "Quotes", "Quotes"),
        _rows("Sales_Orders.Ordered_Items", "Sales_Orders", "SalesOrders", "Sales Orders"),
        _rows("Invoices.Invoiced_Items", "Invoices", "Invoices", "Invoices"),
        _linked(_PRODUCTS["Accounts"], "Accounts", is_child=True),
        _linked(_PRODUCTS["Contacts"], "Contacts", is_child=True),
        _linked(_PRODUCTS["Leads"], "Leads", is_child=True),
        *_BESIDE,
    ),
    "Quotes": (_by("Quote_Name", "Sales_Orders", "SalesOrders", "Sales Orders"), *_BESIDE),
    "Sales_Orders": (_by("Sales_Order", "Invoices"), *_BESIDE),
    "Invoices": _BESIDE,
}


def _placed(module: str, ties: Iterable[RelatedList], first: int = 1) -> tuple[RelatedList, ...]:
    return tuple(replace(tie, module=module, sequence=place) for place, tie in enumerate(ties, start=first))


RELATED_LISTS: dict[str, tuple[RelatedList, ...]] = {
    module: _placed(module, ties) for module, ties in _BY_MODULE.items()
}


def lists_of(module: Module) -> tuple[RelatedList, ...]:
    """The related lists of a module: the vendor's own, then one for each custom lookup that leads to it."""
    own = RELATED_LISTS.get(module.api_name, ())
    if module.is_custom:
        own = _placed(module.api_name, _BESIDE)
    naming = (
        field
        for other in state.catalog().modules.values()
        for field in (*other.lookup_fields, *other.row_fields)
        if field.lookup_module == module.api_name and "related_list_name" in field.extra and field.is_shown
    )
    return (*own, *_placed(module.api_name, map(_made_by, naming), len(own) + 1))


def _made_by(field: Field) -> RelatedList:
    """The list that a custom lookup makes on the page of what it names; one of several records is asked by its rows."""
    name, label = field.extra["related_list_name"], field.extra["related_list"]
    if field.data_type == "lookup":
        return RelatedList(name, label, field.module, field.api_name)
    return _rows(f"{field.module}.{field.api_name}", field.module, name, label)


def related_list(module: str, name: str) -> RelatedList | None:
    """A related list by its name in any case, with or without underscores; Potentials are Deals here too."""
    wanted = "deals" if name.lower() == "potentials" else _plain(name)
    lists = lists_of(state.catalog().modules[module])
    return next((related for related in lists if _plain(related.api_name) == wanted), None)


def _plain(name: str) -> str:
    return name.lower().replace("_", "")

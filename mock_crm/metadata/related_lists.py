"""Related lists: which records of another module a record's page shows (crm-api.md §4.9, §5.6)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RelatedList:
    """Records of `target` that name a record of `module` in their lookup `field`."""

    module: str
    api_name: str
    label: str
    target: str
    field: str
    sequence: int


_ALL = (
    RelatedList("Accounts", "Contacts", "Contacts", "Contacts", "Account_Name", 1),
    RelatedList("Accounts", "Deals", "Potentials", "Deals", "Account_Name", 2),
    RelatedList("Accounts", "Child_Accounts", "Member Accounts", "Accounts", "Parent_Account", 3),
    RelatedList("Contacts", "Deals", "Potentials", "Deals", "Contact_Name", 1),
    RelatedList("Products", "Deals", "Potentials", "Deals", "Product_Name", 1),
)

RELATED_LISTS: dict[str, tuple[RelatedList, ...]] = {
    module: tuple(related for related in _ALL if related.module == module) for module in {r.module for r in _ALL}
}


def related_list(module: str, name: str) -> RelatedList | None:
    """A related list by its name in any case; Potentials are Deals here too."""
    wanted = "deals" if name.lower() == "potentials" else name.lower()
    return next((r for r in RELATED_LISTS.get(module, ()) if r.api_name.lower() == wanted), None)

"""What linking a potential needs, and what it may not undo (requirements L1, L5; guide: Potential Linking)."""

from connector.asking import answered_by
from connector.errors import Conflicting
from simulator.clients.crm import CrmClient

CUSTOM_MODULES_OFF = "Custom modules are switched off in Zoho CRM; an administrator enables them in its Setup."
LINKED_BY_TRIGGER = "Potentials previously linked using triggers cannot be dissociated."


def require_custom_modules(crm: CrmClient) -> None:
    """
    Raises:
        Conflicting: the CRM has custom modules switched off.
    """
    with answered_by("crm"):
        is_on = crm.has_custom_modules()
    if not is_on:
        raise Conflicting("custom_modules_off", CUSTOM_MODULES_OFF)

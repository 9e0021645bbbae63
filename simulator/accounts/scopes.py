"""Scopes: what tokens made here allow, and the form that asked ones have (crm-api.md §2.4)."""

import re

ALL_SCOPES = " ".join(
    (
        "ZohoCRM.modules.ALL",
        "ZohoCRM.settings.ALL",
        "ZohoCRM.users.ALL",
        "ZohoCRM.org.ALL",
        "ZohoCRM.coql.READ",
        "ZohoCRM.notifications.ALL",
        "ZohoCRM.bulk.ALL",
        "ZohoCRM.mass_update.ALL",
        "ZohoCRM.change_owner.ALL",
        "ZohoCRM.composite_requests.CUSTOM",
        "ZohoCRM.features.READ",
        "ZohoSearch.securesearch.READ",
        "ZohoInvoice.fullaccess.all",
        "ZohoBooks.fullaccess.all",
    )
)

#: `Service.group.operation`, with any number of groups; which of them a service has is not checked.
SCOPE = re.compile(r"\w+(\.[\w-]+)+\.(all|read|create|update|delete|write|custom)", re.I | re.A)

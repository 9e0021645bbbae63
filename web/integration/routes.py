"""All pages of the integration."""

from web.integration import (
    acting,
    connect,
    contacts,
    dashboard,
    explained,
    files,
    history,
    linked,
    links,
    mails,
    options,
    organization,
    pairs,
    plans,
    potentials,
    records,
    running,
    settings,
    triggers,
)
from web.integration.blueprint import bp

#: The modules above add their routes to the one blueprint.
PARTS = (
    acting,
    connect,
    contacts,
    dashboard,
    explained,
    files,
    history,
    linked,
    links,
    mails,
    options,
    organization,
    pairs,
    plans,
    potentials,
    records,
    running,
    settings,
    triggers,
)

blueprints = (bp,)

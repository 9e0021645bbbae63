"""Plays the scenario with pyzohoapi 1.0.0, a client for Zoho Books and Inventory; see `stepping.play`.

Its code is unchanged. The address is given the way the client means it: `get_endpoint`, which every product's class
overrides, and the address of the accounts server, an attribute (`with_pyzohoapi.client.Books`). What Books' class has
no name for, such as estimates, is made with the client's own `ZohoObjectFactory`.
"""

from stepping import play

play(
    "with_pyzohoapi",
    "signing_in",
    "contacts",
    "items",
    "estimates",
    "orders",
    "invoices",
    "payments",
    "refusals",
)

"""Plays the scenario with zohobooks-api 1.4, a client for Zoho Books that descends from the vendor's old wrapper.

Its code is unchanged. It reads its address from one class, `books.api.Api.Api`, whenever one of its modules is loaded;
`with_zohobooks.client` puts a class with the world's address there before. It speaks plain http by what the address
says. See `stepping.play`.
"""

from stepping import play

play(
    "with_zohobooks",
    "signing_in",
    "people",
    "catalogue",
    "settings",
    "offers",
    "billing",
    "money",
    "credits",
    "refusals",
)

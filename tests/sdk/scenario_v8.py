"""Plays the scenario with the vendor's SDK for version 8 of the API; see `stepping.play`."""

from stepping import play

play(
    "v8",
    "signing_in",
    "metadata",
    "records",
    "finding",
    "acts",
    "beside",
    "selling",
    "people",
    "bulk",
    "notices",
    "refusals",
    "tokens",
)

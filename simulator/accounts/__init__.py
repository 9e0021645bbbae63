"""The OAuth accounts server that both products mount: tokens, scopes, and who is calling."""

from simulator.accounts.caller import Caller, InvalidToken, NoToken, authenticate
from simulator.accounts.routes import AccountUser, Directory, mount
from simulator.accounts.tokens import issue_access_token, world_of_token

__all__ = [
    "AccountUser",
    "Caller",
    "Directory",
    "InvalidToken",
    "NoToken",
    "authenticate",
    "issue_access_token",
    "mount",
    "world_of_token",
]

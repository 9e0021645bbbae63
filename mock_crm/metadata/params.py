"""Parameters that the settings have in common."""

from flask import request

from mock_crm import state
from mock_crm.errors import RequiredParamMissing
from mock_crm.metadata.catalog import Module


def module_param(key: str = "param_name") -> Module:
    """The module named in the query.

    Raises:
        RequiredParamMissing, InvalidModule: when it is absent or unknown.
    """
    given = request.args.get("module")
    if not given:
        raise RequiredParamMissing({key: "module"})
    return state.catalog().module(given)

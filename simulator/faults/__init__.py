"""Faults on demand: what a network and a vendor do to calls at bad times, for chosen calls, before or after the work.

`rules` says which calls are hit, `kinds` what becomes of them, `middleware` applies both around the application, so
that a fault after the work is a fault after the commit; `vendor` is how a product lends its own error bodies.
"""

from simulator.faults.kinds import ConnectionCut as ConnectionCut
from simulator.faults.middleware import FaultMiddleware as FaultMiddleware
from simulator.faults.rules import Faults as Faults
from simulator.faults.vendor import VendorError as VendorError

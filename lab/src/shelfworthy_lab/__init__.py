"""Products to audit, built from real servers on loopback: vulnerable on purpose, and fixed.

>>> bear = up("cloudpets", "2018")      # also `shelfworthy-lab up cloudpets --edition 2018`
>>> bear.product, bear.policy           # what an audit needs
>>> down("cloudpets", "2018")
"""

from shelfworthy_lab.home import CantRun
from shelfworthy_lab.instance import Instance
from shelfworthy_lab.lifecycle import WrongUsage, down, down_all, planted, status, up

__all__ = ["CantRun", "Instance", "WrongUsage", "down", "down_all", "planted", "status", "up"]

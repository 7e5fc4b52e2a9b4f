"""premailer without the import of `requests`, of which a start would pay 0.2 s.

premailer imports it to fetch style sheets from elsewhere, and no mail of ours names one. It is
there all the same: whatever touches it imports it then (importlib.util.LazyLoader).
"""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def _import_when_used(name: str) -> None:
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    sys.modules[name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


_import_when_used("requests")

from premailer import Premailer  # noqa: E402 - after the line above

__all__ = ["Premailer"]

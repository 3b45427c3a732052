"""Home asks every app the same questions; an app answers by having the module (`waiting.py`, `search.py`)."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

Answer = Callable[..., Any]


@cache
def answers(module: str, function: str) -> tuple[Answer, ...]:
    """The function of that name in that module of each app of ours that has one, in the order of the apps."""
    found = []
    for config in apps.get_app_configs():
        ours = "site-packages" not in config.path and config.label != "home"
        if not ours or not module_has_submodule(config.module, module):
            continue
        answer = getattr(import_module(f"{config.name}.{module}"), function, None)
        if answer is not None:
            found.append(answer)
    return tuple(found)

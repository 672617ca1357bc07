"""Maps the five top-level folders to the one import package `dataflowc`; everything else is in pyproject.toml."""

from setuptools import find_packages, setup

FOLDERS = {
    "dataflowc": "compiler",
    "dataflowc.dialects": "dialects",
    "dataflowc.passes": "passes",
    "dataflowc.hls": "hls",
    "dataflowc.frontends": "frontends",
}
PACKAGES = [
    package
    for name, folder in FOLDERS.items()
    for package in [name, *(f"{name}.{inner}" for inner in find_packages(folder))]
]
setup(packages=PACKAGES, package_dir=FOLDERS)

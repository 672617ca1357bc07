"""`python -m dataflowc.frontends.dump MODEL`: the imported module on standard output."""

from __future__ import annotations

import sys

from dataflowc.diagnostics import DataflowcError, ExitCode
from dataflowc.frontends import load
from dataflowc.ir_text import module_text


def main(arguments: list[str]) -> int:
    """Print the linalg-level module of the model named by the one argument; the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m dataflowc.frontends.dump MODEL\n")
        return ExitCode.USAGE
    try:
        imported = load(arguments[0])
    except DataflowcError as error:
        sys.stderr.write(error.render() + "\n")
        return error.exit_code
    sys.stdout.write(module_text(imported.module))
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

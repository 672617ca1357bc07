"""`dataflowc-opt`: xDSL's optimizer driver with our dialects and passes.

`dataflowc-opt -p "build-tasks,build-nodes" in.mlir`. As in every xDSL tool `-t` names the output format; the device is
an option of the passes that ask for one, as in `-p 'place-memories{target=zcu102}'`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

from xdsl.dialects import get_all_dialects
from xdsl.targets import get_all_targets
from xdsl.transforms import get_all_passes
from xdsl.utils.exceptions import ArgSpecParseError, DiagnosticException, ParseError
from xdsl.xdsl_opt_main import xDSLOptMain

from dataflowc.diagnostics import DataflowcError, ExitCode
from dataflowc.universe import UNIVERSE


class DataflowcOptMain(xDSLOptMain):
    """xDSL's driver; registers its own universe and ours, whether or not the package's entry points are installed."""

    version_format = "dataflowc-opt built on xDSL {xdsl_version}"

    def register_all_dialects(self) -> None:
        """Those of xDSL and `dataflow`."""
        for name, factory in {**get_all_dialects(), **UNIVERSE.all_dialects}.items():
            self.ctx.register_dialect(name, factory)

    def register_all_passes(self) -> None:
        """Those of xDSL and of `dataflowc passes`."""
        for name, factory in {**get_all_passes(), **UNIVERSE.all_passes}.items():
            self.register_pass(name, factory)

    def register_all_targets(self) -> None:
        """The output formats of xDSL."""
        self.available_targets.update(get_all_targets())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dataflowc-opt` and return its exit code.

    1 for bad IR or a pass that refuses it, 2 for a wrong command line, 70 (after the traceback) for a pass that breaks.
    """
    try:
        driver = DataflowcOptMain("Run dataflowc's passes on textual IR.", arguments)
    except (ArgSpecParseError, ValueError) as error:
        sys.stderr.write(f"dataflowc-opt: {error}\n")
        return int(ExitCode.USAGE)
    try:
        driver.run()
    except DataflowcError as error:
        sys.stderr.write(f"{error.render()}\n")
        return int(error.exit_code)
    except (ParseError, DiagnosticException, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return int(ExitCode.USER_ERROR)
    except Exception:
        sys.stderr.write(traceback.format_exc())
        return int(ExitCode.INTERNAL)
    return int(ExitCode.OK)


if __name__ == "__main__":
    sys.exit(main())

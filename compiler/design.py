"""A compiled model: estimate it, simulate it, look at its IR, write it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflowc import __version__
from dataflowc.contracts import HlsProgram, Receipt
from dataflowc.diagnostics import CheckFailed, UsageError
from dataflowc.simulation import Simulation

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp

    from dataflowc.cost.estimate import Estimate
    from dataflowc.driver import Lowered
    from dataflowc.pass_manager import PassRecord


class Design:
    """What `dataflowc.compile` returns."""

    def __init__(self, lowered: Lowered, program: HlsProgram, estimate: Estimate, checks: tuple[Receipt, ...]) -> None:
        self.name = program.name
        self.target = lowered.target
        self.clock_ns = lowered.clock_ns
        self.options = lowered.options
        self.program = program
        self._lowered = lowered
        self._estimate = estimate
        self._checks = checks
        self._simulation = Simulation(lowered, program)

    def __repr__(self) -> str:
        return f"<Design {self.name} for {self.target.name} at {1000 / self.clock_ns:g} MHz>"

    def estimate(self) -> Estimate:
        """Resources by node and in all; figures that are not modelled are absent."""
        return self._estimate

    def module(self, level: str) -> ModuleOp:
        """The IR at `linalg`, `tasks`, `nodes` or `scheduled`; a copy. Raises UsageError for another name."""
        levels = self._lowered.run.levels
        if level not in levels:
            raise UsageError("DF204", f"there is no level '{level}'", notes=[f"known: {', '.join(levels)}"])
        return levels[level].clone()

    @property
    def pass_records(self) -> tuple[PassRecord, ...]:
        """What each pass did and how long it took."""
        return tuple(self._lowered.run.records)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """All checks; those of the C-simulation run on first use."""
        return (*self._checks, *self._simulation.receipts)

    def simulate(self, *inputs: Any) -> Any:
        """Run the emitted C++ on the model's inputs and return what the model returns.

        Takes tensors, arrays or the nested structure the model takes. The C++ is compiled once.
        """
        return self._simulation.run(*inputs)

    def emit(self, directory: str | Path, *, keep_failed: bool = False) -> Path:
        """Write the project, with receipts and estimate, to `directory`; it appears whole or not at all.

        Raises CheckFailed if a receipt fails; with `keep_failed` the project then stands in `<directory>.failed`.
        """
        from dataflowc.hls.output import atomic_directory

        final = Path(directory)
        with atomic_directory(final) as staging:
            self.write(staging, keep_failed_as=failed_name(final) if keep_failed else None)
        return final

    def write(self, directory: Path, *, keep_failed_as: Path | None = None) -> None:
        """Write the project files, receipts and estimate into `directory` as it is; `emit` is the safe way.

        Raises CheckFailed if a receipt fails, after copying the project to `keep_failed_as`.
        """
        self._simulation.write_project(directory)
        _write_json(directory / "receipts.json", receipts_json(self.receipts))
        _write_json(directory / "estimate.json", self._estimate.to_json())
        failed = [receipt for receipt in self.receipts if receipt.passed is False]
        if not failed:
            return
        hint = "--keep-failed keeps the project beside it"
        if keep_failed_as is not None:
            shutil.rmtree(keep_failed_as, ignore_errors=True)
            shutil.copytree(directory, keep_failed_as)
            hint = f"the project is in {keep_failed_as}"
        raise CheckFailed(
            "DF310",
            f"{len(failed)} of {len(self.receipts)} checks failed, so there is no project",
            notes=[f"{receipt.name}: {receipt.detail}" for receipt in failed],
            hint=hint,
        )


def failed_name(directory: Path) -> Path:
    """Where a failed project for `directory` is kept."""
    return directory.with_name(f"{directory.name}.failed")


def receipts_json(receipts: tuple[Receipt, ...]) -> dict[str, Any]:
    """The object that `receipts.json` holds; `passed` is null for a check that was not run."""
    return {
        "dataflowc": __version__,
        "passed": all(receipt.passed is not False for receipt in receipts),
        "receipts": [
            {"name": r.name, "passed": r.passed, "detail": r.detail, "evidence": r.evidence} for r in receipts
        ],
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")

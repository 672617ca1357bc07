"""Builds the example models for several targets and measures: time, memory, size of the C++, error of the C-simulation.

    python benchmarks/build_models.py [--models mlp,resnet18] [--targets vck190,zcu102,u280] [--json OUT]

Every build runs in a process of its own, so that time counts from `import dataflowc` and memory is that build's peak.
Required figures are printed beside the measured ones; the exit code is 1 if one is missed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MODELS = ("mlp", "lenet5", "resnet18", "mobilenetv2", "vit_block", "bert_layer", "hf_resnet18", "hf_bert")
TARGETS = ("vck190", "zcu102", "u280")
TOLERANCE = 1e-4

REQUIRED = {
    ("resnet18", "project_seconds"): 60.0,
    ("resnet18", "peak_gib"): 6.0,
    ("resnet18", "csim_compile_seconds"): 60.0,
    ("resnet18", "csim_run_seconds"): 120.0,
    ("resnet18", "cpp_bytes"): 150_000,
    ("bert_layer", "project_seconds"): 30.0,
}
"""(model, figure) -> the largest value that is allowed."""


def build(model: str, target: str) -> dict[str, object]:
    """Compile one model in this process; the figures of one row."""
    start = time.perf_counter()
    import dataflowc
    from dataflowc.hls.csim import run_csim

    design = dataflowc.compile(EXAMPLES / f"{model}.py", target=target)
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / model
        project.mkdir()
        design._simulation.write_project(project)
        project_seconds = time.perf_counter() - start
        peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        result = run_csim(project)
    return {
        "model": model,
        "target": target,
        "project_seconds": round(project_seconds, 1),
        "peak_gib": round(peak_gib, 2),
        "cpp_bytes": sum(len(text) for path, text in design.program.sources.items()),
        "processes": design.program.bounded_top.count("dfc::process("),
        "csim_compile_seconds": round(result.compile_seconds, 1),
        "csim_run_seconds": round(result.run_seconds, 1),
        "csim_error": max(result.max_errors.values()),
        "agrees": result.passed,
        "resources": design.estimate().to_json()["resources"],
    }


def start_up() -> dict[str, float]:
    """Best of five: seconds to import dataflowc and to print its help, without the interpreter's own start."""
    figures = {}
    commands = {
        "empty": [sys.executable, "-c", "pass"],
        "import": [sys.executable, "-c", "import dataflowc"],
        "help": [sys.executable, "-m", "dataflowc", "--help"],
    }
    for name, command in commands.items():
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.perf_counter() - begin)
        figures[name] = min(times)
    return {
        "import_ms": round(1000 * (figures["import"] - figures["empty"]), 1),
        "help_ms": round(1000 * figures["help"], 1),
    }


def misses(row: dict[str, object]) -> list[str]:
    """The required figures that a row misses."""
    found = [] if row.get("agrees") else ["C-simulation differs from PyTorch"]
    for (model, figure), limit in REQUIRED.items():
        value = row.get(figure)
        if row["model"] == model and isinstance(value, int | float) and value > limit:
            found.append(f"{figure} {value} > {limit}")
    return found


def main() -> int:
    """Run all rows in child processes and print them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, metavar=("MODEL", "TARGET"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(build(*arguments.one)))
        return 0
    figures = start_up()
    print(f"import dataflowc {figures['import_ms']} ms (at most 100), --help {figures['help_ms']} ms (at most 300)")
    rows, failed = [], figures["import_ms"] > 100 or figures["help_ms"] > 300
    for model in arguments.models.split(","):
        for target in arguments.targets.split(","):
            child = subprocess.run(
                [sys.executable, __file__, "--one", model, target], capture_output=True, text=True, check=False
            )
            if child.returncode:
                print(f"{model:12} {target:7} FAILED: {child.stderr.strip().splitlines()[-1:]}")
                failed = True
                continue
            row = json.loads(child.stdout.strip().splitlines()[-1])
            rows.append(row)
            problems = misses(row)
            failed = failed or bool(problems)
            print(
                f"{model:12} {target:7} project {row['project_seconds']:5} s {row['peak_gib']:5} GiB  C++ "
                f"{row['cpp_bytes'] / 1000:6.1f} kB  csim {row['csim_compile_seconds']:4} + "
                f"{row['csim_run_seconds']:5} s  error {row['csim_error']}  {'; '.join(problems) or 'ok'}"
            )
    if arguments.json:
        arguments.json.write_text(json.dumps({"start_up": figures, "rows": rows}, indent=2) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

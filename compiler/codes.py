"""One paragraph for every error code: what `dataflowc explain CODE` prints. Codes are stable."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "DF201": "`--stop-after` or `--emit` names no stage or pass. `dataflowc passes` lists both.",
    "DF202": "A pass list names a pass that does not exist. `dataflowc passes` lists the passes of a compilation and "
    "`dataflowc-opt --help` all of them.",
    "DF203": "The clock is not a frequency in MHz that a device could run at.",
    "DF204": "A design was asked for the IR of a level that it does not have. The levels are linalg, tasks, nodes "
    "and scheduled; a compilation that was stopped early has only the first of them.",
    "DF205": "`dataflowc explain` was given a code that no error has.",
    "DF206": "The text asked for with `--emit` could not be written to the file after `-o`.",
    "DF207": "`dataflowc estimate` was given a folder without a readable estimate.json, so it is not a project "
    "folder that dataflowc wrote.",
    "DF208": "The folder after `--dump-ir` cannot be made or written.",
    "DF301": "However deep its FIFOs are made, the design waits for itself: the notes say which processes wait for "
    "what. The lowering should never build such a design.",
    "DF310": "A check of the build failed, so no project is left behind: a build that is not checked is not a result. "
    "The notes say which check and why. `--keep-failed` keeps the project, in a folder beside the one asked for, to "
    "look at. A C-simulation that disagrees with PyTorch is a defect of dataflowc and worth a report.",
    "DF311": "`design.simulate` was called with inputs whose number or shapes are not those the design was compiled "
    "for. Shapes are fixed at compile time, the batch size included.",
    "DF401": "A value has an element type that has no C++ form. The front door refuses such types, so a pass made it.",
    "DF402": "An operation in the body of a node has no C++ form. The front door and the lowering should have refused "
    "or replaced it; the error names the line of the model it comes from.",
    "DF900": "dataflowc met a situation it does not know. The error names a folder with the options and the traceback.",
    "DF901": "A pass broke, or left IR that does not verify. This is a defect of dataflowc, not of the model. The "
    "error names a folder with the IR before the failing stage and the `dataflowc-opt` command that repeats it.",
}

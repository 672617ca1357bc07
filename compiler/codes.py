"""One paragraph for every error code: what `dataflowc explain CODE` prints. Codes are stable."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "DF101": "The model file is missing, is a folder, or has an ending that is not known. Known are `.py` (with "
    "`:symbol` if the model is not called `model`), `.pt2` (a saved ExportedProgram) and `.mlir` (linalg on tensors).",
    "DF102": "The Python file has no nn.Module of the name asked for (`model` unless `file.py:symbol` says otherwise), "
    "or what was passed as a model is none. A class is not a model: it has to be built, as in `model = Net()`.",
    "DF103": "The model file could not be read: the Python code raises when it is imported, or the `.pt2` file is not "
    "one that torch.export.save wrote.",
    "DF104": "A model is compiled for the shapes of its example inputs, and there are none, or they are not tensors. "
    "Put `example_inputs = (torch.randn(...),)` beside the model, or pass them to `dataflowc.compile`.",
    "DF105": "The model itself fails on its example inputs, in plain PyTorch.",
    "DF106": "Which operations run, or how large a tensor is, depends on the values of the inputs. A dataflow design "
    "is fixed when it is built: use torch.where, or decide by attributes of the module.",
    "DF107": "torch.export cannot turn the model into a graph. The first line of its own message follows; it names the "
    "line of the model where it knows it.",
    "DF108": "The exported program has dynamic shapes. Hardware is built for one size, the batch size included.",
    "DF109": "A parameter, buffer or argument of the model is something other than a tensor.",
    "DF110": "The model changes a buffer or an input while it runs. The compiled design keeps no state between calls: "
    "return the new value instead.",
    "DF111": "The model returns something other than tensors, or tuples, lists and dictionaries of them.",
    "DF112": "Weights hold NaN or infinity, so that no result could be compared with anything.",
    "DF113": "The model computes in an element type that the compiler does not take. The notes list where; "
    "`model.float()` is the usual cure.",
    "DF114": "The inputs do not have the structure, shapes or types of the example inputs the model was compiled for.",
    "DF115": "An input or output has no elements, because one of its dimensions is 0.",
    "DF120": "The model uses operations that cannot be lowered. All of them are listed, each with its line in the "
    "model and, where there is one, the nearest form that works.",
    "DF150": "No target has that name. `dataflowc targets` lists them; the path of a TOML file is taken too.",
    "DF151": "The target file cannot be read, or is not TOML.",
    "DF152": "The target file has a key that nothing reads, most often a misspelt one.",
    "DF153": "The target file lacks a key that every target needs. A file with a `base` needs only what differs.",
    "DF154": "A key of the target file has a value of the wrong kind.",
    "DF155": "The `base` of the target file does not exist, or leads back to the file itself.",
    "DF160": "A C kernel in affine form uses what has no place in one: calls, results, shapes that are not static, "
    "index arguments, guards with results, or ops outside affine, arith, math and memref. The notes list all of it.",
    "DF170": "The C++ source uses something outside the subset that the reader knows. The error names the line and the "
    "construct, the hint says what there is: free functions, scalars, arrays of constant size, streams, for, if, "
    "arithmetic and math functions.",
    "DF171": "A `#pragma HLS` is not known, has an option that is not known, a value that does not fit, or stands "
    "where it means nothing. None is passed over, because each one changes the hardware.",
    "DF172": "The number of iterations of a loop depends on data, so that no cycles follow from the source. Give it "
    "with `--tripcount label=N`, by the label, the bound or the counter of the loop, or by a LOOP_TRIPCOUNT pragma.",
    "DF173": "The C++ source can be parsed but makes no design: no or several top functions, an unknown name, "
    "arguments or subscripts that do not fit, a stream with two readers, an array that is read before it is written.",
    "DF174": "The C++ file or folder does not exist, or holds no sources.",
    "DF156": "No known target has that part. Parts may be shortened from the end; `dataflowc targets` lists them.",
    "DF201": "`--stop-after` or `--emit` names no stage or pass. `dataflowc passes` lists both.",
    "DF202": "A pass list names a pass that does not exist. `dataflowc passes` lists the passes of a compilation and "
    "`dataflowc-opt --help` all of them.",
    "DF203": "The clock is not a frequency in MHz that a device could run at.",
    "DF204": "A design was asked for the IR of a level that it does not have. The levels are linalg, tasks, nodes "
    "and scheduled; a compilation that was stopped early has only the first of them.",
    "DF215": "A pass was run on IR of another level than the one it lowers. `dataflowc passes` lists the order.",
    "DF216": "A tensor that is indexed by value is seen through a permutation and a reshape together, so that the "
    "place of an element is no linear function of its index.",
    "DF217": "A tensor that was made without contents, as torch.empty does, is returned without being written.",
    "DF209": "`--tripcount` takes a name and a number, as in `--tripcount rows=64`.",
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
    "DF320": "The design takes more of a resource than the target has. The message says which and by how much, the "
    "notes which nodes take most of it. Parts of unknown cost are not counted, so at least that much is short.",
    "DF321": "No report covers this operator on this element type and family of parts, so its latency is not known. "
    "It is an error rather than a zero.",
    "DF322": "An estimate needs a module on the scheduled level: one with a `dataflow.schedule`.",
    "DF401": "A value has an element type that has no C++ form. The front door refuses such types, so a pass made it.",
    "DF402": "An operation in the body of a node has no C++ form. The front door and the lowering should have refused "
    "or replaced it; the error names the line of the model it comes from.",
    "DF405": "The emitted C++ breaks a rule that keeps it away from a known failure of Vitis HLS. The notes list every "
    "place, with the rule. The emitter should never write such a program: worth a report.",
    "DF411": "The output is a file, or a folder with something in it that dataflowc did not write. It is never "
    "overwritten: name another folder, or remove it yourself.",
    "DF412": "The output folder, or the one around it, cannot be written.",
    "DF413": "A C-simulation was asked for in a folder that is no project, or with inputs that do not fit it.",
    "DF414": "The emitted program and its data do not fit together. This is a defect of dataflowc.",
    "DF420": "The C-simulation ended with an error that has no code of its own; the notes show the end of its log.",
    "DF421": "The C-simulation with the real FIFO depths came to a point where every process waits. The notes name the "
    "processes and the FIFOs between them.",
    "DF422": "A process read from an empty FIFO at the end, or left elements in one: producer and consumer disagree on "
    "how many elements there are.",
    "DF423": "The C-simulation crashed, or the sanitizer found an access outside an array or undefined behaviour.",
    "DF424": "The second call of the top function gave another result than the first: an element of an output is never "
    "written, or a value is kept from call to call.",
    "DF425": "The C-simulation did not end within its time limit.",
    "DF430": "The compiler refused the emitted C++. This is a defect of dataflowc.",
    "DF501": "Something that has to be installed is missing: torch and torch-mlir (which need Python 3.11) for PyTorch "
    "models, g++ or Vitis for C-simulation. `dataflowc doctor` says what is there.",
    "DF502": "The C-simulation of Vitis ended without a result; the notes show the end of its log. Without Vitis on "
    "the PATH, g++ is used.",
    "DF900": "dataflowc met a situation it does not know. The error names a folder with the options and the traceback.",
    "DF901": "A pass broke, or left IR that does not verify. This is a defect of dataflowc, not of the model. The "
    "error names a folder with the IR before the failing stage and the `dataflowc-opt` command that repeats it.",
}

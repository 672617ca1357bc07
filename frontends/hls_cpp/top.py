"""Which function is the top of a design."""

from __future__ import annotations

from dataflowc.diagnostics import nearest
from dataflowc.frontends.hls_cpp.call_graph import calls
from dataflowc.frontends.hls_cpp.errors import bad_design
from dataflowc.frontends.hls_cpp.syntax import Function, Place, Program


def top_function(program: Program, name: str | None) -> Function:
    """The function `name`, else the one with a TOP pragma, else the only one that nobody calls.

    Raises:
        UserError: DF173 if there is none, or several.
    """
    if name is not None:
        found = program.functions.get(name)
        if found is None:
            close = nearest(name, program.functions) or sorted(program.functions)
            raise bad_design(Place("", 0), f"there is no function '{name}'", f"there is: {', '.join(close)}")
        return found
    marked = [f for f in program.functions.values() if any(p.name == "top" for p in f.body.pragmas)]
    called = {call.function for f in program.functions.values() for call in calls(f.body)}
    free = marked or [f for f in program.functions.values() if f.name not in called]
    if len(free) > 1:
        free = [f for f in free if f.is_extern_c] or free
    if len(free) == 1:
        return free[0]
    if not free:
        raise bad_design(Place("", 0), "no function can be the top", "define a function that nothing calls")
    names = ", ".join(f.name for f in free)
    raise bad_design(
        Place(free[0].file, free[0].line), f"several functions can be the top: {names}", "name one of them (top)"
    )

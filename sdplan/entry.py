"""The console script: an unchanged `check` is answered from the cache, everything else by the command line.

Nothing is imported before the cache was asked, because a check that has nothing to do is over in the time
that the interpreter takes to start.
"""

import os
import sys


def main() -> None:
    """Run sdplan with the arguments of the process, and end the process."""
    try:
        code = _answered(sys.argv[1:])
        if code is None:
            code = _worked_out()
    except KeyboardInterrupt:
        code = 130
    except Exception as wrong:
        if os.environ.get("SDPLAN_DEBUG") == "1":
            raise
        name = type(wrong).__name__
        sys.stderr.write(
            f"sdplan: internal error ({name}); please report it, with the design if you may share it\n"
        )
        code = 3
    _leave(code)


def _answered(arguments: list[str]) -> int | None:
    """The exit code of an unchanged check, once its answer has been written."""
    if len(arguments) < 2 or arguments[0] != "check" or any(each.startswith("-") for each in arguments):
        return None
    from sdplan.cli import answers

    known = answers.recall(arguments[1:], colour=answers.in_colour())
    if known is None:
        return None
    code, output = known
    try:
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        return answers.BROKEN_PIPE
    return code


def _worked_out() -> int:
    import gc

    # The models and functions that are made now stay until the end: there is no garbage among them.
    gc.set_threshold(100_000, 20, 20)
    # Pydantic would search the installed packages for plugins: that takes time, and runs what it finds.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from sdplan.cli.app import app

    try:
        app(prog_name="sdplan")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 2
    return 0


def _leave(code: int) -> None:
    """End the process here: taking the modules apart one by one would take longer than a check."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue
    os._exit(code)


if __name__ == "__main__":
    main()

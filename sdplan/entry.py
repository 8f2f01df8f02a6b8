"""The console script: an unchanged `check` is answered from the cache, everything else by the command line.

Nothing is imported before the cache was asked, because a check that has nothing to do is over in the time
that the interpreter takes to start.
"""

import os
import sys


def main() -> None:
    """Run sdplan with the arguments of the process, and end the process."""
    arguments = sys.argv[1:]
    try:
        code = _answered(arguments) if _is_plain_check(arguments) else None
        if code is None:
            code = _worked_out(arguments)
    except KeyboardInterrupt:
        code = 130
    except Exception as wrong:
        if os.environ.get("SDPLAN_DEBUG") == "1":
            raise
        _report(wrong)
        code = 3
    _leave(code)


def _is_plain_check(arguments: list[str]) -> bool:
    """Whether this is a `check` of files and folders without any option: there is nothing to parse."""
    return len(arguments) > 1 and arguments[0] == "check" and not any(each[:1] == "-" for each in arguments)


def _answered(arguments: list[str]) -> int | None:
    """The exit code of an unchanged check, once its answer has been written."""
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


def _worked_out(arguments: list[str]) -> int:
    """The exit code of a command that was run."""
    import gc
    import warnings

    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, to programmers
    # The models and functions that are made now stay until the end: there is no garbage among them.
    gc.set_threshold(100_000, 20, 20)
    # Pydantic would search the installed packages for plugins: that takes time, and runs what it finds.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # One thread for numpy's matrices, which are small: the sums then are the same on every machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from sdplan.cli.later import load_later

    load_later()
    try:
        _run(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 2
    return 0


def _run(arguments: list[str]) -> None:
    if _is_plain_check(arguments):
        from sdplan.cli.checking import check_plainly
        from sdplan.cli.ending import end

        end(lambda: check_plainly(arguments[1:], keep=True))
    from sdplan.cli.app import app

    app(prog_name="sdplan")


def _report(wrong: Exception) -> None:
    """Say that something unforeseen happened; not what, because that may hold text from a stranger's file."""
    if sys.stderr is not None:
        name = type(wrong).__name__
        sys.stderr.write(f"sdplan: internal error ({name}): please report it, and the design if you may\n")


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

"""The child's side: import the reader, confine oneself, then read the file on standard input.

All that is imported is imported before the first byte is read; afterwards no file can be opened any more,
but by a reader that unpacks: that one has a work folder and programs, and what confines it is `workshop`.
"""

import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator

import msgspec

from shelfworthy.model import Cause, NotSeen, Seen
from shelfworthy.sandbox import workshop
from shelfworthy.sandbox.confine import Forbidden, confine, hook
from shelfworthy.sandbox.words import AnyFrame, Began, Ended, Saw, Task, crash

Read = Callable[..., Iterator[Seen]]  # the file, its name, and what else the task tells


def main(told: str) -> None:
    """Do one task, and end the process without any of Python's own endings."""
    task = msgspec.json.decode(told, type=Task)
    gc.disable()
    read = function(task.read)
    gc.freeze()  # nothing of what was imported is garbage, so nobody looks for it there
    gc.enable()
    stopped: list[str] = []
    if task.limits.disk:
        unpacking(read, task)
    held = confine(task.limits)
    hook(stopped)
    say(Began((*held, "hook")))
    end = reading(read, task)
    if stopped:  # also where the reader swallowed it
        end = Ended("forbidden", words=stopped[0])
    say(end)
    os._exit(0)


def unpacking(read: Read, task: Task) -> None:
    """Do a task that needs a work folder; the process ends here as well."""
    try:
        held = workshop.enter(task.limits)
    except workshop.Lacking as lacking:
        say(Began(()))
        say(Ended("stopped", cause=Cause.TOOL_MISSING, words=f"{task.name} was not unpacked: {lacking}"))
        os._exit(0)
    say(Began(held))
    say(reading(read, task))
    os._exit(0)


def function(name: str) -> Read:
    """The reader `module:function`, and with it all it imports."""
    module, _, inside = name.partition(":")
    found: Read = getattr(importlib.import_module(module), inside)
    return found


def reading(read: Read, task: Task) -> Ended:
    """Read the file, say all that was seen, and how it ended."""
    try:
        for seen in read(sys.stdin.buffer, task.name, *task.told):
            say(Saw(msgspec.Raw(msgspec.json.encode(seen))))
    except NotSeen as trouble:
        return Ended("stopped", cause=trouble.cause, words=trouble.words)
    except MemoryError:
        return Ended("too big")
    except Forbidden as wanted:
        return Ended("forbidden", words=str(wanted))
    except Exception as fault:  # a crash of a reader must not look like its end
        return Ended("crashed", words=crash(fault))
    return Ended("whole")


def say(frame: AnyFrame) -> None:
    """One line on the pipe, whole."""
    line = memoryview(msgspec.json.encode(frame) + b"\n")
    while line:
        line = line[os.write(workshop.pipe, line) :]

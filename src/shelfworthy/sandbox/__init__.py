"""Children: the only place that starts other processes.

`spread` shares pure work of ours among the machine's cores, in a pool of children that are trusted and live
as long as the work. `box` reads one hostile file in one child that is confined before it reads a byte, and
ends with the file. `bounded` does trusted work on what strangers sent, in forks within limits. They have
little in common but that they start processes, so each is a module of its own.
"""

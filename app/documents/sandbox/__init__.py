"""The child in which a stranger's file becomes pictures: a program of its own, locked in before it reads the first byte.

``darkroom`` starts it with an empty environment and two pipes. It imports nothing of the window on purpose, and holds no
secret of it (trust.md F4 to F6). lock: what it gives up; fonts: what it takes in; drawing: what it does; child: the order.
"""

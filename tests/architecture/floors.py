"""A room includes only rooms on lower floors, and libraries stay behind their doors."""

import re

import tree

FLOORS = {
    "base": 0,
    "os": 1,
    "config": 2, "http": 2, "net": 2, "pool": 2,
    "pipeline": 3,
    "child": 4, "modules": 4,
    "control": 5,
    "app": 6,
}
# A module that is built as those of others are: include/preforkd is all it sees.
OUTSIDE = "php"
# Who alone may know a library.
DOORS = {
    "spdlog/": lambda path: str(path) == "src/base/log.cpp",
    "llhttp": lambda path: path.parts[1] == "http",
    "openssl/": lambda path: path.parts[1] == "net",
    "pcre2": lambda path: str(path).startswith("src/base/regex"),
}

broken = []
for path, text in tree.sources():
    room = path.parts[1]
    if room == OUTSIDE:
        broken += [f"{path}: {other}/ is not for a module from outside"
                   for other in re.findall(r'#\s*include\s*"(\w+)/', text) if other in FLOORS]
        continue
    if room not in FLOORS:
        broken.append(f"{path}: no such room: {room}")
        continue
    for number, line in enumerate(text.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
        if not include:
            continue
        name = include.group(1)
        other = name.split("/")[0]
        if other in FLOORS and other != room and FLOORS[other] >= FLOORS[room]:
            broken.append(f"{path}:{number}: {room} (floor {FLOORS[room]}) "
                          f"includes {other} (floor {FLOORS[other]})")
        for library, may in DOORS.items():
            if name.startswith(library) and not may(path):
                broken.append(f"{path}:{number}: {name} is not for this file")

tree.report("rooms include only lower floors", broken)

"""The top level is exactly what docs/architecture.md says."""

import tree

EXPECTED = {
    "CMakeLists.txt", "LICENSE", "README.md",
    "src", "include", "conf", "systemd", "tests", "docs",
    "CMakePresets.json", ".clang-format", ".clang-tidy", ".editorconfig", ".gitignore", ".ci",
}

found = {path.parts[0] for path in tree.files()}
tree.report("the top level holds what it should and nothing else",
            [f"missing: {name}" for name in sorted(EXPECTED - found)] +
            [f"does not belong here: {name}" for name in sorted(found - EXPECTED)])

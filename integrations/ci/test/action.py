"""Runs the steps of a composite action with bash: action.py FOLDER NAME=VALUE…

Fills in inputs as GitHub does, where the action asks for them: in `env` only, for an input inside a script would be run.
"""

import os
import re
import subprocess
import sys
import tempfile


def main(folder, given):
    action = read(os.path.join(folder, "action.yml"))
    inputs = {name: it.get("default", "") for name, it in action["inputs"].items()}
    unknown = set(given) - set(inputs)
    assert not unknown, f"the action has no input {unknown}"
    inputs.update(given)
    with tempfile.TemporaryDirectory() as temporary:
        for step in action["runs"]["steps"]:
            assert "${{" not in step["run"], "an input in a script would be run"
            env = {name: fill(it, inputs, folder) for name, it in step.get("env", {}).items()}
            env |= {"RUNNER_TEMP": temporary, "GITHUB_PATH": os.path.join(temporary, "path")}
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            code = subprocess.run(command, env={**os.environ, **env}).returncode
            if code:
                return code
    return 0


def fill(value, inputs, folder):
    def expression(found):
        name = found.group(1)
        return folder if name == "github.action_path" else inputs[name.removeprefix("inputs.")]

    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", expression, value)


def read(path):
    """YAML by way of check-jsonschema's own reader, which is installed anyway."""
    import ruamel.yaml

    with open(path, encoding="utf-8") as file:
        return ruamel.yaml.YAML(typ="safe").load(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], dict(it.split("=", 1) for it in sys.argv[2:])))

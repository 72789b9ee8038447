"""Parses every `az` command of scripts, workflows and documentation with the Azure CLI's own parser; runs none.

What the shell would put in for a variable or a command is unknown, so a placeholder takes its place.
"""

import contextlib
import io
import re
import sys
from pathlib import Path

import tree_sitter_bash
import yaml
from azure.cli.core import get_default_cli
from knack.events import EVENT_INVOKER_POST_PARSE_ARGS
from tree_sitter import Language, Parser

BASH = Parser(Language(tree_sitter_bash.language()))
# Where the CLI checks the value itself.
VALUES = {"--sign-in-audience": "AzureADMyOrg", "--parameters": "{}"}
EXPANSIONS = {"simple_expansion", "expansion", "command_substitution", "process_substitution"}


def word(node):
    """The text of an argument, without its quotes."""
    if node.type in EXPANSIONS:
        return "placeholder"
    if node.type in {"string", "concatenation"}:
        end, text = node.start_byte, ""
        for part in node.named_children:
            text += node.text[end - node.start_byte : part.start_byte - node.start_byte].decode() + word(part)
            end = part.end_byte
        text += node.text[end - node.start_byte :].decode()
        return text.strip('"') if node.type == "string" else text
    return node.text.decode().strip("'")


def commands(script):
    """The arguments of each `az` in a shell script."""
    nodes = [BASH.parse(script.encode()).root_node]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.named_children)
        name = node.child_by_field_name("name") if node.type == "command" else None
        if name is not None and name.text == b"az":
            arguments = node.children_by_field_name("argument")
            # A list that bash fills in (`"${@:2}"`) says nothing about options.
            words = [word(part) for part in arguments if b"${@" not in part.text]
            yield [
                VALUES.get(before, text) if text == "placeholder" else text
                for before, text in zip(["az", *words], words)
            ]
        elif node.type == "heredoc_body":
            # What a script has people type.
            for line in re.findall(r"\baz [a-z].*", node.text.decode()):
                yield from commands(line)


def scripts(path):
    """The shell scripts in a file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        fences = re.findall(r"```(?:sh|bash)\n(.*?)```", text, re.DOTALL)
        # Indented in a list.
        yield from (re.sub(r"^ +", "", fence, flags=re.MULTILINE) for fence in fences)
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        yield from (" ".join(code.split()) for code in re.findall(r"`(az [^`]+)`", prose))
    elif path.suffix == ".yml":
        for job in yaml.safe_load(text).get("jobs", {}).values():
            yield from (step["run"] for step in job.get("steps", []) if "run" in step)
    elif text.startswith("#!") and "bash" in text.splitlines()[0]:
        yield text


def parsed(*_, **__):
    """Ends a command after it was parsed and before it runs."""
    raise SystemExit(0)


def main():
    cli = get_default_cli()
    cli.register_event(EVENT_INVOKER_POST_PARSE_ARGS, parsed)
    pages = [*Path("docs").glob("*.md"), *map(Path, ["README.md", "CONTRIBUTING.md", "connectors/power-platform/README.md"])]
    files = [*pages, *Path("infra").iterdir(), *Path(".github/workflows").iterdir()]
    count, wrong = 0, 0
    for path in sorted(file for file in files if file.is_file()):
        for script in scripts(path):
            for arguments in commands(script):
                count += 1
                # A command that is only mentioned: it has to exist.
                mentioned = not any(argument.startswith("-") for argument in arguments)
                try:
                    with contextlib.redirect_stdout(io.StringIO()):
                        status = cli.invoke([*arguments, "--help"] if mentioned else arguments)
                except SystemExit as end:
                    status = end.code
                if status:
                    wrong += 1
                    print(f"{path}: az {' '.join(arguments)}", file=sys.stderr)
    if count == 0:
        sys.exit("no command was found")
    print(f"{count} commands")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()

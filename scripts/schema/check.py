"""Asks an independent validator whether the JSON Schema agrees with the readers.

Usage: check.py SPILLWAY

Files that the readers take must be valid; files in which they find an error of shape must not be.
Besides the package's scenarios, good and bad, changed copies of them are tried: keys misspelt,
left out, and values of another type.
"""

import copy
import glob
import json
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

VERSION = "spillway.sim/v1alpha1"
# What a schema can know: keys and types. Everything else takes the readers: what Kubernetes' kinds
# hold, and what an object needs only because of others.
WITHOUT = ("a load without", "a claim without", "a lever without")
SHAPE = {"unknown-key", "missing-key", "wrong-type", "unknown-kind"}
MUTANTS_PER_FILE = 12


class Loader(yaml.SafeLoader):
    """YAML as the readers take it: only true and false are booleans, numbers are decimal."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, text) for tag, text in resolvers
            if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^[-+]?(0|[1-9][0-9]*)$"), list("-+0123456789"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"))


def own(documents):
    """The documents of Spillway's own kinds."""
    return [one for one in documents if isinstance(one, dict) and one.get("apiVersion") == VERSION]


def read(path):
    """The documents of a file, or None if it can't be parsed at all."""
    with open(path, encoding="utf-8") as file:
        try:
            return list(yaml.load_all(file, Loader))
        except (yaml.YAMLError, ValueError, RecursionError):
            return None


def codes(spillway, path, kinds):
    """The codes of the errors that the readers find in a file, and of those the ones of shape."""
    done = subprocess.run(
        [spillway, "validate", path, "-o", "json"], capture_output=True, text=True, timeout=60)
    if done.returncode == 0:
        return set(), set()
    errors = [one for one in json.loads(done.stdout) if one["severity"] == "error"]
    shape = {
        one["code"] for one in errors
        if one["code"] in SHAPE and one["file"] == path
        and (one["path"] or "Scenario").split("/")[0] in kinds
        and (one["code"] != "missing-key" or " is missing" in one["message"]
             or one["message"].startswith(WITHOUT))
    }
    return {one["code"] for one in errors}, shape


def complaints(validator, documents):
    """What the validator says of a file's documents."""
    return [
        "%s: %s" % ("/".join(map(str, error.absolute_path)), error.message[:100])
        for one in own(documents) for error in validator.iter_errors(one)
    ]


def places(value, path=()):
    """Every mapping's keys in a document's spec, as paths.

    What a lever or factor may be set to is read as the value of what it names, so not those.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield path + (key,)
            yield from places(inner, path + (key,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, path + (index,))


def mutants(documents, number):
    """Changed copies of a file's documents, each with what was done."""
    spots = [
        (index, path) for index, one in enumerate(documents)
        if isinstance(one, dict) and one.get("apiVersion") == VERSION
        for path in places(one.get("spec") or {}, ("spec",)) if "values" not in path
    ]
    for turn in range(MUTANTS_PER_FILE if spots else 0):
        # Numbers that share no factor with most lengths spread over the file.
        index, path = spots[(turn * 7919 + number * 104729) % len(spots)]
        changed = copy.deepcopy(documents)
        holder = changed[index]
        for key in path[:-1]:
            holder = holder[key]
        kind = turn % 4
        if kind == 0:
            holder[str(path[-1]) + "x"] = holder.pop(path[-1])
        elif kind == 1:
            del holder[path[-1]]
        elif kind == 2:
            holder[path[-1]] = {"unexpected": 1}
        else:
            holder[path[-1]] = [[1]]
        what = ("misspelt", "left out", "a mapping", "a list of lists")[kind]
        yield changed, ".".join(map(str, path)) + " " + what


def main():
    """Runs all checks; the exit status is 1 if the two disagree."""
    spillway = sys.argv[1]
    schema = json.loads(subprocess.run(
        [spillway, "schema"], check=True, capture_output=True, text=True).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    tried, rejected, failures = 0, 0, []

    def compare(path, documents, name):
        nonlocal tried, rejected
        found, shape = codes(spillway, path, schema["definitions"])
        said = complaints(validator, documents)
        tried += 1
        rejected += bool(said)
        if shape and not said:
            failures.append("%s: readers find %s, the schema nothing" % (name, sorted(shape)))
        if not found and said:
            failures.append("%s: readers take it, the schema says %s" % (name, said[:2]))

    files = sorted(glob.glob("Scenarios/*.yaml"))
    for path in files + sorted(glob.glob("Scenarios/Invalid/*.yaml")):
        documents = read(path)
        if documents and own(documents):
            compare(path, documents, path)
    with tempfile.TemporaryDirectory(dir="Scenarios") as folder:
        for number, path in enumerate(files):
            for documents, what in mutants(read(path), number):
                name = folder + "/mutant.yaml"
                # Includes and data are relative to the scenario's folder.
                text = yaml.safe_dump_all(documents, sort_keys=False).replace("data/", "../data/")
                with open(name, "w", encoding="utf-8") as file:
                    file.write(text)
                compare(name, documents, "%s, %s" % (path, what))
    for failure in failures:
        print("FAIL", failure)
    print("schema: %d files, %d rejected by it, %d disagreements" % (tried, rejected, len(failures)))
    sys.exit(1 if failures or rejected < 50 else 0)


if __name__ == "__main__":
    main()

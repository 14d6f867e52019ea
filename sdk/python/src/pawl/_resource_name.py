"""The names behind the spellings of a Resource."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"arn:aws:(?:lambda:::|states:::lambda:function:)(.+)", re.DOTALL)
_LAMBDA = re.compile(r"arn:aws[\w-]*:lambda:[\w-]+:\d*:function:([^:]+)(?::[^:]+)?")


def resource_name(resource: str) -> str:
    """The handler name that a spelling of a Resource leads to.

    `arn:aws:lambda:::<name>` and `arn:aws:states:::lambda:function:<name>` name it plainly (a name may hold colons);
    `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` as AWS does; anything else, an activity's ARN
    too, is a name itself.
    """
    match = _PLAIN.fullmatch(resource) or _LAMBDA.fullmatch(resource)
    return match[1] if match else resource


def serves_resource(registered: str, resource: str) -> bool:
    """Whether what a worker registered (a name, or a prefix with `*`) serves the resource of a task."""
    if registered == resource:
        return True
    name = resource_name(registered)
    if name.endswith("*"):
        return resource_name(resource).startswith(name[:-1])
    return name == resource_name(resource)

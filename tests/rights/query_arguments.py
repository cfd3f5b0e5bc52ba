"""Finds which query arguments the product reads; shared by the test of rights N2 and its proof."""

from __future__ import annotations

import ast
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator


def arguments(tree: ast.AST) -> Iterator[str]:
    """Names taken from the query; any other use of it is shown as itself."""
    inner = {id(node.value): node for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not _is_query(node):
            continue
        method = inner.get(id(node))
        call = calls.get(id(method))
        if method and call and method.attr in {"get", "getlist"} and isinstance(call.args[0], ast.Constant):
            yield str(call.args[0].value)
        else:
            yield ast.unparse(node)


def _is_query(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or ast.unparse(node.value) != "request":
        return False
    return node.attr in {"args", "values", "query_string", "full_path", "url"}

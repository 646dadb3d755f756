"""HTML from the templates beside this file; everything put into them is escaped."""

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined

from records.reasons import explain


def render(template: str, **facts: object) -> str:
    """One page as HTML."""
    return _environment().get_template(template).render(**facts)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("workbench"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["explain"] = explain
    return environment

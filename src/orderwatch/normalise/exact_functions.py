"""JMESPath's functions without floats."""

# The library has no types of its own.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false

from decimal import Decimal

from jmespath.functions import Functions, signature

from orderwatch.normalise.bodies import Json, read_number


class ExactFunctions(Functions):
    """JMESPath's functions, taking Decimal for a number: bodies are decoded without floats."""

    def _get_allowed_pytypes(self, types: list[str]) -> tuple[list[str], list[tuple[str, ...]]]:
        allowed, of_elements = super()._get_allowed_pytypes(types)
        return _with_decimal(allowed), [tuple(_with_decimal(list(names))) for names in of_elements]

    def _convert_to_jmespath_type(self, pyobject: str) -> str:
        return "number" if pyobject == "Decimal" else super()._convert_to_jmespath_type(pyobject)

    # Only methods with a signature of their own get into the table of functions.
    @signature({"types": []})
    def _func_type(self, arg: Json) -> str | None:
        return "number" if isinstance(arg, Decimal) else super()._func_type(arg)

    @signature({"types": []})
    def _func_to_string(self, arg: Json) -> str:
        return str(arg) if isinstance(arg, Decimal) else super()._func_to_string(arg)

    @signature({"types": []})
    def _func_to_number(self, arg: Json) -> Json:
        if isinstance(arg, str):
            number = read_number(arg)
            return number if isinstance(number, Decimal) else None
        return arg if isinstance(arg, Decimal) else super()._func_to_number(arg)


def _with_decimal(names: list[str]) -> list[str]:
    return [*names, "Decimal"] if "float" in names else names

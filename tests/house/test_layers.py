"""The import contract in pyproject.toml knows every package and every module of the project."""

import tomllib

from tests.house.files import REPOSITORY, tracked


def test_every_package_is_under_the_contract() -> None:
    packages = {name.split("/")[0] for name in tracked() if name.count("/") == 1 and name.endswith("/__init__.py")}
    assert set(contract_file()["root_packages"]) == packages - {"tests"}


def test_every_module_of_the_project_has_a_layer() -> None:
    layers = " ".join(contract_file()["contracts"][0]["layers"])
    modules = {
        "newsroom." + name.split("/")[1].removesuffix(".py")
        for name in tracked()
        if name.startswith("newsroom/") and name.endswith(".py") and name != "newsroom/__init__.py"
    }
    assert sorted(module for module in modules if module not in layers) == []


def contract_file() -> dict:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]

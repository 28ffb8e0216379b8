"""The few words that Typer itself says, in Chinese where that is the language in use."""

from __future__ import annotations

from trainingcli.language import current


def translate_help() -> None:
    """Set the titles of help panels; where a Typer release has none of a name, nothing happens."""
    if current() == "en":
        return
    from typer import rich_utils

    for name, words in {
        "OPTIONS_PANEL_TITLE": "选项",
        "ARGUMENTS_PANEL_TITLE": "参数",
        "COMMANDS_PANEL_TITLE": "命令",
        "ERRORS_PANEL_TITLE": "错误",
        "ABORTED_TEXT": "已中止。",
        "DEFAULT_STRING": "[默认：{}]",
        "ENVVAR_STRING": "[环境变量：{}]",
        "REQUIRED_LONG_STRING": "[必填]",
        "RICH_HELP": "用 [blue]'{command_path} {help_option}'[/] 查看用法。",
    }.items():
        if hasattr(rich_utils, name):
            setattr(rich_utils, name, words)

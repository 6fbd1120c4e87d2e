"""What the command line says, in Korean: the English sentence is the key. Complete: a test compares."""

KOREAN: dict[str, str] = {
    "Examples:": "예:",
}

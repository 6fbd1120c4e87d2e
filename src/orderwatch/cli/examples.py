"""An example or more for each verb, shown by ``--help``; a test holds them to what the verbs take."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "": ("orderwatch serve", "orderwatch demo", "orderwatch send --event order_created --order A-1"),
    "serve": ("orderwatch serve --port 9000 --data /srv/orderwatch", "orderwatch serve --handlers shop:handlers"),
    "simulate": (
        "orderwatch simulate --speed 60",
        "orderwatch simulate --csv deliveries.csv --map placed_at=order_created --set currency=USD --speed 0",
    ),
    "token": ("orderwatch token create billing --role viewer",),
    "token create": ("TOKEN=$(orderwatch token create billing --role viewer)",),
    "token list": ("orderwatch token list --json",),
    "token revoke": ("orderwatch token revoke 3",),
    "user": ("orderwatch user add kim --role operator",),
    "user add": ("orderwatch user add kim --role operator",),
    "user list": ("orderwatch user list",),
    "user passwd": ("orderwatch user passwd kim",),
    "user disable": ("orderwatch user disable kim",),
    "user enable": ("orderwatch user enable kim",),
    "invite": ("orderwatch invite --role operator",),
}

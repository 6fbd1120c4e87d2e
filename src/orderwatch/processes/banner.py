"""What a person sees when the server has started: where the page is, and what to do first."""

import json

TEXTS = {
    "en": {
        "ready": "Orderwatch is ready",
        "page": "Page",
        "first": "Open this once to make your account (valid for 24 hours)",
        "try": "Send the first webhook",
        "stop": "Stop with Ctrl-C",
        "closed": "/webhook takes signed requests only, because other machines can reach it:\n"
        "  orderwatch source secret default",
    },
    "ko": {
        "ready": "Orderwatch가 준비되었습니다",
        "page": "화면",
        "first": "이 링크를 한 번 열어 계정을 만드세요 (24시간 유효)",
        "try": "첫 웹훅 보내기",
        "stop": "멈추려면 Ctrl-C",
        "closed": "다른 기기에서 접속할 수 있으므로 /webhook은 서명된 요청만 받습니다:\n"
        "  orderwatch source secret default",
    },
}


def banner(*, base_url: str, invite: str | None, is_open: bool, language: str) -> str:
    """Return the text; `invite` is the one-time link's address where nobody has an account yet."""
    say = TEXTS[language]
    body = json.dumps({"event_type": "order_created", "order_id": "A-1"})
    lines = ["", f"  {say['ready']}", "", f"  {say['page']}:  {base_url}/"]
    if invite:
        lines += ["", f"  {say['first']}:", f"    {invite}"]
    if is_open:
        lines += ["", f"  {say['try']}:"]
        lines += [f"    curl -sS {base_url}/webhook -H 'content-type: application/json' -d '{body}'"]
    else:
        lines += ["", *(f"  {line}" for line in say["closed"].splitlines())]
    return "\n".join([*lines, "", f"  {say['stop']}", ""])

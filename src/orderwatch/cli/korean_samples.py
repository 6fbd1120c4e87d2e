"""What ``source add --sample`` and ``source resubmit`` say, in Korean."""

SAMPLES: dict[str, str] = {
    "  {field} is at {path}: {why}": "  {field} ← {path}: {why}",
    "  “{word}” is taken for {meaning}": "  “{word}” → {meaning}로 이해합니다",
    "The sample reads as {type} of the order {order}.": "이 샘플은 주문 {order}의 {type}로 읽힙니다.",
    "Not read as meant: {faults}.": "뜻대로 읽지 못함: {faults}",
    "called “{name}”": "이름이 “{name}”",
    "a status that is known": "아는 상태 단어",
    "a time": "시각",
    "a number": "숫자",
    "a currency": "통화",
    "a phone number": "전화번호",
    "a latitude": "위도",
    "a longitude": "경도",
    "a list of things": "품목 목록",
    "two coordinates": "좌표 두 개",
    "A body as it is sent, or - for standard input: its fields are found": (
        "받은 본문 그대로의 파일, -는 표준 입력: 필드를 찾아 줍니다"
    ),
    "Submit all that waits of a sender in quarantine once more, as after its mapping or secret was mended.": (
        "매핑이나 시크릿을 고친 뒤, 격리에서 기다리는 이 연동의 요청을 모두 다시 제출합니다."
    ),
    "Only what was refused with this code, such as unreadable": "이 코드로 거절된 것만, 예: unreadable",
    "Even with a wrong signature": "서명이 틀린 것도",
    "{accepted} accepted, {duplicate} known already, {refused} refused again.": (
        "{accepted}건 수락, {duplicate}건은 이미 아는 것, {refused}건 다시 거절."
    ),
}

"""What the command line says, in Korean: the English sentence is the key. Complete: a test compares."""

from orderwatch.cli.korean_help import HELP
from orderwatch.cli.korean_platforms import PLATFORMS
from orderwatch.cli.korean_samples import SAMPLES

_SAID: dict[str, str] = {
    "Address": "주소",
    "Added": "추가한 때",
    "Came": "들어온 수",
    "Day (UTC)": "날짜 (UTC)",
    "Events a day": "하루 이벤트",
    "Expected": "예상",
    "False pages allowed in 30 days": "30일에 허용하는 잘못된 호출",
    "May page": "호출 가능",
    "No rule would have fired.": "울렸을 규칙이 없습니다.",
    "No stream was seen.": "스트림이 없습니다.",
    "Nobody would have been paged.": "호출은 없었을 것입니다.",
    "Paged at": "호출한 때",
    "Pages": "호출",
    "Pages it would have sent": "보냈을 호출",
    "Pages on trial": "시험 기간 호출",
    "Reading": "읽는 중",
    "Rule": "규칙",
    "Stream": "스트림",
    "Trial days": "시험 일수",
    "Until": "끝난 때",
    "Warnings": "경고",
    "Where": "어디",
    "everything": "전체",
    "{count} events a second.": "초당 이벤트 {count}건.",
    "{events} events from {begin} to {end}; alerts count from {served}.": (
        "{begin}부터 {end}까지 이벤트 {events}건. 알림은 {served}부터 셉니다."
    ),
    "  {count} stray events lie before or after; --from and --to take them in.": (
        "  동떨어진 이벤트 {count}건이 앞뒤에 있습니다. --from과 --to로 넣을 수 있습니다."
    ),
    "Again with --seed {seed}.": "같은 트래픽을 다시 보내려면 --seed {seed}",
    "Channels": "채널",
    "Disabled": "잠김",
    "Enabled": "사용",
    "Error that nobody foresaw: {name}: {reason}": "예상하지 못한 오류: {name}: {reason}",
    "Error: the store cannot be used: {reason}": "오류: 저장소를 쓸 수 없습니다: {reason}",
    "Error: {count} settings are wrong:": "오류: 설정 {count}개가 잘못되었습니다:",
    "Error: {message}": "오류: {message}",
    "Events": "이벤트",
    "Fallback": "대체 채널",
    "Good for one sign-up as {role}, until {until}.": "{role} 권한으로 한 번 가입할 수 있습니다. {until}까지.",
    "Id": "번호",
    "Is --data or --database right, and may you read and write there? `orderwatch doctor` looks closer.": (
        "--data나 --database가 맞는지, 읽고 쓸 권한이 있는지 확인하세요. `orderwatch doctor`가 더 자세히 살핍니다."
    ),
    "It proves nothing: whoever reaches this address can send.": (
        "인증이 없습니다. 이 주소에 닿는 누구나 보낼 수 있습니다."
    ),
    "It puts its secret into the header {header}: {prefix}SECRET": (
        "시크릿을 헤더에 넣어 보냅니다. {header}: {prefix}시크릿"
    ),
    "It signs as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature).": (
        "Standard Webhooks 방식으로 서명합니다 (webhook-id, webhook-timestamp, webhook-signature)."
    ),
    "It signs, and puts the signature into the header {header}.": "본문을 서명해 {header} 헤더에 넣습니다.",
    "Its secret, shown here and by `source show {name} --reveal`:": (
        "시크릿입니다. 나중에 `source show {name} --reveal`로 다시 볼 수 있습니다:"
    ),
    "Kind": "종류",
    "Made": "만든 때",
    "Name": "이름",
    "Once more": "한 번 더",
    "Password (10 characters or more)": "비밀번호 (10자 이상)",
    "Provider": "형식",
    "Rebuilding": "다시 만드는 중",
    "Remove {name}?": "{name}을(를) 지울까요?",
    "Replaying": "다시 읽는 중",
    "Revoked": "폐기한 때",
    "Role": "권한",
    "Run it again with ORDERWATCH_DEBUG=1 to see where, and please report it.": (
        "ORDERWATCH_DEBUG=1을 주고 다시 실행하면 위치가 보입니다. 꼭 알려 주세요."
    ),
    "Sending": "보내는 중",
    "Settings": "설정",
    "Sources": "연동",
    "Stores": "매장",
    "The connection is lost; coming back …": "연결이 끊겼습니다. 다시 연결합니다 …",
    "The demo begins: three platforms, a rush hour, some trouble. Everything in it is made up.": (
        "데모를 시작합니다. 플랫폼 세 곳, 바쁜 시간, 약간의 문제. 모두 지어낸 데이터입니다."
    ),
    "The demo has told all it had; the server runs on.": "데모 트래픽이 끝났습니다. 서버는 계속 돌아갑니다.",
    "The server has not come to it in 30 s. Does its worker run? `orderwatch doctor` looks closer.": (
        "30초 동안 서버가 처리하지 않았습니다. 워커가 돌고 있나요? `orderwatch doctor`로 살펴보세요."
    ),
    "The state was made anew from {count} receipts.": "수신 원문 {count}건으로 상태를 다시 만들었습니다.",
    "The store is up to date.": "저장소가 최신입니다.",
    "There are no channels.": "채널이 없습니다.",
    "There are no routes.": "알림 규칙이 없습니다.",
    "There are no sources.": "연동이 없습니다.",
    "There are no tokens yet.": "아직 토큰이 없습니다.",
    "There are no users yet: `orderwatch invite`.": "아직 사용자가 없습니다: `orderwatch invite`.",
    "Token {id} is revoked.": "{id}번 토큰을 폐기했습니다.",
    "Verification": "인증",
    "Wrong: {count}.": "문제 {count}건.",
    "any": "전체",
    "no": "아니요",
    "yes": "예",
    "  - {fault}": "  - {fault}",
    "  a copy from before lies in {copy}": "  바꾸기 전 사본: {copy}",
    "  left out: {reason}": "  건너뜀: {reason}",
    "  line {line}: left out: {reason}": "  {line}행: 건너뜀: {reason}",
    "  {count} more were left out.": "  그 밖에 {count}건을 건너뛰었습니다.",
    "{count} receipts go through the pipeline once more.": "수신 원문 {count}건을 다시 처리합니다.",
    "{name} can no longer sign in.": "{name} 님은 이제 로그인할 수 없습니다.",
    "{name} did not take the message. {detail}": "{name} 채널이 메시지를 받지 않았습니다. {detail}",
    "{name} has a new password.": "{name} 님의 비밀번호를 바꿨습니다.",
    "{name} has not taken the message yet; it is tried again. {detail}": (
        "{name} 채널이 아직 메시지를 받지 않았습니다. 다시 시도합니다. {detail}"
    ),
    "{name} is added.": "{name}을(를) 추가했습니다.",
    "{name} is added. Try it: orderwatch channel test {name}": (
        "{name}을(를) 추가했습니다. 시험해 보세요: orderwatch channel test {name}"
    ),
    "{name} is removed.": "{name}을(를) 지웠습니다.",
    "{name} may sign in again.": "{name} 님이 다시 로그인할 수 있습니다.",
    "{name} may sign in now, as {role}.": "{name} 님이 {role} 권한으로 로그인할 수 있습니다.",
    "{name}: its newer secret is the only one now.": "{name}: 이제 새 시크릿만 받습니다.",
    "{name}: the new secret and the one from before are taken now.": (
        "{name}: 이제 새 시크릿과 앞의 시크릿을 모두 받습니다."
    ),
    "When the sender uses the new one: orderwatch source secret {name} --drop-old": (
        "보내는 쪽을 새 시크릿으로 바꾼 뒤: orderwatch source secret {name} --drop-old"
    ),
    "{name} proves itself by {way} now.": "{name}의 인증 방식은 이제 {way}입니다.",
    "It proves itself as {platform} does: {proof}.": "{platform}의 방식으로 인증합니다: {proof}.",
    "On the side of {platform}:": "{platform} 쪽에서 할 일:",
    "  {number}. {step}": "  {number}. {step}",
    "{name} sends to: {url}": "{name}이(가) 보낼 주소: {url}",
    "{name} took the message. {detail}": "{name} 채널이 메시지를 받았습니다. {detail}",
    "{part}: made": "{part}: 만들었습니다",
    "{part}: went from {before} to {after}": "{part}: {before}에서 {after}(으)로 바꿨습니다",
    "{part}: would be made": "{part}: 새로 만듭니다",
    "{part}: would go from {before} to {after}": "{part}: {before}에서 {after}(으)로 바꿉니다",
    "{sent} sent in {seconds:.1f} s ({rate:.0f} a second): {ok} taken, {duplicates} of them known before; "
    "{refused} refused, {failed} unanswered; {retried} tries repeated.": (
        "{seconds:.1f}초에 {sent}건 보냄 (초당 {rate:.0f}건): 받음 {ok}건 (그중 중복 {duplicates}건), "
        "거절 {refused}건, 응답 없음 {failed}건, 재시도 {retried}번."
    ),
    "{status} {words}": "{status} {words}",
}

KOREAN: dict[str, str] = {**_SAID, **HELP, **PLATFORMS, **SAMPLES}

"""What ``source test`` and ``provider`` say, in Korean."""

PLATFORMS: dict[str, str] = {
    "Look at a sender's set-up and at what came of it, and say what is wrong; nothing is changed or sent.": (
        "연동의 설정과 지금까지 받은 것을 살피고 무엇이 잘못되었는지 알려 줍니다. 아무것도 바꾸거나 보내지 않습니다."
    ),
    "Platforms, and what is known of each.": "플랫폼과 각각에 대해 알려진 것.",
    "List the platforms that a source can be told by --provider.": "--provider로 고를 수 있는 플랫폼의 목록입니다.",
    "Show what is known of a platform: its proof, what to do on its side, and what does not work.": (
        "플랫폼에 대해 알려진 것을 보여 줍니다. 인증 방식, 플랫폼에서 할 일, 되지 않는 것."
    ),
    "As --provider takes it, such as uber_eats": "--provider에 쓰는 이름, 예: uber_eats",
    "--provider": "--provider",
    "Platform": "플랫폼",
    "Confidence": "신뢰도",
    "Proof": "인증",
    "There are no platforms.": "플랫폼이 없습니다.",
    "nothing": "없음",
    "needed": "필수",
    "It proves itself by: {proof}": "인증 방식: {proof}",
    "On its side:": "플랫폼에서 할 일:",
    "What it cannot do:": "되지 않는 것:",
    "Examples for orderwatch send --example: {names}": "orderwatch send --example 예시: {names}",
    "Where this is from: {addresses}": "출처: {addresses}",
    "It is switched off: what it sends is answered 404.": "꺼져 있습니다. 보내는 것에 404로 응답합니다.",
    "Switch it on, on the page under Sources.": "웹 화면의 연동 메뉴에서 켜세요.",
    "What is known of it: orderwatch provider show {name}": "알려진 것: orderwatch provider show {name}",
    "{platform} is beta: compare the first events with what it shows itself.": (
        "{platform}은(는) 베타입니다. 처음 들어온 이벤트를 플랫폼 화면과 비교해 보세요."
    ),
    "The platform can prove itself: {proof}.": "플랫폼이 지원하는 인증: {proof}.",
    "It has no secret, so everything that it sends is refused.": "시크릿이 없어서 보내는 것을 모두 거절합니다.",
    "Its provider has no way of proof of its own, so everything that it sends is refused.": (
        "이 형식에는 자체 인증 방식이 없어서 보내는 것을 모두 거절합니다."
    ),
    "Two are taken: a change of secrets was begun and not ended.": (
        "두 개를 받고 있습니다. 시크릿 교체를 시작하고 끝내지 않았습니다."
    ),
    "{url} leads to this machine or its network; nobody on the internet reaches it.": (
        "{url} 은 이 기기나 내부 네트워크의 주소라서 인터넷에서 닿을 수 없습니다."
    ),
    "Say how the server is reached from outside: public_url in the settings, or --public-url of the source.": (
        "밖에서 접속하는 주소를 설정의 public_url이나 연동의 --public-url로 알려 주세요."
    ),
    "{url} is not HTTPS: many platforms refuse it, and who listens on the way reads it.": (
        "{url} 은 HTTPS가 아닙니다. 많은 플랫폼이 거절하고, 중간에서 읽힐 수 있습니다."
    ),
    "The path of {url} is not {path}.": "{url} 의 경로가 {path} 가 아닙니다.",
    "Then a proxy must lead it there: what it gets is taken for this source by {path} alone.": (
        "그러면 프록시가 그리로 넘겨야 합니다. 서버는 {path} 로만 이 연동을 알아봅니다."
    ),
    "The keys at {address} cannot be had: {reason}.": "{address} 의 키를 받을 수 없습니다: {reason}.",
    "Without them nothing can be verified, and the sender is answered 503.": (
        "키가 없으면 아무것도 검증할 수 없어 503으로 응답합니다."
    ),
    "{count} keys at {address}": "{address} 의 키 {count}개",
    "{url} does not answer from here: {reason}.": "여기서 {url} 에 접속할 수 없습니다: {reason}.",
    "It may from outside. Is the name right, and does the proxy run?": (
        "밖에서는 될 수도 있습니다. 이름이 맞고 프록시가 돌고 있나요?"
    ),
    "Is the server running? orderwatch serve": "서버가 돌고 있나요? orderwatch serve",
    "{url} leads to this source.": "{url} 이 이 연동으로 이어집니다.",
    "{url} answers {status}, not as Orderwatch does.": "{url} 의 응답이 {status}입니다. Orderwatch의 응답이 아닙니다.",
    "Does the proxy lead the whole path on? And is it this store that the server uses?": (
        "프록시가 경로를 그대로 넘기나요? 서버가 이 저장소를 쓰고 있나요?"
    ),
    "Something else answers there, or stands in between and asks for a sign-in.": (
        "다른 프로그램이 응답하거나, 중간에서 로그인을 요구합니다."
    ),
    "Its own example {name} would be refused: {reason}": "플랫폼의 예시 {name}도 거절됩니다: {reason}",
    "Is the secret the one that the platform shows, whole and unchanged?": (
        "시크릿이 플랫폼이 보여 준 것과 똑같나요? 빠진 글자가 없나요?"
    ),
    "{name} is understood as {type}.": "{name}: {type} 으로 해석합니다.",
    "Nothing was taken from it yet.": "아직 받은 것이 없습니다.",
    "{count} events, the last at {time}": "이벤트 {count}건, 마지막은 {time}",
    "Since {since} no request proves itself; until {until} they did.": (
        "{since}부터 인증에 성공한 요청이 없습니다. {until}까지는 성공했습니다."
    ),
    "Was the secret changed on its side? orderwatch source secret {name} --secret …": (
        "플랫폼에서 시크릿을 바꿨나요? orderwatch source secret {name} --secret …"
    ),
    "Since {since} requests come, and none proves itself.": "{since}부터 요청이 오지만 인증에 성공한 것이 없습니다.",
    "Another secret, or another platform's requests? The reason stands below.": (
        "시크릿이 다르거나 다른 플랫폼의 요청일 수 있습니다. 이유는 아래에 있습니다."
    ),
    "Half of its events say that they happen {hours:.1f} h after they came.": (
        "이벤트의 절반이 받은 때보다 {hours:.1f}시간 뒤에 일어난다고 합니다."
    ),
    "Half of its events come {hours:.1f} h after they say that they happened.": (
        "이벤트의 절반이 일어났다는 때보다 {hours:.1f}시간 늦게 옵니다."
    ),
    "Has it times without a zone, and is the source's time zone right?": (
        "시간대가 없는 시각을 보내나요? 연동의 시간대가 맞나요?"
    ),
    "{count} events have words that nobody knows here: {words}": "뜻을 모르는 이벤트 {count}건: {words}",
    "They are kept and change no order; replay them once their meaning is known.": (
        "저장만 하고 주문은 바꾸지 않습니다. 뜻을 정한 뒤 replay로 다시 해석하세요."
    ),
    "{time}: {reason}": "{time}: {reason}",
    "They wait in the quarantine, and can be submitted again once it is mended.": (
        "격리함에 있습니다. 고친 뒤 다시 제출할 수 있습니다."
    ),
}

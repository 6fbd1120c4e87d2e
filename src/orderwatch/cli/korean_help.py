"""The texts of ``--help`` in Korean, in the order of the verbs."""

HELP: dict[str, str] = {
    "Examples:": "예:",
    "Watch a delivery business through the webhooks that its platforms send.": (
        "배달 플랫폼이 보내는 웹훅으로 배달 사업을 지켜봅니다."
    ),
    "Print the version and end": "버전을 출력하고 끝냅니다",
    "Start the server: take webhooks, keep them, show them, tell people.": (
        "서버를 시작합니다. 웹훅을 받아 저장하고, 보여 주고, 알립니다."
    ),
    "Address to listen on (127.0.0.1)": "접속을 받을 주소 (127.0.0.1)",
    "Port to listen on (8000)": "접속을 받을 포트 (8000)",
    "Folder of the embedded store (./orderwatch-data)": "내장 저장소 폴더 (./orderwatch-data)",
    "postgresql://… in place of the embedded store": "내장 저장소 대신 쓸 postgresql://…",
    "Your own Python, such as shop:handlers": "직접 쓴 파이썬 핸들러, 예: shop:handlers",
    "Folder with providers of your own": "직접 만든 플랫폼 정의가 있는 폴더",
    "Address by which platforms and people reach it": "플랫폼과 사람이 접속하는 주소",
    "Proxies in front whose X-Forwarded headers count": "X-Forwarded 헤더를 믿을 앞단 프록시 주소나 네트워크",
    "console, json or auto": "console, json, auto 중 하나",
    "Settings file (orderwatch.toml where there is one)": "설정 파일 (있으면 orderwatch.toml)",
    "Start a server with simulated traffic: three platforms, a rush hour, and some trouble.": (
        "모의 트래픽과 함께 서버를 시작합니다. 플랫폼 세 곳, 바쁜 시간, 약간의 문제."
    ),
    "Simulated minutes a minute": "1분에 흐르는 모의 시간(분)",
    "seoul or london": "seoul 또는 london",
    "Another seed, other orders": "시드가 다르면 주문도 다릅니다",
    "Keep the demo's store here (thrown away without)": "데모 저장소를 이 폴더에 남깁니다 (없으면 끝날 때 지움)",
    "Send believable traffic from a seed, or real deliveries from a CSV file.": (
        "시드로 만든 그럴듯한 트래픽이나 CSV 파일의 실제 배달을 보냅니다."
    ),
    "Send real deliveries from this file": "이 파일의 실제 배달을 보냅니다",
    "What a column is: an event's time or a field (--csv)": "열의 뜻: 이벤트 시각 또는 필드 (--csv)",
    "A field that is the same everywhere (--csv)": "모든 주문에 같은 값인 필드 (--csv)",
    "Time zone of times that have none (--csv)": "시간대가 없는 시각의 시간대 (--csv)",
    "Put before each order's id (--csv)": "주문번호 앞에 붙일 글자 (--csv)",
    "The same seed and start give the same traffic": "시드와 시작 시각이 같으면 트래픽도 같습니다",
    "Where simulated time starts (11:00, at --speed 0 a day ago)": (
        "모의 시간이 시작하는 때 (11:00, --speed 0이면 하루 전)"
    ),
    "Simulated hours": "모의 시간(시간 단위)",
    "Orders on an average day": "평균적인 하루의 주문 수",
    "60: a minute a second; 0: as fast as the server takes it": "60이면 1초에 1분, 0이면 서버가 받는 만큼 빠르게",
    "Times in the webhooks: original, or now (as if it happened now)": (
        "웹훅 속 시각: original(원래 시각) 또는 now(지금 일어난 것처럼)"
    ),
    "Share that is sent twice": "두 번 보내는 비율",
    "Share that comes late, by up to five minutes": "최대 5분까지 늦게 보내는 비율",
    "Connections at a time": "동시 연결 수",
    "Server to send to (the one that the settings describe)": "보낼 서버 (기본: 설정에 적힌 서버)",
    "Source to send as": "보내는 연동 이름",
    "Secret to sign with (that of the source, where the store is on this machine)": (
        "서명할 시크릿 (저장소가 이 기기에 있으면 그 연동의 것)"
    ),
    "Print JSON, for scripts": "스크립트가 읽을 JSON으로 출력",
    "Send one webhook, signed as its source wants it, and print the answer.": (
        "연동이 바라는 대로 서명한 웹훅 하나를 보내고 응답을 출력합니다."
    ),
    "An example of the source's platform, such as order_created": "연동의 플랫폼이 보내는 예시, 예: order_created",
    "What happened, such as order_created": "일어난 일, 예: order_created",
    "The order's id": "주문번호",
    "A field more, such as store_id=s1 or courier.name=Kim": "더할 필드, 예: store_id=s1, courier.name=Kim",
    "The event's own id (a fresh one)": "이벤트의 고유 번호 (기본: 새 번호)",
    "Follow orders and notifications as they change; Ctrl-C ends it.": (
        "주문과 알림이 바뀌는 대로 보여 줍니다. Ctrl-C로 끝냅니다."
    ),
    "Only orders of this source": "이 연동의 주문만",
    "End after so many lines": "이만큼 출력하고 끝냅니다",
    "Server to ask (the one that the settings describe)": "물어볼 서버 (기본: 설정에 적힌 서버)",
    "API token (made for the while, on the server's machine)": "API 토큰 (서버와 같은 기기에서는 잠시 만들어 씀)",
    "Have receipts understood anew, as after a mapping was mended; nobody is told of them a second time.": (
        "필드 매핑을 고친 뒤처럼 수신 원문을 다시 해석합니다. 알림은 다시 보내지 않습니다."
    ),
    "Receipts, such as 17 or 12..40 or 12..": "수신 원문 위치, 예: 17, 12..40, 12..",
    "Only receipts of this source": "이 연동의 수신 원문만",
    "Only receipts from then on (RFC 3339)": "이때부터의 수신 원문만 (RFC 3339)",
    "Try the rules on recorded events: what would have alerted, when, and what another budget would have changed.": (
        "기록된 이벤트에 규칙을 시험합니다. 무엇이 언제 울렸을지, 한도를 바꾸면 어떻게 달라졌을지 보여 줍니다."
    ),
    "Events in the generic format, one a line (the journal)": "기본 형식의 이벤트, 한 줄에 하나 (없으면 저널)",
    "Where to begin, such as 2026-11-01 (the first event)": "시작할 때, 예: 2026-11-01 (없으면 첫 이벤트)",
    "Where to end (the last event)": "끝낼 때 (없으면 마지막 이벤트)",
    "Learn this long before alerts count: 15d, 36h": "알림을 세기 전에 배울 기간: 15d, 36h",
    "Settings of the rules, as TOML or JSON": "규칙 설정, TOML 또는 JSON",
    "IANA zone of the business, and of times that have none (UTC)": (
        "사업의 IANA 시간대이자, 시간대가 없는 시각의 시간대 (UTC)"
    ),
    "Take the journal's events by when they happened, as for an import": (
        "저널의 이벤트를 받은 때 대신 일어난 때로 봅니다 (가져온 데이터)"
    ),
    "Write all alerts here, as JSON": "모든 알림을 이 파일에 JSON으로 씁니다",
    "Make all orders anew from the journal, with the server stopped; nobody is told of anything again.": (
        "서버를 멈춘 채 저널에서 모든 주문을 다시 만듭니다. 알림은 다시 보내지 않습니다."
    ),
    "Bring the store to this version's shape. `serve` does the same when it starts.": (
        "저장소를 이 버전의 구조로 바꿉니다. `serve`도 시작할 때 같은 일을 합니다."
    ),
    "Only say what would be done": "무엇을 할지만 알려 줍니다",
    "Look at settings, store, handlers, channels and port, as `serve` would need them; change nothing.": (
        "설정, 저장소, 핸들러, 채널, 포트가 `serve`에 맞는지 살핍니다. 아무것도 바꾸지 않습니다."
    ),
    "Examine folder, store and server, and say what to do about what is wrong; safe while serving.": (
        "폴더, 저장소, 서버를 진단하고 문제와 해결 방법을 알려 줍니다. 서버가 도는 동안에도 안전합니다."
    ),
    "Make a one-time link with which a person chooses name and password.": (
        "이름과 비밀번호를 정할 수 있는 일회용 링크를 만듭니다."
    ),
    "What it may do: viewer, operator or admin": "권한: viewer, operator, admin",
    "Tokens of programs that ask the API.": "API를 쓰는 프로그램의 토큰.",
    "Make a token and print it, alone; it is shown this once. Valid at once, also while the server runs.": (
        "토큰을 만들어 그것만 출력합니다. 다시 볼 수 없습니다. 서버가 도는 중에도 곧바로 쓸 수 있습니다."
    ),
    "Name": "이름",
    "List the valid tokens; the tokens themselves are kept nowhere.": (
        "유효한 토큰의 목록입니다. 토큰 자체는 어디에도 저장하지 않습니다."
    ),
    "Revoked ones too": "폐기한 것까지",
    "Revoke a token; the server refuses it from then on.": "토큰을 폐기합니다. 서버가 바로 거절합니다.",
    "Id, as `token list` shows it": "`token list`에 보이는 번호",
    "People who may sign in.": "로그인할 수 있는 사람.",
    "Add a person with a password; `invite` lets them choose it themselves.": (
        "비밀번호를 정해 사람을 추가합니다. `invite`를 쓰면 본인이 정합니다."
    ),
    "Read the password from standard input": "비밀번호를 표준 입력에서 읽습니다",
    "List the people who may sign in.": "로그인할 수 있는 사람의 목록입니다.",
    "Give a person a new password; where they are signed in, they are signed out.": (
        "새 비밀번호를 정합니다. 로그인해 있던 곳에서는 로그아웃됩니다."
    ),
    "Lock a person out at once, keeping the account.": "계정은 둔 채 바로 잠급니다.",
    "Let a person in again who was locked out.": "잠근 계정을 다시 엽니다.",
    "Who may send, and how they prove it.": "누가 보낼 수 있고 어떻게 증명하는지.",
    "Register a sender, and print where it sends to and with which secret.": (
        "보내는 쪽을 등록하고, 보낼 주소와 시크릿을 출력합니다."
    ),
    "Name: a-z, 0-9 and -": "이름: a-z, 0-9, -",
    "A platform, such as shopify; else generic, standard_webhooks or orderwatch": (
        "플랫폼 (예: shopify), 아니면 generic, standard_webhooks, orderwatch"
    ),
    "How it proves who it is (as its platform does, else token)": "인증 방식 (플랫폼의 방식, 없으면 token)",
    "Its secret, or two (a fresh one is made and printed)": "시크릿, 두 개까지 (없으면 새로 만들어 출력)",
    "The address that the platform was given": "플랫폼에 알려 준 주소",
    "What the platform wants to know beside": "플랫폼에 따라 더 알려 줄 값",
    "Header of the signature or token": "서명이나 토큰이 든 헤더",
    "Text before it, such as sha256=": "그 앞의 글자, 예: sha256=",
    "sha1, sha256 or sha512 (hmac)": "sha1, sha256, sha512 중 하나 (hmac)",
    "hex or base64 (hmac)": "hex 또는 base64 (hmac)",
    "What is signed, such as {timestamp}.{body} (hmac)": "서명하는 내용, 예: {timestamp}.{body} (hmac)",
    "Header of {timestamp}": "{timestamp}가 든 헤더",
    "Header of {id}": "{id}가 든 헤더",
    "JMESPath to what happened": "일어난 일의 JMESPath",
    "JMESPath to the order's id": "주문번호의 JMESPath",
    "JMESPath to the event's own id": "이벤트 고유 번호의 JMESPath",
    "JMESPath to a list of events in one body": "한 본문에 든 이벤트 목록의 JMESPath",
    "JMESPath to a field, such as store_id=shop.id": "필드의 JMESPath, 예: store_id=shop.id",
    "What its word means: done=order.delivered": "그쪽 낱말의 뜻, 예: done=order.delivered",
    "Zone of times that have none": "시간대가 없는 시각의 시간대",
    "Of totals that have none": "통화가 없는 금액의 통화",
    "200, 201, 202 or 204 (what the platform wants)": "200, 201, 202, 204 중 하나 (기본: 플랫폼이 바라는 것)",
    "List the registered senders.": "등록한 연동의 목록입니다.",
    "Show all that is known of a sender, as JSON.": "연동의 모든 설정을 JSON으로 보여 줍니다.",
    "Show secrets in the clear": "시크릿을 가리지 않습니다",
    "Give a sender a second secret; both are taken until --drop-old, which makes none and ends the change.": (
        "두 번째 시크릿을 정합니다. --drop-old로 교체를 마칠 때까지 둘 다 받습니다. --drop-old는 새로 만들지 않습니다."
    ),
    "The one that the sender shows (a fresh one is made and printed)": (
        "보내는 쪽이 보여 준 시크릿 (없으면 새로 만들어 출력)"
    ),
    "Take the newer of two alone from now on": "둘 가운데 새 시크릿만 받습니다",
    "Remove a sender: what it sends is refused from then on; its orders stay.": (
        "연동을 지웁니다. 그 뒤로 보내는 것은 거절하고, 주문은 남습니다."
    ),
    "Do not ask": "묻지 않습니다",
    "Ways to reach people and machines.": "사람과 프로그램에 알리는 길.",
    "Add a way to reach people or machines.": "알릴 채널을 추가합니다.",
    "apprise, webhook, browser or log": "apprise, webhook, browser, log 중 하나",
    "A setting of that kind, such as url=...": "그 종류의 설정, 예: url=...",
    "Channel to try after it gave up": "실패하면 대신 쓸 채널",
    "List the channels.": "채널의 목록입니다.",
    "Have the running server send a test message, and say what came of it.": (
        "돌고 있는 서버로 시험 메시지를 보내고 결과를 알려 줍니다."
    ),
    "Remove a channel that no route and no fallback names.": "어떤 규칙도 쓰지 않는 채널을 지웁니다.",
    "Which events are told on which channels.": "어떤 이벤트를 어느 채널로 알릴지.",
    "Say which events are told on which channels.": "어떤 이벤트를 어느 채널로 알릴지 정합니다.",
    "Where to tell it; may be repeated": "알릴 채널 (여러 번 줄 수 있음)",
    "What to tell, such as order.created; may be repeated": "알릴 이벤트, 예: order.created (여러 번 줄 수 있음)",
    "Only of these sources": "이 연동만",
    "Only of these stores": "이 매장만",
    "List the routes.": "알림 규칙의 목록입니다.",
    "Remove a route; nobody is told by it from then on.": "알림 규칙을 지웁니다. 그 뒤로는 알리지 않습니다.",
}

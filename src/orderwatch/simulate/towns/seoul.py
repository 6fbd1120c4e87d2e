"""Seoul: real districts, made-up shops and people."""

from decimal import Decimal

from orderwatch.simulate.place import Place
from orderwatch.simulate.town import Dish, District, Town

SEOUL = Town(
    name="seoul",
    time_zone="Asia/Seoul",
    currency="KRW",
    step=Decimal(100),
    districts=(
        District(name="마포구", branch="마포점", centre=Place(37.5563, 126.9236)),
        District(name="강남구", branch="강남점", centre=Place(37.4979, 127.0276)),
        District(name="성동구", branch="성동점", centre=Place(37.5446, 127.0559)),
        District(name="종로구", branch="종로점", centre=Place(37.5700, 126.9830)),
        District(name="송파구", branch="송파점", centre=Place(37.5133, 127.1001)),
    ),
    shop_names=(
        "한솥국밥",
        "달빛치킨",
        "봄날김밥",
        "고래분식",
        "산들비빔밥",
        "화덕피자집",
        "연남면옥",
        "오늘족발",
        "바른버거",
        "담백포케",
        "노을떡볶이",
        "새벽카페",
    ),
    dishes=(
        Dish(name="돼지국밥", price=Decimal(9500)),
        Dish(name="후라이드치킨", price=Decimal(19000)),
        Dish(name="양념치킨", price=Decimal(20500)),
        Dish(name="참치김밥", price=Decimal(4800)),
        Dish(name="떡볶이", price=Decimal(5500)),
        Dish(name="모둠튀김", price=Decimal(6000)),
        Dish(name="비빔밥", price=Decimal(10500)),
        Dish(name="마르게리타 피자", price=Decimal(21000)),
        Dish(name="물냉면", price=Decimal(11000)),
        Dish(name="족발 중", price=Decimal(34000)),
        Dish(name="치즈버거", price=Decimal(8900)),
        Dish(name="연어 포케", price=Decimal(13800)),
        Dish(name="된장찌개", price=Decimal(9000)),
        Dish(name="아메리카노", price=Decimal(4000)),
    ),
    first_names=("지우", "서준", "하은", "도윤", "민서", "예준", "수아", "건우", "다인", "현우", "유진", "태오"),
    last_names=("김", "이", "박", "최", "정", "강", "조", "윤", "한", "오"),
    name_order="{last}{first}",
    phone="010-0000-{number:04}",
    address="서울 {district} {street} {number}",
    streets=("은행나무길", "달맞이길", "시장길", "언덕길", "물레길", "새터로"),
    cancel_reasons=("고객 변심", "재료 소진", "주소 오류", "배달 불가 지역", "고객 부재"),
    reject_reasons=("가게 사정", "주문 폭주", "영업 종료"),
)

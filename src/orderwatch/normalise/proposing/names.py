"""The names that senders give to fields, in English and Korean, without capitals and separators.

`OWN` are names that say it alone; `PARTS` need a parent (``shop`` around ``code``). The earlier of two counts more.
"""

import re
from collections.abc import Mapping

_SEPARATORS = re.compile(r"[\W_]+")


def squeeze(name: str) -> str:
    """``orderNo``, ``order_no``, ``Order No.`` → ``orderno``."""
    return _SEPARATORS.sub("", name).casefold()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


OWN: Mapping[str, tuple[str, ...]] = {
    "event_type": _words(
        "eventtype event eventname orderstatus deliverystatus orderstate status state statuscode action topic type "
        "이벤트종류 이벤트 주문상태 배달상태 배송상태 진행상태 처리상태 상태 상태코드 상태값 구분"
    ),
    "order_id": _words(
        "orderid orderno ordernumber ordernum ordercode orderkey orderseq ordno orderuuid orderref orderreference "
        "deliveryid deliveryno deliverynumber shipmentid shipmentno trackingnumber trackingno bookingid jobid "
        "주문번호 주문id 주문아이디 주문코드 주문키 접수번호 배달번호 배송번호 운송장번호 송장번호 예약번호"
    ),
    "event_id": _words(
        "eventid eventuuid messageid notificationid webhookid requestid eventno eventkey uuid id "
        "이벤트id 이벤트번호 이벤트아이디 알림번호 메시지id 요청번호"
    ),
    "occurred_at": _words(
        "occurredat occurred eventtime eventat eventdate happenedat statuschangedat statustime statusat changedat "
        "updatedat updatetime modifiedat timestamp sentat createdat createtime time datetime date orderedat orderdate "
        "ordertime placedat ts 발생시각 발생일시 발생시간 이벤트시각 변경시각 변경일시 변경시간 처리시각 처리일시 "
        "수정일시 전송일시 생성일시 등록일시 일시 시각 시간 주문시각 주문일시 주문시간"
    ),
    "promised_at": _words(
        "promisedat promisedtime promisetime promised deliverby deliverbefore dueat duetime duedate deadline "
        "requestedtime requesteddeliverytime scheduledat scheduledtime 약속시각 약속시간 약속일시 희망시각 희망시간 "
        "배달희망시간 요청시각 배달요청시간 예약시간 예약일시"
    ),
    "eta": _words(
        "eta estimatedarrival estimatedarrivaltime estimateddeliverytime estimateddeliveryat estimatedat expectedat "
        "expecteddeliverytime expectedarrival 예상시각 예상시간 도착예정 도착예정시각 도착예정시간 예상도착 "
        "예상도착시각 예상도착시간 배달예정시각 배달예정시간 완료예정시간 배송예정일"
    ),
    "store_id": _words(
        "storeid storecode storeno shopid shopcode shopno restaurantid branchid branchcode merchantid outletid "
        "locationid venueid store shop restaurant branch 매장id 매장번호 매장코드 가맹점번호 가맹점코드 가맹점id "
        "지점코드 지점번호 점포코드 점포번호 업소번호 상점코드 매장 지점 가맹점 점포 매장명 지점명"
    ),
    "region": _words("region city district area borough 지역 권역 시군구 행정동 도시"),
    "total": _words(
        "total totalamount totalprice ordertotal grandtotal orderamount paymentamount paidamount payamount amount sum "
        "price 총금액 총액 결제금액 주문금액 합계 합계금액 결제액 총결제금액 금액"
    ),
    "currency": _words("currency currencycode cur 통화 통화코드 화폐"),
    "items": _words(
        "items lineitems orderitems lines orderlines products menus menuitems menu cart goods "
        "메뉴 메뉴목록 주문메뉴 상품 상품목록 주문상품 품목 품목목록 주문내역 주문항목"
    ),
    "reason": _words(
        "cancelreason cancellationreason rejectreason failurereason failreason reasonmessage reason "
        "취소사유 거절사유 실패사유 사유 취소이유"
    ),
    "courier.id": _words(
        "courierid driverid riderid agentid dasherid 라이더id 라이더번호 라이더코드 기사번호 기사id 배달원id"
    ),
    "courier.name": _words(
        "couriername drivername ridername agentname 라이더명 라이더이름 기사명 기사이름 배달원명 배달기사명"
    ),
    "courier.phone": _words(
        "courierphone driverphone riderphone ridertel drivertel 라이더연락처 라이더전화 라이더전화번호 기사연락처 "
        "기사전화번호 배달원연락처"
    ),
    "courier.lat": _words("courierlat driverlat riderlat riderlatitude 라이더위도 기사위도"),
    "courier.lon": _words(
        "courierlon courierlng driverlon driverlng riderlon riderlng riderlongitude 라이더경도 기사경도"
    ),
    "customer.name": _words(
        "customername recipientname receivername buyername orderername consumername 고객명 고객이름 주문자명 주문자 "
        "수령인 수령인명 수취인 수취인명 받는사람 구매자명"
    ),
    "customer.phone": _words(
        "customerphone customertel recipientphone receiverphone receivertel buyerphone phonenumber phone tel mobile "
        "고객연락처 고객전화번호 주문자연락처 수령인연락처 수취인연락처 전화번호 연락처 휴대폰 휴대폰번호 안심번호"
    ),
    "customer.address": _words(
        "customeraddress deliveryaddress dropoffaddress shippingaddress receiveraddress address addr "
        "배달주소 배송주소 배달지 배송지 배달지주소 배송지주소 고객주소 도착지주소 수령지 주소"
    ),
    "customer.lat": _words("customerlat dropofflat destlat 고객위도 배달지위도 도착지위도"),
    "customer.lon": _words("customerlon customerlng dropofflon dropofflng destlng 고객경도 배달지경도 도착지경도"),
}

_IDS = _words("id code no number uuid key 번호 코드 아이디")
_NAMES = _words("name fullname 이름 성명 명")
_PHONES = _words("phone phonenumber tel mobile telephone contact 전화 전화번호 연락처 휴대폰")
_LATS = _words("lat latitude y 위도")
_LONS = _words("lon lng longitude long x 경도")
_COURIER = _words("courier driver rider deliverer dasher agent 라이더 기사 배달원 배송기사 배달기사")
_CUSTOMER = _words(
    "customer recipient receiver consumer dropoff destination orderer buyer eater deliveryaddress shippingaddress "
    "고객 수령인 수취인 주문자 구매자 받는사람 배달지 배송지 도착지"
)
_STORE = _words("store shop restaurant branch merchant outlet venue 매장 가맹점 지점 점포 상점 업소")

PARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "order_id": (_words("order delivery shipment booking 주문 배달 배송"), _IDS),
    "event_type": (
        _words("order delivery shipment event 주문 배달 배송 이벤트"),
        _words("status state type name 상태 종류 상태코드"),
    ),
    "event_id": (_words("event meta header message webhook 이벤트"), _IDS),
    "store_id": (_STORE, _IDS),
    "total": (
        _words("amount total price payment totals charges 금액 결제 합계"),
        _words("value total amount sum 금액 총액 합계 값"),
    ),
    "currency": (_words("amount total price payment 금액 결제"), _words("cur currency code unit 통화")),
    "courier.id": (_COURIER, _IDS),
    "courier.name": (_COURIER, _NAMES),
    "courier.phone": (_COURIER, _PHONES),
    "courier.lat": (_COURIER, _LATS),
    "courier.lon": (_COURIER, _LONS),
    "customer.name": (_CUSTOMER, _NAMES),
    "customer.phone": (_CUSTOMER, _PHONES),
    "customer.address": (
        _CUSTOMER,
        _words("address addr fulladdress formattedaddress address1 street line1 주소 전체주소 도로명주소"),
    ),
    "customer.lat": (_CUSTOMER, _LATS),
    "customer.lon": (_CUSTOMER, _LONS),
}
"""Field → names of a parent, and names within it."""

PARTIES: Mapping[str, frozenset[str]] = {
    "courier": frozenset(_COURIER),
    "customer": frozenset(_CUSTOMER),
    "store": frozenset(_STORE),
}
"""Names of what belongs to one of them: a status within a rider is no order's."""

PAIRS = frozenset(_words("coordinates coordinate coords location position latlng lnglat point geo 좌표 위치"))
"""Names of two numbers that are a place."""
LON_FIRST = frozenset(_words("coordinates lnglat lonlat xy"))
"""Those that have the longitude first, as GeoJSON does."""

ITEM_PARTS: Mapping[str, tuple[str, ...]] = {
    "name": _words("name title productname itemname menuname label 상품명 메뉴명 품명 이름 메뉴 상품 품목"),
    "quantity": _words("quantity qty count cnt number ea 수량 개수 갯수"),
    "price": _words("price unitprice itemprice unitamount amount 단가 가격 금액 판매가"),
    "id": _words("id itemid productid sku menuid code 상품코드 상품번호 메뉴코드 메뉴id"),
}

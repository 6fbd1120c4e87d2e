"""What a sender's word for a status probably means."""

from orderwatch.domain.events import EventType
from orderwatch.normalise.proposing.names import squeeze
from orderwatch.normalise.words import event_type

# The first piece that is in the word decides, so the longer and the contrary stand before what they contain.
_PIECES: tuple[tuple[EventType, str], ...] = (
    (EventType.ORDER_REFUNDED, "refund 환불"),
    (EventType.ORDER_RETURNED, "return 반송 반품"),
    (EventType.ORDER_REJECTED, "reject declin denied refus 거절 거부"),
    (EventType.ORDER_CANCELLED, "cancel void 취소"),
    (EventType.ORDER_FAILED, "undeliver failed failure notdelivered lost 실패 배달불가 배송불가 미배달"),
    (EventType.COURIER_UNASSIGNED, "unassign 배차취소 배정취소"),
    (EventType.COURIER_AT_PICKUP, "arrivedatpickup atpickup arrivedatstore 매장도착 픽업지도착"),
    (EventType.ORDER_READY, "ready cooked prepared 조리완료 준비완료 픽업대기 포장완료 픽업가능"),
    (EventType.ORDER_NEARBY, "nearby arriving almostthere 도착임박 근처"),
    (EventType.ORDER_DELIVERED, "delivered complete done finished handedover 배달완료 배송완료 전달완료 배달끝"),
    (EventType.ORDER_CREATED, "placed created pending received neworder 신규 접수대기 주문접수 주문생성 결제완료 대기"),
    (EventType.ORDER_ACCEPTED, "accept confirm approv acknowledg 접수완료 접수됨 수락 승인 확인 접수"),
    (EventType.ORDER_PREPARING, "prepar cook kitchen inprogress making 조리 준비"),
    (EventType.COURIER_ASSIGNED, "assign dispatch allocated 배차 배정"),
    (
        EventType.ORDER_PICKED_UP,
        (
            "pickedup pickup collected ontheway intransit outfordelivery enroute shipped departed delivering "
            "픽업완료 픽업 배달시작 배달중 배송중 배송시작 출발 집하 이동중"
        ),
    ),
    (EventType.ORDER_DELIVERED, "완료"),
    (EventType.ORDER_CREATED, "new"),
)
_BY_PIECE = tuple((kind, piece) for kind, pieces in _PIECES for piece in pieces.split())


def guess_meaning(word: str) -> EventType | None:
    """Return what `word` means, surely or probably; None where nothing in it says so."""
    known = event_type(word)
    if known is not EventType.UNKNOWN:
        return known
    squeezed = squeeze(word)
    return next((kind for kind, piece in _BY_PIECE if piece in squeezed), None)


def is_known(word: str) -> bool:
    """Say whether `word` is understood without a table."""
    return event_type(word) is not EventType.UNKNOWN

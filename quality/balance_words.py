"""The words of the balance sheet, Korean and English, by code."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

LINES: Words = {
    "files_found": ("이관 자료에 있던 파일", "Files in the delivery"),
    "files": ("목록의 파일", "Files listed"),
    "sheets": ("신고한 매수", "Sheets declared"),
    "rows_declared": ("신고한 행", "Rows declared"),
    "original_object": ("받은 파일 = 보관한 원본", "Files received = originals kept"),
    "original_leaf": ("받은 파일 = 원장의 원본", "Files received = originals in the ledger"),
    "pages": ("받은 쪽", "Pages received"),
    "rows": ("받은 행", "Rows received"),
    "known_documents": ("이미 있던 기록의 문서", "Documents of known records"),
    "attachments": ("행이 가리키는 파일", "Files that rows name"),
    "documents": ("문서", "Documents"),
    "accepted_object": ("수락한 문서 = 보관소", "Accepted = objects in the vault"),
    "accepted_entry": ("수락한 문서 = 색인", "Accepted = entries in the index"),
    "accepted_leaf": ("수락한 문서 = 원장", "Accepted = leaves in the ledger"),
}

PARTS: Words = {
    "received": ("받음", "received"),
    "junk": ("운영체제가 남긴 파일", "left by an operating system"),
    "not_kept": ("받지 못한 파일", "could not be had"),
    "missing": ("오지 않음", "missing"),
    "unlisted": ("목록에 없음", "not listed"),
    "pages_received": ("받은 쪽", "pages received"),
    "named_missing": ("누락·손상 파일의 쪽", "of missing or damaged files"),
    "from_unlisted": ("목록에 없는 파일의 쪽", "of unlisted files"),
    "unexplained": ("설명되지 않음", "unexplained"),
    "in_documents": ("문서", "in documents"),
    "blank": ("백지", "blank"),
    "separator": ("구분지", "separator"),
    "duplicate": ("중복", "duplicate"),
    "rows_received": ("받은 행", "rows received"),
    "attachment_joined": ("찾아서 이음", "found and joined"),
    "attachment_missing": ("없음", "not there"),
    "attachment_ambiguous": ("어느 것인지 모름", "more than one"),
    "known": ("이미 있음", "known already"),
    "known_documents": ("보관·보류 중", "stored or held"),
    "rejected_pages": ("제외", "rejected"),
    "accepted": ("수락", "accepted"),
    "held": ("보류", "held"),
    "rejected_documents": ("반려", "rejected"),
    "original_object": ("원본 객체", "objects"),
    "original_leaf": ("원장 항목", "leaves"),
    "accepted_object": ("객체", "objects"),
    "accepted_entry": ("색인 항목", "entries"),
    "accepted_leaf": ("원장 항목", "leaves"),
}

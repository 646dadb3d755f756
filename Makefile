SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo up down test check fix train train-kinds
.PHONY: bench bench-archive bench-documents bench-emr bench-line bench-quality bench-reading

# Seconds that one run of the tests may take; arguments of pytest, such as ARGS="-k seal", or of
# bench-reading, such as ARGS="--pages 8", of train, such as ARGS=".giroksil/training --minutes 90".
TIME ?= 3600
ARGS ?=

help: ## 이 목록 · this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup: ## 준비: 시스템 패키지와 .venv · system packages and .venv
	@infra/setup.sh

demo: setup ## 예제 배치를 전자화하고 찾고 증명하기 · digitize, search and prove a sample batch
	@.venv/bin/python infra/demo.py

up: setup ## Airflow 시작 (이 컴퓨터에서만 접속) · start Airflow, on localhost only
	@.venv/bin/python infra/airflow/local.py start

down: ## Airflow 멈춤 · stop Airflow
	@[ ! -x .venv/bin/python ] || .venv/bin/python infra/airflow/local.py stop

# Every test runs once: those of DAGs, plugin and scheduler beside Airflow, all others without it, a
# file of them on each core. The first run in one process, so both run at once; theirs is told last.
test: ## 모든 시험; Airflow가 필요 없는 것은 Airflow 없이 · all tests; the engine's without Airflow
	@infra/setup.sh test
	@infra/setup.sh engine
	@if .venv-engine/bin/python -c "import airflow" 2>/dev/null; then \
	    echo "Airflow가 .venv-engine에 있습니다 / Airflow is in .venv-engine" >&2; exit 1; fi
	@beside=$$(mktemp); failed=0; \
	timeout $(TIME) .venv/bin/python -m pytest -m airflow $(ARGS) >"$$beside" 2>&1 & \
	airflow=$$!; trap 'exit 130' INT TERM; \
	trap 'kill "$$airflow" 2>/dev/null; rm -f "$$beside"' EXIT; \
	timeout --foreground $(TIME) .venv-engine/bin/python -m pytest -m "not airflow" \
	    --ignore=tests/dags --ignore=tests/plugins --numprocesses auto --dist loadfile $(ARGS) || failed=$$?; \
	wait "$$airflow" || failed=$$?; cat "$$beside"; exit "$$failed"

bench: bench-archive bench-documents bench-emr bench-line bench-quality bench-reading ## 모든 측정 · all measurements

bench-archive: setup ## 측정: 키 교체, 둘째 보관소, S3, 뒤집힌 비트, 검색, 증명 · rotation, second site, S3, flips, search, proofs
	.venv/bin/python -m bench.archive_rotation $(ARGS)
	.venv/bin/python -m bench.archive_recovery
	.venv/bin/python -m bench.archive_flips
	.venv/bin/python -m bench.archive_search
	.venv/bin/python -m bench.archive_proofs
	.venv/bin/python -m bench.archive_store

bench-line: setup ## 측정: 줄 전체와 Airflow의 비용 · the whole line, and what Airflow costs
	.venv/bin/python -m bench.line

bench-reading: setup ## 측정: 쪽 읽기, Tesseract·OCRmyPDF와 나란히 · page reading beside Tesseract and OCRmyPDF
	@infra/setup.sh bench
	.venv/bin/python -m bench.reading $(ARGS)

bench-quality: setup ## 측정: 심은 결함과 표본 검사 · seeded defects, false holds, large batches
	.venv/bin/python -m bench.quality $(ARGS)

bench-emr: setup ## 측정: EMR 표와 메시지에서 문서로 · from EMR tables and messages to documents
	.venv/bin/python -m bench.emr $(ARGS)

bench-documents: setup ## 측정: 묶음에서 문서로 · from stacks to documents
	.venv/bin/python -m bench.documents $(ARGS)

train: ## 줄 인식기 훈련: ARGS="폴더 --minutes 120" · train the line recognizer
	@infra/setup.sh training
	infra/train.sh $(ARGS)

train-kinds: setup ## 종류 분류기 훈련 · train the kind classifier
	.venv/bin/python -m classifiers.training.train $(ARGS)

check: setup ## 고치지 않고 검사 · ruff, mypy --strict, import-linter; read-only
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/mypy --strict infra/airflow/local.py infra/demo.py
	.venv/bin/mypy --strict bench
	.venv/bin/lint-imports

fix: setup ## 자동으로 고칠 수 있는 것 고치기 · mend what can be mended by itself
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# `make demo` and `make test` are all a newcomer needs; both set up everything they use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TODAY := 2021-12-31

.PHONY: help demo test busy-test check format sample-data pictures man manual wheel-test bench upgrade peers profile mutants agreement sequences odd-returns crashes coverage mutation clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: $(STAMP)  ## settle the sample rosters, write the claim workbooks, show the summary
	$(BIN)/trainingcli claims sample_data/rosters --registers sample_data/registers --today $(TODAY) \
	  --ledger build/demo/ledger.db --out claims-out --format table
	$(BIN)/trainingcli claims sample_data/realname/花名册.xlsx --realname sample_data/realname/实名制导出.xlsx \
	  --people sample_data/realname/退休人员名单.xlsx --programme vocational-training --today $(TODAY) \
	  --ledger build/demo/none.db --out claims-out/realname --format table
	$(BIN)/trainingcli claims sample_data/realname/花名册.xlsx --realname sample_data/realname/实名制导出.xlsx \
	  --people sample_data/realname/退休人员名单.xlsx --decisions sample_data/realname/核定意见.xlsx \
	  --programme vocational-training --today $(TODAY) --ledger build/demo/none.db --out claims-out/realname --format table

test: $(STAMP)  ## every test, a process a core
	$(BIN)/python -m pytest -n auto --dist worksteal

busy-test: $(STAMP)  ## every test beside six busy loops: none may depend on a quiet machine (an hour and more)
	sh tests/bench/busy.sh 6 $(BIN)/python -m pytest -n auto --dist worksteal

check: $(STAMP)  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)  ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sample-data: $(STAMP)  ## make the fictitious sample rosters again
	$(BIN)/python sample_data/make.py

pictures: $(STAMP)  ## the README's pictures (needs LibreOffice, poppler, Chromium)
	$(BIN)/python docs/make_pictures.py

man: $(STAMP)  ## the man page, from the program's own help, in build/man
	$(BIN)/python docs/make_man.py

manual: $(STAMP)  ## the clerks' manual as one page with its pictures, to hand out with the wheel
	$(BIN)/python docs/make_manual.py

wheel-test: $(STAMP)  ## build the wheel, install it alone, run it outside the checkout
	sh tests/wheel_test.sh $(BIN)/python

bench: $(STAMP)  ## measure against floor and peers; writes docs/benchmarks.md (about 30 minutes)
	$(BIN)/python tests/bench/bench.py

peers: $(STAMP)  ## the whole run beside calamine alone, the floor and the usual script
	$(BIN)/python tests/bench/bench.py large

profile: $(STAMP)  ## a call tree of a 200,000-row run, in build/profile.html
	$(BIN)/python tests/bench/profile_run.py

upgrade: $(STAMP)  ## a ledger of 100,000 entries from the first version's program, upgraded and verified
	$(BIN)/python tests/bench/upgrade.py

mutants: $(STAMP)  ## 5,000 structural mutants of honest workbooks
	TRAININGCLI_MUTANTS=5000 $(BIN)/python -m pytest tests/hostile/test_mutants.py

agreement: $(STAMP)  ## program against oracle on tens of thousands of random lines
	TRAININGCLI_ORACLE_LINES=30000 TRAININGCLI_COMPARISONS=1000 TRAININGCLI_REALNAME_SEEDS=700 \
	TRAININGCLI_PEOPLE_SEEDS=150 $(BIN)/python -m pytest -n auto \
	  tests/oracle/test_agreement.py tests/oracle/test_people.py tests/awards/test_agreement.py tests/compare/test_agreement.py tests/realname/test_agreement.py

sequences: $(STAMP)  ## post, void, reopen, import at random under changing policies, beside plain books
	TRAININGCLI_SEQUENCES=150 $(BIN)/python -m pytest -n auto tests/ledger/test_random_sequences.py

odd-returns: $(STAMP)  ## `claims --returns` over 300 odd workbooks
	TRAININGCLI_ODD_RETURNS=300 $(BIN)/python -m pytest tests/reports/test_odd_returns.py

crashes: $(STAMP)  ## SIGKILL at 200 random moments of posting; kills and failing disks at many of a run's calls
	TRAININGCLI_KILLS=200 TRAININGCLI_FAILURES=20 TRAININGCLI_ORDERS=30 $(BIN)/python -m pytest \
	  tests/ledger/test_crashes.py tests/ledger/test_post_failures.py tests/ledger/test_posted_again.py

coverage: $(STAMP)  ## branch coverage of the ledger and money modules: all of it
	$(BIN)/coverage run tests/mutation/scope.py
	$(BIN)/coverage report

mutation: $(STAMP)  ## small wrong changes of the same modules: a test must fail, or docs/mutation.md say why none does
	$(BIN)/python tests/mutation/run.py

$(STAMP): pyproject.toml
	@echo "1/3 建立 Python 环境 $(VENV) / making the environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "2/3 更新 pip / updating pip"
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@echo "3/3 下载并安装程序库（约 200 MB，第一次要几分钟）/ downloading and installing libraries (200 MB, some minutes)"
	@$(BIN)/python -m pip install --quiet --editable '.[postgres]' --group dev
	touch $@

clean:  ## remove what make made
	rm -rf $(VENV) claims-out dist build

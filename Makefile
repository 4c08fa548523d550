# Presage. `make` lists what there is; README.md says what you will see.
GO       ?= go
CACHE    ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/presage/bin
LINT_VERSION   := v2.15.0
DEADCODE_VERSION := v0.51.0
INFLUX_VERSION := v1.8.10
INFLUX2_VERSION := v2.7.12
TELEGRAF_VERSION := v1.37.2
NATS_VERSION := v2.15.3
LINT     := $(CACHE)/golangci-lint-$(LINT_VERSION)
DEADCODE := $(CACHE)/deadcode-$(DEADCODE_VERSION)
MQTT_CLIENTS := $(CACHE)/mqtt-clients
INFLUXD  := $(CACHE)/influxd
INFLUXD2 := $(CACHE)/influxd2-$(INFLUX2_VERSION)
TELEGRAF := $(CACHE)/telegraf-$(TELEGRAF_VERSION)
NATS     := $(CACHE)/nats-server-$(NATS_VERSION)
# For what comes over the network.
TRY_AGAIN := sh scripts/try-again.sh
# The race detector needs cgo and a C compiler; everything else is pure Go.
RACE     := $(shell command -v gcc >/dev/null 2>&1 && echo -race)
ifeq ($(RACE),)
export CGO_ENABLED := 0
endif
# Arithmetic, five times as slow with the detector. It starts no goroutines, or is run
# with the detector by the tests of the packages that use it.
NUMBERS  := ^presage/(forecast/.*|models/(battery|eval|hazard|life|median|renewal|wear)|cmd/presage/lab/.*|outreach/reply)$$
# The real data sets, if they are there: tests that read them are skipped without.
PRESAGE_DATA ?= $(abspath $(wildcard ../shared/data))
export PRESAGE_DATA

.DEFAULT_GOAL := help
.PHONY: help run demo test integration lint lint-proof influxd2 fmt bench bench-ingest bench-scale load-ingest eval understand-eval chaos-ingest chaos-outreach chaos-cluster deps api-check deploy-check check build

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## serve with embedded broker and stores; data in ./presage-data
	$(GO) run ./cmd/presage serve

demo: ## a fleet of 200 vehicles lives 120 days, then goes on live
	$(GO) run ./cmd/presage demo

build: ## one static binary, ./presage
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o presage ./cmd/presage

test: ## every test that needs nothing but Go (race detector where gcc is there)
	$(GO) test $(RACE) -count=1 -timeout 40m $$($(GO) list ./... | grep -vE '$(NUMBERS)')
	$(GO) test -count=1 -timeout 40m $$($(GO) list ./... | grep -E '$(NUMBERS)')

integration: deps ## what `make test` leaves out: the story against Mosquitto, NATS, InfluxDB 1.8 and 2.7, and PostgreSQL
	@$(MAKE) influxd2 || echo "InfluxDB 2 could not be built: its tests are skipped" >&2
	PRESAGE_INTEGRATION=1 PRESAGE_MQTT_CLIENTS=$(MQTT_CLIENTS) PRESAGE_INFLUXD=$(INFLUXD) PRESAGE_NATS_SERVER=$(NATS) PRESAGE_INFLUXD2=$$(ls $(INFLUXD2) 2>/dev/null) \
		$(GO) test $(RACE) -tags integration -count=1 -timeout 60m $$(sh scripts/integration-tests.sh)

lint: $(LINT) $(DEADCODE) ## golangci-lint with the import map, no dead code, files of at most 400 lines
	$(LINT) run --allow-parallel-runners ./...
	@sh scripts/file-length.sh
	@DEADCODE=$(DEADCODE) sh scripts/deadcode.sh

lint-proof: $(LINT) ## break each rule of the import map once and see it caught
	@LINT=$(LINT) sh scripts/prove-import-map.sh

fmt: $(LINT) ## gofumpt and gci
	$(LINT) fmt ./...

bench: ## benchmarks with allocations
	$(GO) test -run '^$$' -bench . -benchmem ./...

bench-ingest: build $(INFLUXD) $(TELEGRAF) ## ingest beside Telegraf: CPU and rates (ARGS="--rounds 5 --out FILE")
	PRESAGE_INFLUXD=$(INFLUXD) $(GO) run ./cmd/bench-ingest compare --presage-bin ./presage --telegraf-bin $(TELEGRAF) $(ARGS)

bench-scale: ## what 100,000 vehicles cost: a sample, a night, memory, bytes (ARGS="--vehicles 5000 --share 1,2,3")
	$(GO) run ./cmd/bench-scale $(ARGS)

load-ingest: build $(INFLUXD) ## 10,000 connected vehicles for 5 minutes (ARGS="--vehicles 2000 --duration 1m")
	PRESAGE_INFLUXD=$(INFLUXD) $(GO) run ./cmd/bench-ingest load --presage-bin ./presage $(ARGS)

# One full run takes about a quarter of an hour, and a soak of the embedded door
# and store 20 minutes more. CHAOS and SOAK hold more flags, such as --seed 7 or
# --combination embedded; `make integration` runs a short form of both. Root
# gives the soak a disk of its own to fill.
chaos-ingest: build deps ## kill -9 broker, store and ingest while vehicles publish; count what is missing
	PRESAGE_INFLUXD=$(INFLUXD) timeout 3600 $(GO) run ./cmd/chaos-ingest ./presage $(CHAOS)
	timeout 3600 $(GO) run ./cmd/chaos-ingest ./presage --soak 20m $(SOAK)

# Both databases take about ten minutes. STORM holds more flags, such as --seed 7
# or --combination sqlite; `make integration` runs a short form.
chaos-outreach: build deps ## two processes on one database: sell, move, send, kill -9; count what must not be
	timeout 1800 $(GO) run ./cmd/chaos-outreach ./presage $(STORM)

# Without a broker, then with a cluster of brokers. KILLS and CLUSTER_SEED choose how
# many and which; `make integration` runs a short form.
chaos-cluster: deps ## kill processes, brokers, load balancer and stores at random, 50 times; count samples, messages and shards
	for form in TestRandomKills TestRandomKillsBehindABrokerCluster; do \
		PRESAGE_INTEGRATION=1 PRESAGE_INFLUXD=$(INFLUXD) PRESAGE_NATS_SERVER=$(NATS) CLUSTER_KILLS=$(or $(KILLS),50) \
			$(GO) test -tags integration -count=1 -timeout 30m -v -run "^$$form\$$" ./cmd/presage || exit 1; done

understand-eval: ## how well replies are understood: sheets that the model has not seen, then cross-validated
	go run ./cmd/presage outreach understand --sheets
	go run ./cmd/presage outreach understand --folds 5

eval: ## measured results on the real data in PRESAGE_DATA
	$(if $(PRESAGE_DATA),,$(error set PRESAGE_DATA to the folder that holds the data sets))
	$(GO) run ./cmd/presage eval --data $(PRESAGE_DATA)

deps: $(INFLUXD) $(NATS) ## servers for the integration tests (Debian, as root)
	@sh scripts/debian-deps.sh
	@sh scripts/mqtt-clients.sh $(MQTT_CLIENTS)

influxd2: ## a real InfluxDB 2 for the integration tests, kept (about six minutes; skipped without cargo)
	@sh scripts/influxd2.sh $(INFLUX2_VERSION) $(INFLUXD2)

api-check: build ## is the OpenAPI document right, and are all answers in it (about 2 minutes)
	@sh scripts/api-check.sh ./presage $(patsubst %/,%,$(dir $(CACHE)))

deploy-check: ## do kustomize, Kubernetes' types and Docker Compose take the manifests of deploy/
	cd deploy/check && sh ../../scripts/try-again.sh $(GO) mod download && $(GO) test -count=1 ./...

check: lint build integration api-check deploy-check ## everything that must hold before a change lands

# Built once at a pinned version and kept: about three minutes on two cores.
$(LINT):
	@mkdir -p $(CACHE)
	GOBIN=$(CACHE) $(TRY_AGAIN) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv $(CACHE)/golangci-lint $@

$(DEADCODE):
	@mkdir -p $(CACHE)
	GOBIN=$(CACHE) $(TRY_AGAIN) $(GO) install golang.org/x/tools/cmd/deadcode@$(DEADCODE_VERSION)
	@mv $(CACHE)/deadcode $@

$(INFLUXD):
	@mkdir -p $(CACHE)
	GOBIN=$(CACHE) $(TRY_AGAIN) $(GO) install github.com/influxdata/influxdb/cmd/influxd@$(INFLUX_VERSION)

$(NATS):
	@mkdir -p $(CACHE)
	CGO_ENABLED=0 GOBIN=$(CACHE) $(TRY_AGAIN) $(GO) install -trimpath -ldflags "-s -w" github.com/nats-io/nats-server/v2@$(NATS_VERSION)
	@mv $(CACHE)/nats-server $@

# What a user would run instead of our ingest, with nothing in it but what that takes.
$(TELEGRAF):
	@mkdir -p $(CACHE)
	GOBIN=$(CACHE) $(TRY_AGAIN) $(GO) install -tags "custom,inputs.mqtt_consumer,outputs.influxdb_v2,parsers.json" \
		github.com/influxdata/telegraf/cmd/telegraf@$(TELEGRAF_VERSION)
	@mv $(CACHE)/telegraf $@

package ingest_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/internal/sqlstore/sqltest"
	"presage/internal/tsdb"
)

// How far letters with one reason were driven says nothing about another's.
func TestRedriveGoesOnByReason(t *testing.T) {
	t.Parallel()
	sql := sqltest.Open(t)
	store, err := tsdb.Open(t.TempDir(), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	p, err := ingest.New(ingest.Config{}, ingest.Deps{Store: store, DeadLetters: sql, Dirty: sql, Fleet: sql, Events: sql})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()

	const vin presage.VIN = "1M8GDM9AXKP042788" // the example of 49 CFR part 565
	now := time.Now()
	letter := func(reason, payload string) presage.DeadLetter {
		return presage.DeadLetter{
			VIN: vin, Received: now, Topic: ingest.TelemetryTopic(vin), Reason: reason, Payload: []byte(payload),
		}
	}
	good := fmt.Sprintf(`{"ts":%d,"signals":{"Vehicle.Speed":50}}`, now.UnixMilli())
	if err := sql.PutDeadLetters(t.Context(), []presage.DeadLetter{
		letter(ingest.ReasonRateLimited, good), letter(ingest.ReasonMalformed, "{"),
	}); err != nil {
		t.Fatal(err)
	}
	r := ingest.NewRedriver(p, sql, time.Now, slog.New(slog.DiscardHandler))
	for _, tt := range []struct {
		reason string
		want   int
	}{{ingest.ReasonMalformed, 0}, {ingest.ReasonRateLimited, 1}} {
		if n, err := r.Redrive(t.Context(), tt.reason, 1); n != tt.want || err != nil {
			t.Errorf("%s: %d went in, %v; want %d", tt.reason, n, err, tt.want)
		}
	}
}

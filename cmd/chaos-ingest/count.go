package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"presage"
	"presage/internal/influx"
	"presage/internal/sqlstore"
	"presage/internal/tsdb"
)

// tally compares what was promised with what is there.
type tally struct {
	Published    int   `json:"published"`    // distinct messages
	Sent         int   `json:"sent"`         // with the vehicles' repeats
	Acknowledged int   `json:"acknowledged"` // to vehicles
	AckedSamples int   `json:"acked_samples"`
	AckedBad     int   `json:"acked_bad"`    // of them, no JSON
	Rows         int   `json:"rows"`         // in the store
	Missing      int   `json:"missing"`      // acknowledged to a vehicle and not stored
	ByPresage    int   `json:"by_presage"`   // of them, acknowledged by presage
	ByBroker     int   `json:"by_broker"`    // of them, never delivered until presage acknowledged
	Repeated     int   `json:"repeated"`     // rows or open letters that are there twice
	Wrong        int   `json:"wrong"`        // rows with other values than were published, or that nobody published
	Letters      int   `json:"letters"`      // dead letters
	LetterTimes  int64 `json:"letter_times"` // how often they came
	Redelivered  int   `json:"redelivered"`  // messages that the broker delivered more than once
}

// scanner is what both stores are.
type scanner interface {
	Scan(ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string) iter.Seq2[presage.Sample, error]
	Close() error
}

func (r *rig) openStore(ctx context.Context) (scanner, error) {
	if r.Store == storeInflux {
		return influx.Open(ctx, influx.Config{URL: "http://" + r.influx, Bucket: bucket})
	}
	return tsdb.Open(r.file("data/telemetry"), tsdb.Options{})
}

// count reads the stores; presage must have ended.
func (r *rig) count(ctx context.Context, fleet []*vehicle, out *result) (err error) {
	store, err := r.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	letters, err := r.letters(ctx, &out.tally)
	if err != nil {
		return err
	}
	for _, v := range fleet {
		seen, err := v.rows(ctx, store, &out.tally)
		if err != nil {
			return err
		}
		for n, acked := range v.acked {
			there := seen[n]
			if bad(n) {
				there = letters[key(v.topic(), v.payload(n))]
			}
			r.judge(v, n, acked, there, &out.tally)
		}
		out.Published += int(v.published.Load())
		out.Sent += int(v.sent.Load())
	}
	return nil
}

// judge counts message n of v.
func (r *rig) judge(v *vehicle, n int, acked, there bool, t *tally) {
	presageAcked := true
	if r.tap != nil {
		var delivered int
		presageAcked, delivered = r.tap.said(key(v.topic(), v.payload(n)))
		if delivered > 1 {
			t.Redelivered++
		}
	}
	if !acked {
		return
	}
	t.Acknowledged++
	if bad(n) {
		t.AckedBad++
	} else {
		t.AckedSamples++
	}
	switch {
	case there:
	case presageAcked:
		t.Missing++
		t.ByPresage++
	default:
		t.Missing++
		t.ByBroker++
	}
}

// rows reads v's rows and tells by number which are there.
func (v *vehicle) rows(ctx context.Context, store scanner, t *tally) (map[int]bool, error) {
	seen := map[int]bool{}
	for sample, err := range store.Scan(ctx, v.vin, v.base.AddDate(-1, 0, 0), v.base.AddDate(1, 0, 0),
		presage.SignalOdometer, presage.SignalSpeed) { // prognoses stand beside the telemetry
		if err != nil {
			return nil, fmt.Errorf("read the rows of %s: %w", v.vin.Masked(), err)
		}
		t.Rows++
		n, ok := v.number(sample.Time)
		if !ok || n >= len(v.acked) || bad(n) || !v.matches(n, sample.Readings) {
			t.Wrong++
			continue
		}
		if seen[n] {
			t.Repeated++
		}
		seen[n] = true
	}
	return seen, nil
}

func (v *vehicle) matches(n int, readings []presage.Reading) bool {
	want := v.values(n)
	for _, r := range readings {
		if value, ok := want[r.Signal]; !ok || value != r.Value.Number {
			return false
		}
	}
	return len(readings) == len(want)
}

// letters are the dead letters by key; of a soak those of its fleet that are not JSON.
func (r *rig) letters(ctx context.Context, t *tally) (map[string]bool, error) {
	db, err := sqlstore.Open(ctx, r.file("data/presage.db"))
	if err != nil {
		return nil, err
	}
	all, err := db.DeadLetters(ctx, presage.DeadLetterFilter{})
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, l := range all {
		if r.counted != nil && !r.counted(l) {
			continue
		}
		k := key(l.Topic, l.Payload)
		if found[k] {
			t.Repeated++
		}
		found[k] = true
		t.Letters++
		t.LetterTimes += l.Times
	}
	return found, nil
}

package tsdb

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"presage"
)

// rowsPerCheck is how many rows pass between two looks at the context.
const rowsPerCheck = 4096

// Scan yields the samples of vin in [from, to), ascending by time; only the
// named signals if any are named, and then only samples that hold one of them.
// The order of the readings inside a sample is not kept.
//
// Readings and arrays of a sample are reused: they are valid until the next
// step of the loop, whoever keeps one copies it. Strings may be kept. The scan
// sees the store as it was when the loop began.
//
// A row that cannot be decoded is yielded as an error that wraps ErrCorrupt
// and names the vehicle, masked, and the time; a loop that goes on gets the
// rows after it. Every other error ends the scan.
func (s *Store) Scan(
	ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string,
) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		if err := s.enter(); err != nil {
			yield(presage.Sample{}, err)
			return
		}
		defer s.users.Done()
		if len(vin) != vinLength || !from.Before(to) {
			return
		}
		it, err := s.db.NewIter(&pebble.IterOptions{
			LowerBound: appendRowKey(nil, vin, firstMillis(from)),
			UpperBound: appendRowKey(nil, vin, firstMillis(to)),
		})
		if err != nil {
			yield(presage.Sample{}, scanError(vin, err))
			return
		}
		// The names are read after the iterator is made: whatever it sees was named before.
		sc := scanner{vin: vin, names: s.names.byID(), forgot: true, wanted: s.names.wanted(signals)}
		if sc.run(ctx, it, yield) {
			if err = it.Close(); err != nil {
				yield(presage.Sample{}, scanError(vin, sc.brokenOff(err)))
			}
			return
		}
		_ = it.Close() // the loop is over, nobody listens
	}
}

func scanError(vin presage.VIN, err error) error {
	return fmt.Errorf("scan telemetry of %s: %w: %w", vin.Masked(), presage.ErrUnavailable, err)
}

// brokenOff says how far the scan came, where a table is damaged.
func (sc *scanner) brokenOff(err error) error {
	if !pebble.IsCorruptionError(err) {
		return err
	}
	where := "nothing can be read"
	if sc.sample.VIN != "" {
		where += " after " + sc.sample.Time.Format("2006-01-02T15:04:05.000Z")
	}
	detail, _, _ := strings.Cut(err.Error(), "\n") // the rest is Pebble's note to itself
	return fmt.Errorf("%w: %s: restore a backup: %s", ErrCorrupt, where, detail)
}

// scanner holds what one scan reuses from row to row.
type scanner struct {
	vin    presage.VIN
	names  []string
	forgot bool   // an empty name was forgotten, and its readings are left out
	wanted []bool // nil: all
	texts  textCache
	sample presage.Sample
	arrays []float64
}

// run yields the rows of it; false when the consumer has left or got the last error.
func (sc *scanner) run(ctx context.Context, it *pebble.Iterator, yield func(presage.Sample, error) bool) bool {
	row := 0
	for it.First(); it.Valid(); it.Next() {
		if row++; row%rowsPerCheck == 0 && ctx.Err() != nil {
			yield(presage.Sample{}, fmt.Errorf("scan telemetry of %s: %w", sc.vin.Masked(), ctx.Err()))
			return false
		}
		ms := rowTime(it.Key())
		value, err := it.ValueAndErr()
		if err == nil {
			err = sc.decode(value)
		}
		switch {
		case err != nil:
			err = fmt.Errorf("%w: %s at %s: %w", ErrCorrupt, sc.vin.Masked(),
				time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z"), err)
			if !yield(presage.Sample{}, err) {
				return false
			}
		case len(sc.sample.Readings) > 0:
			sc.sample.VIN, sc.sample.Time = sc.vin, time.UnixMilli(ms).UTC()
			if !yield(sc.sample, nil) {
				return false
			}
		}
	}
	return true
}

// decode leaves the wanted readings of a row in sc.sample.
func (sc *scanner) decode(row []byte) error {
	sc.sample.Readings = sc.sample.Readings[:0]
	sc.arrays = sc.arrays[:0]
	d := decoder{rest: row}
	for {
		more, err := d.next()
		if err != nil || !more {
			return err
		}
		if int(d.id) >= len(sc.names) {
			return rowError("unknown signal id %d", d.id)
		}
		if sc.wanted != nil && (int(d.id) >= len(sc.wanted) || !sc.wanted[d.id]) {
			continue
		}
		if sc.forgot && sc.names[d.id] == "" {
			continue
		}
		sc.sample.Readings = append(sc.sample.Readings, presage.Reading{
			Signal: sc.names[d.id], Value: d.value(&sc.arrays, &sc.texts),
		})
	}
}

// Rows counts the stored (vehicle, time) rows exactly, by a scan of all keys.
func (s *Store) Rows(ctx context.Context) (int64, error) {
	return s.count(ctx, []byte{rowKey}, []byte{rowKey + 1})
}

// RowsOf counts the rows of one vehicle exactly.
func (s *Store) RowsOf(ctx context.Context, vin presage.VIN) (int64, error) {
	if len(vin) != vinLength {
		return 0, nil
	}
	return s.count(ctx, appendRowKey(nil, vin, math.MinInt64), append(appendRowKey(nil, vin, math.MaxInt64), 0))
}

func (s *Store) count(ctx context.Context, lower, upper []byte) (int64, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.users.Done()
	it, err := s.db.NewIterWithContext(ctx, &pebble.IterOptions{LowerBound: lower, UpperBound: upper})
	if err != nil {
		return 0, fmt.Errorf("count telemetry rows: %w: %w", presage.ErrUnavailable, err)
	}
	rows := int64(0)
	for it.First(); it.Valid(); it.Next() {
		if rows++; rows%rowsPerCheck == 0 && ctx.Err() != nil {
			_ = it.Close()
			return 0, fmt.Errorf("count telemetry rows: %w", ctx.Err())
		}
	}
	if err := it.Close(); err != nil {
		return 0, fmt.Errorf("count telemetry rows: %w: %w", presage.ErrUnavailable, err)
	}
	return rows, nil
}

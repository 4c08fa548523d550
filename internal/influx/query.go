package influx

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
)

// query runs Flux and hands every record to each, whose error ends it.
func (s *Store) query(ctx context.Context, flux string, each func(values map[string]any) error) error {
	// A QueryAPI remembers its URL at the first use without a lock: one each.
	result, err := s.client.QueryAPI(s.config.Org).Query(ctx, flux)
	if err != nil {
		return s.unavailable("query", err)
	}
	for result.Next() {
		if err := each(result.Record().Values()); err != nil {
			return errors.Join(fmt.Errorf("influx bucket %s: %w", s.config.Bucket, err), result.Close())
		}
	}
	if err := result.Err(); err != nil {
		return s.unavailable("query", err)
	}
	return nil
}

// firstAfter returns the time of the first point in [start, end), and end if there is none.
func (s *Store) firstAfter(ctx context.Context, start, end int64, vin presage.VIN, signals []string) (int64, error) {
	query := s.from(start, end, vin, signals) +
		"  |> first()\n  |> keep(columns: [\"_time\"])\n  |> sort(columns: [\"_time\"])\n  |> limit(n: 1)"
	first := end
	err := s.query(ctx, query, func(values map[string]any) error {
		at, ok := values["_time"].(time.Time)
		if !ok {
			return errors.New("a record without _time")
		}
		first = min(first, at.UnixNano())
		return nil
	})
	return first, err
}

// Rows counts the stored (vehicle, time) rows exactly. It reads the times of
// everything stored, day by day: it is for tests and audits.
func (s *Store) Rows(ctx context.Context) (int64, error) { return s.RowsOf(ctx, "") }

// RowsOf counts the rows of one vehicle exactly.
func (s *Store) RowsOf(ctx context.Context, vin presage.VIN) (int64, error) {
	if err := s.open(); err != nil {
		return 0, err
	}
	rows := int64(0)
	for next := int64(minInstant); next < maxInstant; {
		start, err := s.firstAfter(ctx, next, maxInstant, vin, nil)
		if err != nil {
			return 0, err
		}
		if start >= maxInstant {
			break
		}
		stop := min(start, maxInstant-firstSpan) + firstSpan
		n, err := s.countRows(ctx, start, stop, vin)
		if err != nil {
			return 0, err
		}
		rows += n
		next = stop
	}
	return rows, nil
}

// countRows counts the distinct times of every vehicle in [start, stop).
func (s *Store) countRows(ctx context.Context, start, stop int64, vin presage.VIN) (int64, error) {
	query := s.from(start, stop, vin, nil) +
		timeFilter(start, stop) + // the day's end must not count twice; InfluxDB 1.8 includes the stop of a range
		"  |> keep(columns: [\"_time\", \"vin\"])\n  |> distinct(column: \"_time\")\n" +
		"  |> map(fn: (r) => ({vin: r.vin, _value: 1}))\n  |> count()" // 1.8 cannot count times
	rows := int64(0)
	err := s.query(ctx, query, func(values map[string]any) error {
		n, ok := values["_value"].(int64)
		if !ok {
			return errors.New("a count that is not a number")
		}
		rows += n
		return nil
	})
	return rows, err
}

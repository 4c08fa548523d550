package influx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"presage"
)

const (
	firstSpan = int64(24 * time.Hour)
	maxSpan   = 64 * firstSpan
)

// Scan yields the samples of vin in [from, to), ascending by time; only the
// named signals if any are named, and then only samples that hold one of them.
// Readings of a sample are valid until the next step of the loop; strings and
// arrays may be kept. Rows that are written while a scan runs may be seen or not.
//
// The bucket is read page by page: a page asks for at most Config.PageRows
// points of each field, and ends where the first field was cut off. Its length
// in time follows the data, so that memory stays bounded however dense they are.
func (s *Store) Scan(
	ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string,
) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		if err := s.open(); err != nil {
			yield(presage.Sample{}, err)
			return
		}
		if len(vin) != 17 {
			return
		}
		p := pager{store: s, vin: vin, signals: signals, span: firstSpan}
		for start, end := nanos(from), nanos(to); start < end; {
			next, err := p.read(ctx, start, end)
			if err != nil {
				yield(presage.Sample{}, fmt.Errorf("scan telemetry of %s: %w", vin.Masked(), err))
				return
			}
			if !p.yield(yield) {
				return
			}
			start = next
		}
	}
}

// cell is one point of a page.
type cell struct {
	at    int64 // Unix nanoseconds
	field string
	value presage.Value
}

// pager reads a scan page by page.
type pager struct {
	store   *Store
	vin     presage.VIN
	signals []string
	span    int64 // length of the next page, in ns
	cells   []cell
	sample  presage.Sample
}

// read leaves the first page of [start, end) in p.cells and says where the next one starts.
func (p *pager) read(ctx context.Context, start, end int64) (int64, error) {
	stop := end
	if start < end-p.span { // end is far above int64's floor, so this cannot overflow for a sane span
		stop = start + p.span
	}
	cut, err := p.fetch(ctx, start, stop)
	switch {
	case err != nil:
		return 0, err
	case cut < stop: // some field had more points than a page holds
		p.span = max(2*(cut-start), int64(time.Millisecond))
		p.cells = slices.DeleteFunc(p.cells, func(c cell) bool { return c.at >= cut })
		return cut, nil
	case len(p.cells) == 0 && stop < end:
		return p.store.firstAfter(ctx, stop, end, p.vin, p.signals)
	case len(p.cells) < p.store.config.PageRows:
		p.span = min(4*p.span, maxSpan)
	}
	return stop, nil
}

// fetch fills p.cells with [start, stop) and returns up to where they are
// complete: stop, or the end of the shortest field that filled its page.
func (p *pager) fetch(ctx context.Context, start, stop int64) (int64, error) {
	p.cells = p.cells[:0]
	limit := p.store.config.PageRows
	query := p.store.from(start, stop, p.vin, p.signals) +
		fmt.Sprintf("  |> limit(n: %d)\n  |> keep(columns: [\"_time\", \"_field\", \"_value\", \"_measurement\", %s])",
			limit, quote(componentTag))
	cut, field, count := stop, "", 0
	err := p.store.query(ctx, query, func(values map[string]any) error {
		at, ok := values["_time"].(time.Time)
		var where place
		where.field, _ = values["_field"].(string)
		where.measurement, _ = values["_measurement"].(string)
		where.component, _ = values[componentTag].(string) // telemetry has none
		if !ok || where.field == "" || where.measurement == "" {
			return errors.New("a record without _time, _field or _measurement")
		}
		name := where.signal()
		value, err := parseValue(values["_value"])
		if err != nil {
			return fmt.Errorf("%s at %s: %w", name, at.UTC().Format(time.RFC3339Nano), err)
		}
		if name != field {
			field, count = name, 0
		}
		if count++; count == limit {
			cut = min(cut, at.UnixNano()+1)
		}
		if at.UnixNano() >= stop { // InfluxDB 1.8 includes the stop of a range
			return nil
		}
		p.cells = append(p.cells, cell{at: at.UnixNano(), field: name, value: value})
		return nil
	})
	return cut, err
}

// yield gives the page out as samples; false when the consumer has left.
func (p *pager) yield(yield func(presage.Sample, error) bool) bool {
	slices.SortFunc(p.cells, func(a, b cell) int { return cmp.Compare(a.at, b.at) })
	for i := 0; i < len(p.cells); {
		at := p.cells[i].at
		p.sample.Readings = p.sample.Readings[:0]
		for ; i < len(p.cells) && p.cells[i].at == at; i++ {
			p.sample.Readings = append(p.sample.Readings,
				presage.Reading{Signal: p.cells[i].field, Value: p.cells[i].value})
		}
		p.sample.VIN, p.sample.Time = p.vin, time.Unix(0, at).UTC()
		if !yield(p.sample, nil) {
			return false
		}
	}
	return true
}

package tsdb

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"presage"
)

// batchVersion is the first byte of a batch.
const batchVersion = 1

// AppendBatch appends samples to b in a form that stands alone: it holds the
// names of its signals, and rows as the package comment describes them. Every
// sample can be kept, those too that no store would take, down to the
// nanosecond; of a signal twice in a sample the last is. DecodeBatch reads it.
func AppendBatch(b []byte, samples []presage.Sample) []byte {
	var names nameTable
	names.reset()
	var rows, row []byte
	var entries []entry
	for _, s := range samples {
		entries = entries[:0]
		for _, r := range s.Readings {
			entries = append(entries, entry{id: names.local(r.Signal), value: r.Value})
		}
		entries = lastOfEach(entries)
		row = appendRow(row[:0], entries)
		rows = appendText(rows, string(s.VIN))
		rows = binary.AppendVarint(rows, s.Time.Unix())
		rows = binary.AppendUvarint(rows, uint64(s.Time.Nanosecond()))
		rows = binary.AppendUvarint(rows, uint64(len(row)))
		rows = append(rows, row...)
	}
	b = append(b, batchVersion)
	b = binary.AppendUvarint(b, uint64(len(names.list)-1))
	for _, name := range names.list[1:] {
		b = appendText(b, name)
	}
	b = binary.AppendUvarint(b, uint64(len(samples)))
	return append(b, rows...)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// local is intern without bounds, for the table of one batch.
func (t *nameTable) local(name string) uint32 {
	id, ok := t.ids[name]
	if !ok {
		id = uint32(len(t.list))
		t.ids[name] = id
		t.list = append(t.list, name)
	}
	return id
}

// DecodeBatch reads what AppendBatch wrote. The samples are the caller's. An
// error wraps ErrCorrupt and names, masked, the vehicle and the time it broke
// at; the samples before it are returned beside it.
func DecodeBatch(b []byte) ([]presage.Sample, error) {
	d := batchDecoder{rest: b}
	if d.byte() != batchVersion {
		return nil, fmt.Errorf("%w: a batch of an unknown version", ErrCorrupt)
	}
	sc := scanner{names: []string{""}}
	for range d.count() {
		sc.names = append(sc.names, string(d.bytes()))
	}
	n := d.count()
	if d.short {
		return nil, fmt.Errorf("%w: a batch that ends before its samples", ErrCorrupt)
	}
	samples := make([]presage.Sample, 0, n)
	for i := range n {
		s := presage.Sample{VIN: presage.VIN(d.bytes())}
		seconds, nanos := d.varint(), d.uvarint()
		row := d.bytes()
		if d.short || nanos >= uint64(time.Second) {
			return samples, fmt.Errorf("%w: a batch of %d samples that ends at sample %d", ErrCorrupt, n, i)
		}
		s.Time = time.Unix(seconds, int64(nanos)).UTC()
		sc.arrays = nil // not reused: the samples are kept together
		if err := sc.decode(row); err != nil {
			return samples, fmt.Errorf("%w: %s at %s: %w", ErrCorrupt, s.VIN.Masked(),
				s.Time.Format("2006-01-02T15:04:05.000Z"), err)
		}
		s.Readings, sc.sample.Readings = sc.sample.Readings, nil
		samples = append(samples, s)
	}
	if len(d.rest) > 0 {
		return samples, fmt.Errorf("%w: %d bytes behind the last sample of a batch", ErrCorrupt, len(d.rest))
	}
	return samples, nil
}

// batchDecoder reads fields until there are too few bytes: short is set then,
// and every field is empty.
type batchDecoder struct {
	rest  []byte
	short bool
}

func (d *batchDecoder) fail() {
	d.rest, d.short = nil, true
}

func (d *batchDecoder) byte() byte {
	if len(d.rest) == 0 {
		d.fail()
		return 0
	}
	c := d.rest[0]
	d.rest = d.rest[1:]
	return c
}

func (d *batchDecoder) uvarint() uint64 {
	x, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return x
}

func (d *batchDecoder) varint() int64 {
	x, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return x
}

// count is how many things follow, of a byte at least each.
func (d *batchDecoder) count() int {
	x := d.uvarint()
	if x > uint64(len(d.rest)) || x > math.MaxInt32 {
		d.fail()
		return 0
	}
	return int(x)
}

func (d *batchDecoder) bytes() []byte {
	n := d.count()
	out := d.rest[:n]
	d.rest = d.rest[n:]
	return out
}

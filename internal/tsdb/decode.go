package tsdb

import (
	"encoding/binary"
	"math"

	"presage"
)

// decoder walks over the readings of one row. It never reads past the row and
// never takes memory that the row's length does not justify.
type decoder struct {
	rest []byte
	id   uint32
	tag  int
	body []byte // payload of the current reading
}

// next moves to the next reading; false at the end of the row.
func (d *decoder) next() (bool, error) {
	if len(d.rest) == 0 {
		return false, nil
	}
	head, n := binary.Uvarint(d.rest)
	if n <= 0 {
		return false, rowError("bad head of the reading after signal %d", d.id)
	}
	delta := head >> tagBits
	if delta == 0 || delta > math.MaxUint32-uint64(d.id) {
		return false, rowError("signal ids do not ascend after %d", d.id)
	}
	d.rest = d.rest[n:]
	d.id += uint32(delta)
	d.tag = int(head & (1<<tagBits - 1))
	size, err := payloadSize(d.rest, d.tag)
	if err != nil {
		return false, err
	}
	d.body, d.rest = d.rest[:size], d.rest[size:]
	return true, nil
}

// payloadSize returns how many bytes of b the payload of a reading with the tag takes.
func payloadSize(b []byte, tag int) (int, error) {
	switch {
	case tag < tagFalse:
		return numbersSize(b, 1, tag)
	case tag == tagFalse, tag == tagTrue:
		return 0, nil
	case tag == tagString:
		length, n := binary.Uvarint(b)
		if n <= 0 || length > uint64(len(b)-n) {
			return 0, rowError("string runs past the end")
		}
		return n + int(length), nil
	case tag == tagArray:
		count, n := binary.Uvarint(b)
		if n <= 0 || n >= len(b) || count > uint64(len(b)-n-1) {
			return 0, rowError("array runs past the end")
		}
		if b[n] >= tagFalse {
			return 0, rowError("array of tag %d", b[n])
		}
		size, err := numbersSize(b[n+1:], int(count), int(b[n]))
		return n + 1 + size, err
	}
	return 0, rowError("unknown tag %d", tag)
}

// numbersSize returns how many bytes count numbers with the tag take.
func numbersSize(b []byte, count, tag int) (int, error) {
	if tag == tagFloat {
		if count > len(b)/8 {
			return 0, rowError("number runs past the end")
		}
		return count * 8, nil
	}
	size := 0
	for range count {
		_, n := binary.Varint(b[size:])
		if n <= 0 {
			return 0, rowError("number runs past the end")
		}
		size += n
	}
	return size, nil
}

// value decodes the current reading. Arrays are appended to *arrays, and text
// is looked up in texts, so that a scan of many rows allocates little.
func (d *decoder) value(arrays *[]float64, texts *textCache) presage.Value {
	switch {
	case d.tag < tagFalse:
		x, _ := number(d.body, d.tag)
		return presage.Number(x)
	case d.tag == tagFalse, d.tag == tagTrue:
		return presage.Bool(d.tag == tagTrue)
	case d.tag == tagString:
		_, n := binary.Uvarint(d.body)
		return presage.String(texts.text(d.body[n:]))
	}
	count, n := binary.Uvarint(d.body)
	tag, body := int(d.body[n]), d.body[n+1:]
	start := len(*arrays)
	for range count {
		x, size := number(body, tag)
		*arrays = append(*arrays, x)
		body = body[size:]
	}
	return presage.Array((*arrays)[start:len(*arrays):len(*arrays)])
}

// number decodes one number whose size was checked, and says how long it was.
func number(b []byte, tag int) (float64, int) {
	if tag == tagFloat {
		return math.Float64frombits(binary.LittleEndian.Uint64(b)), 8
	}
	m, n := binary.Varint(b)
	return float64(m) / power10(tag-tagDecimal), n
}

// textCache gives the same string for the same bytes: the texts of a car are
// the few states of its switches. It forgets all when it is full.
type textCache struct{ seen map[string]string }

const (
	textCacheEntries = 1024
	textCacheLength  = 64 // longer texts are rarely repeated
)

func (c *textCache) text(b []byte) string {
	if len(b) > textCacheLength {
		return string(b)
	}
	if s, ok := c.seen[string(b)]; ok {
		return s
	}
	if c.seen == nil || len(c.seen) >= textCacheEntries {
		c.seen = make(map[string]string)
	}
	s := string(b)
	c.seen[s] = s
	return s
}

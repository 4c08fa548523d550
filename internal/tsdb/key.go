package tsdb

import (
	"encoding/binary"
	"time"

	"presage"
)

// The first byte of a key says what it is.
const (
	formatKey = 'f'
	nameKey   = 'n'
	rowKey    = 'r'
	deadKey   = 'd'
	idKey     = 'i'
	probeKey  = 'p'

	vinLength    = 17
	rowKeyLength = 1 + vinLength + 8
	signBit      = 1 << 63
)

func appendRowKey(b []byte, vin presage.VIN, ms int64) []byte {
	b = append(b, rowKey)
	b = append(b, vin...)
	return binary.BigEndian.AppendUint64(b, uint64(ms)^signBit)
}

// rowTime is the time in a row's key, in Unix milliseconds.
func rowTime(key []byte) int64 {
	return int64(binary.BigEndian.Uint64(key[1+vinLength:]) ^ signBit)
}

func appendNameKey(b []byte, id uint32) []byte {
	return binary.BigEndian.AppendUint32(append(b, nameKey), id)
}

// The times whose milliseconds fit into a key; far past any clock.
const (
	minSeconds = -1 << 52
	maxSeconds = 1 << 52
)

// millis returns t in Unix milliseconds, rounded down; false if it does not fit.
func millis(t time.Time) (int64, bool) {
	s := t.Unix()
	if s < minSeconds || s > maxSeconds {
		return 0, false
	}
	return t.UnixMilli(), true
}

// firstMillis returns the first whole millisecond at or after t, clamped to what a key holds.
func firstMillis(t time.Time) int64 {
	switch s := t.Unix(); {
	case s < minSeconds:
		return minSeconds * 1000
	case s > maxSeconds:
		return maxSeconds * 1000
	}
	ms := t.UnixMilli()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		ms++
	}
	return ms
}

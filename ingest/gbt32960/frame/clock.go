package frame

import (
	"fmt"
	"time"

	"presage"
)

// TimeBytes is the size of a time: year-2000, month, day, hour, minute, second.
const TimeBytes = 6

// Beijing is the zone of every time in a frame: UTC+8 without summer time
// (table 5).
func Beijing() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// Time reads the six bytes at the start of b. The error is an ErrInvalid; an
// instant that no calendar has is one, and so are the bytes 0xFE and 0xFF.
func Time(b []byte) (time.Time, error) {
	if len(b) < TimeBytes {
		return time.Time{}, fmt.Errorf("%w time: %d bytes, want %d", presage.ErrInvalid, len(b), TimeBytes)
	}
	return Date([TimeBytes]int{int(b[0]), int(b[1]), int(b[2]), int(b[3]), int(b[4]), int(b[5])})
}

// Date is Time for the six numbers.
func Date(n [TimeBytes]int) (time.Time, error) {
	t := time.Date(2000+n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, Beijing())
	if n[0] < 0 || n[0] > 99 || int(t.Month()) != n[1] || t.Day() != n[2] || t.Hour() != n[3] ||
		t.Minute() != n[4] || t.Second() != n[5] {
		return time.Time{}, fmt.Errorf("%w time: %02d-%02d-%02d %02d:%02d:%02d", presage.ErrInvalid,
			n[0], n[1], n[2], n[3], n[4], n[5])
	}
	return t.UTC(), nil
}

// Clock writes t as six bytes; the years are 2000-2099.
func Clock(t time.Time) [TimeBytes]byte {
	t = t.In(Beijing())
	return [TimeBytes]byte{
		byte(t.Year() - 2000), byte(t.Month()), byte(t.Day()), byte(t.Hour()), byte(t.Minute()), byte(t.Second()),
	}
}

// Package corpus holds labelled replies, composed for this project: no real
// person's. All answer the offer of Offer; the model of package reply is trained
// on them.
package corpus

import (
	"embed"
	"fmt"
	"time"

	"presage/outreach/reply"
	"presage/outreach/reply/measure"
)

//go:embed *.csv
var sheets embed.FS

// Rows are all replies, English before Chinese.
func Rows() ([]measure.Row, error) {
	var rows []measure.Row
	for _, name := range []string{"en.csv", "zh.csv"} {
		f, err := sheets.Open(name)
		if err != nil {
			return nil, err
		}
		more, err := measure.Read(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// Offer is what the replies answer: three times, told on Friday 27 November 2026.
func Offer() reply.Context {
	return reply.Context{
		Slots: 3,
		Now:   time.Date(2026, time.November, 27, 10, 0, 0, 0, time.UTC),
		Times: []time.Time{
			time.Date(2026, time.November, 30, 9, 0, 0, 0, time.UTC),
			time.Date(2026, time.December, 1, 14, 0, 0, 0, time.UTC),
			time.Date(2026, time.December, 2, 10, 30, 0, 0, time.UTC),
		},
	}
}

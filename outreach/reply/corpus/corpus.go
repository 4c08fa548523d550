// Package corpus holds labelled replies, composed for this project: no real
// person's. All answer the offer of Offer; the model of package reply is trained
// on them. The sheets are by writers who saw neither rules nor corpus; each judged
// what was built before it.
package corpus

import (
	"embed"
	"fmt"
	"time"

	"presage/outreach/reply"
	"presage/outreach/reply/measure"
)

//go:embed *.csv sheets/*.csv
var files embed.FS

// Rows are all replies but those of the sheets: English, Chinese, and a thousand of
// everyday that a writer of our own has made to learn from.
func Rows() ([]measure.Row, error) {
	var rows []measure.Row
	for _, name := range []string{"en.csv", "zh.csv", "everyday.csv"} {
		more, err := read(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// Sheet is what one writer replied.
type Sheet struct {
	Name string
	Rows []measure.Row
}

// Sheets are those of the writers, in the order in which they were read.
func Sheets() ([]Sheet, error) {
	var list []Sheet
	for _, name := range []string{"second", "third", "fourth", "judged", "blind", "sixth", "seventh", "eighth", "ninth"} {
		rows, err := read("sheets/" + name + ".csv")
		if err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].ID = name + "-" + rows[i].ID
		}
		list = append(list, Sheet{name, rows})
	}
	return list, nil
}

// judge tells of a sheet that nothing is learned from, so that it goes on judging.
func judge(sheet string) bool { return sheet == "eighth" || sheet == "ninth" }

// All are the rows to learn from, and those of the sheets but the one of a name.
func All(but string) ([]measure.Row, error) {
	rows, err := Rows()
	if err != nil {
		return nil, err
	}
	sheets, err := Sheets()
	for _, s := range sheets {
		if s.Name != but && !judge(s.Name) {
			rows = append(rows, s.Rows...)
		}
	}
	return rows, err
}

func read(name string) ([]measure.Row, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	rows, err := measure.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
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

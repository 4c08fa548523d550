package web

import (
	"time"

	"presage"
)

// loadRow is a bay or technician in the days of a week.
type loadRow struct {
	gridColumn

	Days []loadCell
}

// loadCell is how much of a day is sold.
type loadCell struct {
	Day    string
	Visits int
	Sold   time.Duration
	Open   time.Duration // 0: nobody works, or the resource is missing
}

// Share is the part of the open time that is sold, at most 1.
func (c loadCell) Share() float64 {
	if c.Open <= 0 {
		return 0
	}
	return min(1, float64(c.Sold)/float64(c.Open))
}

// loads is the week by bay or technician.
func loads(b *boardBody, days []presage.BoardDay) []loadRow {
	var rows []loadRow
	for _, col := range columns(b) {
		row := loadRow{gridColumn: col}
		for _, d := range days {
			cell := loadCell{Day: d.Day}
			for _, s := range d.Open {
				for at := s.From; at.Before(s.To); at = at.Add(quarter) {
					switch block := blockAt(d, col.ID, at); {
					case block == nil:
						cell.Open += quarter
					case block.Source != "":
						cell.Open += quarter
						cell.Sold += quarter
					}
				}
			}
			for _, v := range d.Visits {
				if v.BayID == col.ID || v.TechnicianID == col.ID {
					cell.Visits++
					cell.Sold += soldOn(v.Booking, d)
				}
			}
			row.Visits += cell.Visits
			row.Days = append(row.Days, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// soldOn is the time of a visit on a day.
func soldOn(v presage.Booking, d presage.BoardDay) (sum time.Duration) {
	for _, s := range v.Sold() {
		from, to := s.From, s.To
		if from.Before(d.From) {
			from = d.From
		}
		if to.After(d.To) {
			to = d.To
		}
		sum += max(0, to.Sub(from))
	}
	return sum
}

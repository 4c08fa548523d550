package web

import (
	"time"

	"presage"
)

// slotDay is a day with its free times.
type slotDay struct {
	Day   time.Time
	Slots []presage.Slot
}

func byDay(slots []presage.Slot, zone *time.Location) []slotDay {
	var days []slotDay
	for _, slot := range slots {
		t := slot.Start.In(zone)
		day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
		if len(days) == 0 || !days[len(days)-1].Day.Equal(day) {
			days = append(days, slotDay{Day: day})
		}
		last := &days[len(days)-1]
		last.Slots = append(last.Slots, slot)
	}
	return days
}

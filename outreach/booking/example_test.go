package booking_test

import (
	"fmt"
	"time"

	"presage"
	"presage/outreach/booking"
)

// One bay, taken from nine to ten: an hour's job fits at eight, and from ten on.
func ExampleSlots() {
	at := func(hour int) time.Time { return time.Date(2026, 11, 2, hour, 0, 0, 0, time.UTC) }
	slots, err := booking.Slots(booking.Search{
		Workshop: presage.Workshop{
			ID: "w1", Zone: "UTC", OpenHour: 8, CloseHour: 18, Bays: presage.PlainBays("b1"),
			Technicians: []presage.Technician{{ID: "t1"}},
		},
		Busy: []booking.Busy{{Resource: "b1", Start: at(9), End: at(10)}}, Duration: time.Hour,
		From: at(8), To: at(18), Limit: 2,
	})
	for _, s := range slots {
		fmt.Println(s.Start.Format("15:04"), s.End.Format("15:04"), s.ID == booking.SlotID("w1", s.Start), err)
	}
	// Output:
	// 08:00 09:00 true <nil>
	// 10:00 11:00 true <nil>
}

// Jobs that are named twice are done once.
func ExampleWork() {
	pads := presage.Job{Code: "pads", Minutes: 60, Parts: []presage.PartQuantity{{Part: "BP-F-2041", Quantity: 1}}}
	pack := presage.Job{Code: "pack", Minutes: 240, Skill: "hv"}
	n := booking.Work([]presage.Job{pads, pack, pads})
	fmt.Println(n.Duration, n.Skills, n.Parts)
	// Output: 5h0m0s [hv] [{BP-F-2041 1}]
}

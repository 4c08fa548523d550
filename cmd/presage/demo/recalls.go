package demo

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// recallBefore is how long before the demo goes live its safety recall begins: some cars
// were in by then, others are still asked.
const recallBefore = 4 * 24 * time.Hour

// firstSerial is the serial number of the fleet's first car.
const firstSerial = 100_000

// safetyRecall asks in half of the cars of two models, by their serial numbers.
func safetyRecall(vehicles int) presage.Recall {
	return presage.Recall{
		ID: "DEMO-R1", Title: presage.Text{ZH: "制动软管检查", EN: "Brake hose check"},
		Tell: presage.Text{
			ZH: "前制动软管可能渗漏，制动距离会变长。", EN: "A front brake hose may leak; braking then takes longer.",
		},
		Safety: true, Job: "brake_system_check",
		Ranges: []presage.RecallRange{{
			Make: "Yunhe", Models: []string{"E5", "S7"},
			FromSerial: serial(0), ToSerial: serial((vehicles - 1) / 2),
		}},
	}
}

// serial is positions 12-17 of the VIN of the n-th car.
func serial(n int) string { return fmt.Sprintf("%06d", firstSerial+n) }

// campaignEvery is one car of so many that the campaign's list names.
const campaignEvery = 8

// campaign names its cars one by one, and waits for a visit that they have anyway.
func campaign(fleet []presage.Vehicle) presage.Recall {
	r := presage.Recall{
		ID: "DEMO-C1", Title: presage.Text{ZH: "冷却液检查", EN: "Coolant check"},
		Tell: presage.Text{
			ZH: "部分车辆出厂时冷却液可能偏少。", EN: "Some cars left the works with too little coolant.",
		},
		WithVisit: true, Job: "cooling_system_check",
	}
	for i := 0; i < len(fleet); i += campaignEvery {
		r.VINs = append(r.VINs, fleet[i].VIN)
	}
	return r
}

// planRecalls lets the makers of the demo's cars ask some of them in.
func (d *Demo) planRecalls() {
	at := d.opt.Now.Add(-recallBefore)
	d.people.agenda.add(at, d.recall(safetyRecall(d.opt.Vehicles)))
	d.people.agenda.add(d.start, d.recall(campaign(d.world.Fleet().Vehicles)))
}

// recall takes one in.
func (d *Demo) recall(r presage.Recall) func(context.Context) error {
	return func(ctx context.Context) error { return d.app.Recalls().PutRecall(ctx, r) }
}

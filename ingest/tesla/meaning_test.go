package tesla_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// One value in the forms in which firmware and dispatcher have sent it. The
// forms are those of teslamotors/fleet-telemetry: issue 192 and
// datastore/simple/transformers/payload.go.
func TestOneValueInManyForms(t *testing.T) {
	t.Parallel()
	number := []presage.Reading{{
		Signal: "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current", Value: presage.Number(55.5),
	}}
	place := func(latitude, longitude float64) []presage.Reading {
		return []presage.Reading{
			{Signal: "Vehicle.CurrentLocation.Latitude", Value: presage.Number(latitude)},
			{Signal: "Vehicle.CurrentLocation.Longitude", Value: presage.Number(longitude)},
		}
	}
	tyres := func(on ...string) []presage.Reading {
		var out []presage.Reading
		for _, row := range []string{"Row1", "Row2"} {
			for _, side := range []string{"Left", "Right"} {
				name := low(row, side)
				lit := false
				for _, n := range on {
					lit = lit || n == row+side
				}
				out = append(out, presage.Reading{Signal: name, Value: presage.Bool(lit)})
			}
		}
		return out
	}
	text := func(name, value string) []presage.Reading {
		return []presage.Reading{{Signal: "Tesla." + name, Value: presage.String(value)}}
	}
	for _, tt := range []struct {
		field, payload string
		want           []presage.Reading
	}{
		{"Soc", `55.5`, number},
		{"Soc", `"55.5"`, number},
		{"Soc", `"\"55.5\""`, number},
		{"Soc", `"\"\\\"55.5\\\"\""`, number},
		{"Soc", `{"value":55.5}`, number},
		{"Soc", `{"stringValue":"55.5"}`, number},
		{"Soc", `{"value":{"doubleValue":55.5}}`, number},
		{"Location", `{"latitude":10.25,"longitude":20.5}`, place(10.25, 20.5)},
		{"Location", `"(10.250000 N, 20.500000 E)"`, place(10.25, 20.5)},
		{"Location", `"(10.250000 S, 20.500000 W)"`, place(-10.25, -20.5)},
		{"Location", `"10.25,-20.5"`, place(10.25, -20.5)},
		{"Location", `"\"(10.25 N, 20.5 E)\""`, place(10.25, 20.5)},
		{"Location", `{"locationValue":{"latitude":10.25,"longitude":20.5}}`, place(10.25, 20.5)},
		{"Location", `"{\"latitude\":10.25,\"longitude\":20.5}"`, place(10.25, 20.5)},
		{"TpmsHardWarnings", `{"front_left":true}`, tyres("Row1Left")},
		{"TpmsHardWarnings", `{"FrontLeft":true,"FrontRight":false,"RearLeft":false,"RearRight":false}`, tyres("Row1Left")},
		{"TpmsHardWarnings", `"front_left"`, tyres("Row1Left")},
		{"TpmsHardWarnings", `"FrontLeft|RearRight"`, tyres("Row1Left", "Row2Right")},
		{"TpmsHardWarnings", `"tire_location_value:{front_left:true  rear_left:false}"`, tyres("Row1Left")},
		{"TpmsHardWarnings", `"none"`, tyres()},
		{"TpmsHardWarnings", `{"tireLocation":{"RearLeft":true}}`, tyres("Row2Left")},
		{"TpmsHardWarnings", `{"FrontLeft":false,"SemiMiddleAxleRight":true}`, tyres("Row2Right")},
		{"ScheduledChargingStartTime", `"06:30:00"`, text("ScheduledChargingStartTime", "06:30:00")},
		{"ScheduledChargingStartTime", `{"timeValue":{"hour":6,"minute":30}}`, text("ScheduledChargingStartTime", "06:30:00")},
		{"Gear", `{"shiftStateValue":"ShiftStateD"}`, text("Gear", "ShiftStateD")},
		{"VehicleName", `"\"Blue\""`, text("VehicleName", "Blue")},
		{"VehicleName", `"NaN"`, text("VehicleName", "NaN")}, // a name is a name
		{"VehicleName", `"{Blue}"`, text("VehicleName", "{Blue}")},
	} {
		out, err := decoder(t).Decode(ingest.Message{
			Topic: "telemetry/" + string(vin) + "/v/" + tt.field, Payload: []byte(tt.payload), Received: arrival,
		})
		if err != nil || len(out.Faults) > 0 || len(out.Samples) != 1 {
			t.Errorf("%s %s: %v %+v", tt.field, tt.payload, err, out)
			continue
		}
		if diff := cmp.Diff(tt.want, out.Samples[0].Readings, near); diff != "" {
			t.Errorf("%s %s:\n%s", tt.field, tt.payload, diff)
		}
	}
}

// Doors come as an object or as the names of what is open.
func TestDoors(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{
		`{"DriverFront":true}`, `"DriverFront"`, `{"doorValue":{"DriverFront":true,"TrunkRear":false}}`,
	} {
		out, err := decoder(t).Decode(ingest.Message{
			Topic: "telemetry/" + string(vin) + "/v/DoorState", Payload: []byte(payload), Received: arrival,
		})
		if err != nil || len(out.Samples) != 1 || len(out.Samples[0].Readings) != 6 {
			t.Fatalf("%s: %v %+v", payload, err, out)
		}
		for _, r := range out.Samples[0].Readings {
			if want := r.Signal == "Tesla.DoorState.DriverFront"; !cmp.Equal(r.Value, presage.Bool(want)) {
				t.Errorf("%s: %s is %v", payload, r.Signal, r.Value)
			}
		}
	}
}

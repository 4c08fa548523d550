package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"presage/api/apitest"
)

func (r *rig) putFleet(t *testing.T, body string) answer {
	t.Helper()
	return r.do(t, http.MethodPut, "/v1/fleet", body, "Content-Type", "application/json")
}

// TestRegisterFleet puts one of each.
func TestRegisterFleet(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	newVIN := string(apitest.VIN(999999))
	a := r.putFleet(t, `{
		"customers":[{"id":"c-new","name":"Wu","lang":"zh","phone":"+8613800138000","zone":"Asia/Shanghai","consent":
			{"push":true,"sms":true,"call":false,"changed_at":"2026-01-01T00:00:00Z","source":"contract"}}],
		"depots":[{"id":"d-new","name":{"zh":"仓","en":"Depot"},"region":"west"}],
		"workshops":[`+workshopJSON("w-new", "d-new", "b-new", "t-new", "[0,6]")+`],
		"stock":[{"depot_id":"d-new","part":"BP-F-2041","on_hand":4,"reserved":0,"on_order":0}],
		"vehicles":[{"vin":"`+newVIN+`","powertrain":"bev","customer_id":"c-new","workshop_id":"w-new"}]}`)
	want(t, a, http.StatusOK)
	want(t, r.get(t, "/v1/vehicles/"+newVIN), http.StatusOK)
	if r.world.Puts != 1 {
		t.Errorf("stored %d times, want once", r.world.Puts)
	}
}

func workshopJSON(id, depot, bay, technician, closed string) string {
	return fmt.Sprintf(`{"id":%q,"name":{"zh":"","en":""},"address":{"zh":"","en":""},"zone":"Asia/Shanghai","depot_id":%q,
		"open_hour":8,"close_hour":18,"closed_on":%s,"bays":[%q],"technicians":[{"id":%q,"name":"t","skills":[]}]}`,
		id, depot, closed, bay, technician)
}

func customerJSON(id, name, zone, changed string) string {
	return fmt.Sprintf(`{"id":"%s","name":"%s","lang":"en","zone":%q,"consent":
		{"push":true,"sms":true,"call":false,"changed_at":%q,"source":"contract"}}`, id, name, zone, changed)
}

// Every fault is named by its place, those of the schema beside ours, and
// nothing is stored.
func TestFleetFaultsAllAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	past := "2026-01-01T00:00:00Z"
	customers := []string{
		customerJSON("c1", "x", "Mars/Olympus", past),
		customerJSON(`a\u0000b`, "x", "Asia/Shanghai", past),
		customerJSON(`a\nb`, `x\u0000y`, "Local", "2999-01-01T00:00:00Z"),
		customerJSON("c1", strings.Repeat("x", 201), "Asia/Shanghai", "1889-01-01T00:00:00Z"),
		strings.Replace(customerJSON("c5", "x", "Asia/Shanghai", past), `"lang":"en"`, `"lang":"fr"`, 1),
	}
	workshops := []string{
		workshopJSON("w\t1", "nowhere", "b1", "b1", "[9]"),
		workshopJSON("w2", "d-east", "w-1-b1", "t2", "[0,1,2,3,4,5,6]"),
		strings.Replace(workshopJSON("w3", "d-east", "b3", "t3", "[]"), `"skills":[]`, `"skills":["basketry"]`, 1),
		strings.Replace(workshopJSON("w4", "d-east", "b4", "t4", "[]"), `["b4"]`, `["b4","b4"]`, 1),
		strings.Replace(workshopJSON("w5", "d-east", "b5", "t5", "[]"), `"bays"`, `"closures":[{"from":"2026-12-24"},{"from":"24.12."}],
			"absences":[{"resource":"b5","from":"2026-12-24","to":"2026-12-23"},{"resource":"b1","from":"2026-12-24"}],"bays"`, 1),
	}
	vehicles := []string{
		`{"vin":"SHORT","powertrain":"bev"}`,
		fmt.Sprintf(`{"vin":%q,"powertrain":"bev","in_service":"2999-01-01T00:00:00Z","customer_id":"nobody"}`, apitest.VIN(1)),
		fmt.Sprintf(`{"vin":%q,"powertrain":"steam","workshop_id":"nowhere","model_year":2099}`, apitest.VIN(2)),
		fmt.Sprintf(`{"vin":%q,"powertrain":"bev","in_service":"yesterday"}`, apitest.VIN(3)),
		fmt.Sprintf(`{"vin":%q,"powertrain":"bev","make":"a\u2028b"}`, apitest.VIN(4)),
		fmt.Sprintf(`{"vin":%q,"powertrain":"bev"}`, apitest.VIN(1)),
	}
	stock := []string{
		`{"depot_id":"d","part":"NOPE","on_hand":-4,"reserved":0,"on_order":0}`,
		`{"depot_id":"d-east","part":"BP-F-2041","on_hand":9223372036854775807,"reserved":0,"on_order":0}`,
		`{"depot_id":"d-east","part":"BP-F-2041","on_hand":1,"reserved":0,"on_order":1}`,
		`{"depot_id":"d-south","part":"BP-F-2041","on_hand":1,"reserved":0,"on_order":9223372036854775808}`,
	}
	a := r.putFleet(t, fmt.Sprintf(`{"customers":[%s],"workshops":[%s],"vehicles":[%s],"stock":[%s],
		"depots":[{"id":"d\u0000x","name":{"zh":"a\rb","en":"a"},"region":"r"}],"extra":1}`,
		strings.Join(customers, ","), strings.Join(workshops, ","), strings.Join(vehicles, ","), strings.Join(stock, ",")))
	want(t, a, http.StatusUnprocessableEntity)
	for _, place := range []string{
		"customers[0].zone", "customers[1].id", "customers[2].id", "customers[2].name", "customers[2].zone",
		"customers[2].consent.changed_at", "customers[3].id", "customers[3].name", "customers[3].consent.changed_at",
		"customers[4].lang", "workshops[0].id", "workshops[0].depot_id", "workshops[0].technicians[0].id",
		"workshops[0].closed_on", "workshops[1].bays[0]", "workshops[1].closed_on", "workshops[2].technicians[0].skills[0]",
		"workshops[3].bays[1]", "workshops[4].closures[1]", "workshops[4].absences[0]", "workshops[4].absences[1].resource", "vehicles[0].vin", "vehicles[1].in_service", "vehicles[1].customer_id",
		"vehicles[2].powertrain", "vehicles[2].workshop_id", "vehicles[2].model_year", "vehicles[3].in_service",
		"vehicles[4].make", "vehicles[5].vin", "stock[0].depot_id", "stock[0].part", "stock[0].on_hand",
		"stock[1].on_hand", "stock[2]", "stock[3].on_order", "depots[0].id", "depots[0].name.zh", "extra",
	} {
		if !strings.Contains(a.body, `"body.`+place+`"`) {
			t.Errorf("%s is not named", place)
		}
	}
	if r.world.Puts != 0 {
		t.Error("something was stored")
	}
	if t.Failed() {
		t.Log(a.body)
	}
}

func TestFleetUnreadable(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	want(t, r.putFleet(t, `{"vehicles":[`), http.StatusBadRequest)
	for _, body := range []string{`[]`, `"x"`, `null`, `{"vehicles":{}}`, `{"vehicles":["x"]}`, `{"vehicles":[null]}`} {
		want(t, r.putFleet(t, body), http.StatusUnprocessableEntity)
	}
	many := strings.TrimSuffix(strings.Repeat(`{"vin":"x","powertrain":"bev"},`, 500), ",")
	a := r.putFleet(t, `{"vehicles":[`+many+`]}`)
	want(t, a, http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "and 300 faults more") {
		t.Errorf("%d bytes of faults", len(a.body))
	}
}

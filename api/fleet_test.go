package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage/api/apitest"
)

// TestRegisterFleet puts one of each and asks for all faults of a bad one.
func TestRegisterFleet(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	newVIN := string(apitest.VIN(999999))
	a := r.do(t, http.MethodPut, "/v1/fleet", `{
		"customers":[{"id":"c-new","name":"Wu","lang":"zh","phone":"+8613800138000","zone":"Asia/Shanghai","consent":
			{"push":true,"sms":true,"call":false,"changed_at":"2026-01-01T00:00:00Z","source":"contract"}}],
		"vehicles":[{"vin":"`+newVIN+`","powertrain":"bev","customer_id":"c-new"}]}`, "Content-Type", "application/json")
	want(t, a, http.StatusOK)
	want(t, r.get(t, "/v1/vehicles/"+newVIN), http.StatusOK)

	a = r.do(t, http.MethodPut, "/v1/fleet", `{
		"customers":[{"id":"c","name":"x","lang":"en","zone":"Mars/Olympus","consent":
			{"push":true,"sms":true,"call":false,"changed_at":"2026-01-01T00:00:00Z","source":"contract"}}],
		"workshops":[{"id":"w","name":{"zh":"","en":""},"address":{"zh":"","en":""},"zone":"Asia/Shanghai","depot_id":"d",
			"open_hour":8,"close_hour":18,"closed_on":[9],"bays":["b"],
			"technicians":[{"id":"t","name":"t","skills":["basketry"]}]}],
		"stock":[{"depot_id":"d","part":"NOPE","on_hand":-4,"reserved":0,"on_order":0}],
		"vehicles":[{"vin":"SHORT","powertrain":"bev"}]}`, "Content-Type", "application/json")
	want(t, a, http.StatusUnprocessableEntity)
	for _, fault := range []string{"vehicles[0]", "customers[0].zone", "basketry", "closed_on", "NOPE", "on_hand -4"} {
		if !strings.Contains(a.body, fault) {
			t.Errorf("%s is not named: %s", fault, a.body)
		}
	}
}

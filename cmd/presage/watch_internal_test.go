package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
)

// From the wire to the customer: insulation that stays below the limit of
// GB 18384 opens one case at once, and ends it by itself when it is well again.
// 20 kOhm at 350 V are 57 ohm/V, below 100; 900 kOhm are 2571, above 150.
func TestInsulationLostOpensACaseAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, embedded(t).args...)
	registerFleet(s)
	car, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{Broker: s.broker, VIN: wearing})
	if err != nil {
		t.Fatal(err)
	}
	defer car.Close()
	now := time.Now().Add(-15 * time.Minute)
	publish := func(after time.Duration, kiloOhm float64) {
		t.Helper()
		payload := fmt.Sprintf(`{"ts":%d,"signals":{%q:%g,%q:350}}`, now.Add(after).UnixMilli(),
			presage.SignalInsulation, kiloOhm, presage.SignalPackVoltage)
		if err := car.Publish(t.Context(), ingest.TelemetryTopic(wearing), []byte(payload)); err != nil {
			t.Fatal(err)
		}
	}
	for _, after := range []time.Duration{0, 10 * time.Second, 20 * time.Second, 30 * time.Second} {
		publish(after, 20)
	}
	c := until(s, "/v1/cases?vin="+string(wearing), "a case is opened within seconds",
		func(c presage.Case) bool { return c.State == presage.CaseOffered })
	if c.Severity != presage.Safety || len(c.Components) != 1 || c.Components[0] != presage.HVBattery {
		t.Errorf("case of %s about %v", c.Severity, c.Components)
	}
	m := until(s, "/v1/messages?case="+c.ID, "the customer is told at once, at any hour",
		func(m presage.Message) bool { return m.State == presage.MessageSent })
	if !strings.Contains(m.Body, "高压系统绝缘电阻低于安全限值") {
		t.Errorf("the message reads: %s", m.Body)
	}
	a := until(s, "/v1/alerts?vin="+string(wearing), "the alert is listed", func(presage.Alert) bool { return true })
	if a.Rule != "insulation_lost" || a.Stale {
		t.Errorf("alert %s, stale %v", a.Rule, a.Stale)
	}
	health := get[struct{ Alerts []presage.Alert }](s, "/v1/vehicles/"+string(wearing)+"/health")
	if len(health.Alerts) != 1 {
		t.Errorf("health lists %d alerts", len(health.Alerts))
	}
	publish(time.Minute, 900)
	publish(12*time.Minute, 900)
	until(s, "/v1/cases?vin="+string(wearing), "the case ends by itself",
		func(x presage.Case) bool { return x.ID == c.ID && x.State == presage.CaseResolvedElsewhere })
	if n := len(get[struct{ Items []presage.Case }](s, "/v1/cases?vin="+string(wearing)).Items); n != 1 {
		t.Errorf("%d cases, want 1", n)
	}
	for _, name := range []string{
		`presage_watch_firing{rule="insulation_lost"} 0`,
		`presage_watch_transitions_total{rule="insulation_lost",to="firing"} 1`,
	} {
		metrics := ""
		s.eventually("in the metrics: "+name, func() bool {
			metrics = pageText(s, "/metrics")
			return strings.Contains(metrics, name)
		}, func() string { return metrics })
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
}

//go:build integration

package main

import (
	"net/http"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"presage/internal/mosquittotest"
)

// A command that is posted reaches the vehicle by an external broker, as it is.
func TestCommandReachesAVehicleThroughMosquitto(t *testing.T) {
	t.Parallel()
	broker := mosquittotest.Start(t)
	s := serve(t, "--data", t.TempDir(), "--set", "mqtt.broker="+broker, "--set", "mqtt.client_id=presage-forwarding")
	send[any](s, http.MethodPut, "/v1/fleet", map[string]any{
		"vehicles": []any{map[string]any{"vin": string(realSeat), "powertrain": "ice"}},
	})
	checkCommand(s, broker)
}

// checkCommand wants a command to reach a vehicle that stands at an external broker.
func checkCommand(s *service, broker string) {
	s.tb.Helper()
	t := s.tb
	got := make(chan string, 10)
	o := paho.NewClientOptions().AddBroker(broker).SetClientID("car").SetUsername(string(realSeat))
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { got <- string(m.Payload()) })
	car := paho.NewClient(o)
	if token := car.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	t.Cleanup(func() { car.Disconnect(0) })
	if token := car.Subscribe("presage/v1/"+string(realSeat)+"/command", 1, nil); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	path := "/v1/vehicles/" + string(realSeat) + "/commands"
	type command struct {
		ID    int64  `json:"id"`
		State string `json:"state"`
	}
	put := send[command](s, http.MethodPost, path, map[string]any{"payload": map[string]int{"horn": 2}, "expires_in": "10m"})
	select {
	case payload := <-got:
		if payload != `{"horn":2}` {
			t.Errorf("the vehicle got %s", payload)
		}
	case <-time.After(patience):
		t.Fatal("the vehicle got nothing")
	}
	until(s, path+"?state=done", "the command is done", func(c command) bool { return c == command{put.ID, "done"} })
}

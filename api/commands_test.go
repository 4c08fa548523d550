package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api"
	"presage/api/apitest"
)

type commandRow struct {
	ID        int64           `json:"id"`
	State     string          `json:"state"`
	Payload   json.RawMessage `json:"payload"`
	Retain    bool            `json:"retain"`
	ExpiresAt *time.Time      `json:"expires_at"`
	DoneAt    *time.Time      `json:"done_at"`
}

// commandDesk sends commands to the rig's first vehicle and hears of each.
func commandDesk(t *testing.T) (r *rig, path string, notified *[]presage.VIN, put func(string, int) answer) {
	t.Helper()
	notified = &[]presage.VIN{}
	r = start(t, func(_ *api.Config, d *api.Deps) {
		d.REST.Notify = func(vin presage.VIN) { *notified = append(*notified, vin) }
	})
	path = "/v1/vehicles/" + vin() + "/commands"
	return r, path, notified, func(body string, status int) answer {
		t.Helper()
		a := r.do(t, http.MethodPost, path, body, "Content-Type", "application/json")
		want(t, a, status)
		return a
	}
}

func read[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatal(err, a.body)
	}
	return v
}

func TestCommandsAreListedAndWithdrawn(t *testing.T) {
	t.Parallel()
	r, path, notified, put := commandDesk(t)
	// The payload goes out as it came in, whatever its shape; spaces and order too.
	for i, payload := range []string{`{"b": 1,  "a": [1.50, 12345678901234567890]}`, `null`, `"flash"`, `7`, `[]`} {
		c := read[commandRow](t, put(`{"payload":`+payload+`}`, http.StatusCreated))
		stored := decode[list[commandRow]](t, r.get(t, path+"?limit=1")).Items[0]
		if c.ID != int64(i+1) || c.State != "open" || stored.ID != c.ID || c.ExpiresAt != nil || c.DoneAt != nil {
			t.Errorf("%s: %+v, %+v", payload, c, stored)
		}
		if kept := r.world.Payload(c.ID); kept != payload {
			t.Errorf("%s became %s", payload, kept)
		}
	}
	if len(*notified) != 5 || (*notified)[0] != presage.VIN(vin()) {
		t.Errorf("notified of %v", *notified)
	}
	for text, life := range map[string]time.Duration{`"90m"`: 90 * time.Minute, `1.5`: 1500 * time.Millisecond} {
		c := read[commandRow](t, put(`{"payload":{},"expires_in":`+text+`,"retain":true,"by":"li"}`, http.StatusCreated))
		if c.ExpiresAt == nil || !c.ExpiresAt.Equal(now().Add(life)) || !c.Retain {
			t.Errorf("%s: %+v", text, c)
		}
	}

	r.world.Acknowledge(2)
	for query, ids := range map[string][]int64{
		"": {7, 6, 5, 4, 3, 2, 1}, "?state=done": {2}, "?state=expired": {}, "?state=open&before=4": {3, 1},
	} {
		got := []int64{}
		for _, c := range decode[list[commandRow]](t, r.get(t, path+query)).Items {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, ids) {
			t.Errorf("%q: %v, want %v", query, got, ids)
		}
	}
	if first := decode[list[commandRow]](t, r.get(t, path+"?limit=3")); first.Next != "5" {
		t.Errorf("next is %q", first.Next)
	}
	for id, status := range map[string]int{"1": 204, "2": 409, "99": 404, "0": 422, "x": 422} {
		want(t, r.do(t, http.MethodDelete, path+"/"+id, ""), status)
	}
	want(t, r.do(t, http.MethodDelete, path+"/1", ""), http.StatusNotFound)
}

func TestCommandFaultsAreNamed(t *testing.T) {
	t.Parallel()
	r, path, notified, put := commandDesk(t)
	for body, field := range map[string]string{
		`{}`:                                                                   "payload",
		`{"payload":{},"expires_in":"1h "}`:                                    "expires_in",
		`{"payload":{},"expires_in":"999ms"}`:                                  "expires_in",
		`{"payload":{},"expires_in":"8761h"}`:                                  "expires_in",
		`{"payload":{},"expires_in":0}`:                                        "expires_in",
		`{"payload":{},"expires_in":-5}`:                                       "expires_in",
		`{"payload":{},"expires_in":1e300}`:                                    "expires_in",
		`{"payload":{},"expires_in":{}}`:                                       "expires_in",
		`{"payload":{},"by":"` + strings.Repeat("x", 65) + `"}`:                "by",
		`{"payload":"` + strings.Repeat("x", presage.MaxCommandBytes-1) + `"}`: "payload",
		`{"payload":{},"retained":true}`:                                       "retained",
	} {
		if a := put(body, 422); !strings.Contains(a.body, field) {
			t.Errorf("%.60s: %s", body, a.body)
		}
	}
	put(`{"payload":"`+strings.Repeat("x", presage.MaxCommandBytes-2)+`"}`, http.StatusCreated)
	put(`{"payload":"`+strings.Repeat("x", presage.MaxCommandBytes+5000)+`"}`, http.StatusRequestEntityTooLarge)
	if len(*notified) != 1 {
		t.Errorf("notified %d times of one command", len(*notified))
	}
	stranger := strings.Replace(path, vin(), string(apitest.VIN(777777)), 1)
	want(t, r.get(t, stranger), http.StatusNotFound)
	want(t, r.do(t, http.MethodPost, stranger, `{"payload":1}`, "Content-Type", "application/json"), http.StatusNotFound)
	want(t, r.get(t, strings.Replace(path, vin(), "nonsense", 1)), 422)
	want(t, r.get(t, path+"?state=half"), 422)
	want(t, r.get(t, path+"?limit="+strconv.Itoa(101)), 422)
}

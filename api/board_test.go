package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
)

// firstVisit is a confirmed visit to come, at workshop w-1.
func firstVisit(t *testing.T, r *rig) presage.Booking {
	t.Helper()
	b := decode[presage.Board](t, r.get(t, "/v1/workshops/w-1/board"))
	for _, v := range b.Days[0].Visits {
		if v.State == presage.BookingConfirmed && v.Start.After(now()) {
			return v.Booking
		}
	}
	t.Fatal("no visit is to come")
	return presage.Booking{}
}

// made reads what was created.
func made[T any](t *testing.T, a answer) T {
	t.Helper()
	want(t, a, http.StatusCreated)
	var x T
	if err := json.Unmarshal([]byte(a.body), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestBoard(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := decode[presage.Board](t, r.get(t, "/v1/workshops/w-1/board?day=2026-11-21&days=2"))
	if len(b.Days) != 2 || b.Zone != "Asia/Shanghai" || len(b.Days[0].Visits) == 0 || len(b.Days[1].Open) != 1 {
		t.Fatalf("the board is %+v", b)
	}
	if from := b.Days[0].Open[0].From; !from.Equal(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("it opens at %s, want 08:00 in Shanghai", from)
	}
	want(t, r.get(t, "/v1/workshops/none/board"), http.StatusNotFound)
	for _, query := range []string{"day=tomorrow", "days=0", "days=32", "day=1200-01-01"} {
		want(t, r.get(t, "/v1/workshops/w-1/board?"+query), http.StatusUnprocessableEntity)
	}
}

func TestMoveOnTheBoard(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	v := firstVisit(t, r)
	move := func(id, body string) answer { return r.json(t, "/v1/bookings/"+id+"/move", body) }
	got := decode[presage.Booking](t, move(v.ID, `{"start": "2026-11-24T01:15:00Z", "bay_id": "w-1-b3", "who": " Mia "}`))
	if got.ID == v.ID || got.BayID != "w-1-b3" || got.Sequence <= v.Sequence || r.world.Moves[0].Who != "Mia" {
		t.Errorf("moved to %+v by %+v", got, r.world.Moves)
	}
	want(t, move(v.ID, `{"bay_id": "w-1-b2", "who": "Mia"}`), http.StatusConflict)
	want(t, move("none", `{"who": "Mia"}`), http.StatusNotFound)
	bad := move(got.ID, `{"start": "2026-11-24T01:20:00Z", "bay_id": "w-2-b1", "technician_id": "x", "who": "Mia"}`)
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{"start", "bay_id", "technician_id"} {
		if !strings.Contains(bad.body, field) {
			t.Errorf("%s is not named: %s", field, bad.body)
		}
	}
	want(t, move(got.ID, `{"bay_id": "w-1-b2"}`), http.StatusUnprocessableEntity)
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	v := firstVisit(t, r)
	block := func(body string) answer { return r.json(t, "/v1/workshops/w-1/blocks", body) }
	day := v.Start.In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	met := block(`{"resource": "` + v.BayID + `", "from": "` + day + `", "note": "Lift is serviced", "who": "Mia"}`)
	want(t, met, http.StatusConflict)
	if !strings.Contains(met.body, v.ID) {
		t.Errorf("the visit in the way is not named: %s", met.body)
	}
	want(t, block(`{"from": "2026-12-24", "to": "2026-12-23", "resource": "nobody", "who": "Mia"}`), http.StatusUnprocessableEntity)
	want(t, block(`{"from": "2026-12-24"}`), http.StatusUnprocessableEntity)
	a := block(`{"from": "2026-12-24T13:00", "note": "Christmas", "who": "Mia"}`)
	done := made[presage.Blocked](t, a)
	b := decode[presage.Board](t, r.get(t, "/v1/workshops/w-1/board?day=2026-12-24"))
	if len(b.Days[0].Shut) != 1 || b.Days[0].Shut[0].ID != done.ID || !b.Days[0].Open[0].To.Equal(done.From) {
		t.Errorf("the day of the block is %+v", b.Days[0])
	}
	path := "/v1/workshops/w-1/blocks/" + done.ID
	want(t, r.do(t, http.MethodDelete, path, ""), http.StatusNoContent)
	want(t, r.do(t, http.MethodDelete, path, ""), http.StatusNotFound)
	named := made[presage.Blocked](t, block(`{"from": "2026-12-24T14:00", "who": "Mia"}`))
	want(t, r.do(t, http.MethodDelete, "/v1/workshops/w-1/blocks/"+named.ID+"?who=Zhao+Min", ""), http.StatusNoContent)
	b = decode[presage.Board](t, r.get(t, "/v1/workshops/w-1/board?day=2026-12-24"))
	var by []string
	for _, x := range b.Days[0].TakenBack {
		by = append(by, x.Who)
	}
	if !slices.Equal(by, []string{presage.AdminID, "Zhao Min"}) { // whose key it is, and whom the request names
		t.Errorf("the blocks were taken back by %q", by)
	}

	sick := r.json(t, "/v1/workshops/w-1/sick", `{"technician_id": "`+v.TechnicianID+`", "who": "Mia"}`)
	if got := made[presage.Blocked](t, sick); len(got.Affected) == 0 || got.Resource != v.TechnicianID {
		t.Errorf("sick: %+v", got)
	}
	want(t, r.json(t, "/v1/workshops/w-1/sick", `{"technician_id": "w-2-t1", "who": "Mia"}`), http.StatusUnprocessableEntity)
}

package presage_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
)

func TestReadWeek(t *testing.T) {
	t.Parallel()
	week, err := presage.ReadWeek("week", []presage.WeekHours{
		{Days: []time.Weekday{1, 2}, From: "13:00", To: "24:00"},
		{Days: []time.Weekday{1}, From: "08:15", To: "12:00"},
		{Days: []time.Weekday{2}, From: "12:00", To: "13:00"},
	})
	const h = time.Hour
	want := presage.Week{1: {{8*h + h/4, 12 * h}, {13 * h, 24 * h}}, 2: {{12 * h, 24 * h}}}
	if diff := cmp.Diff(want, week); diff != "" || err != nil {
		t.Errorf("%v, (-want +got):\n%s", err, diff)
	}
	_, err = presage.ReadWeek("week", []presage.WeekHours{
		{Days: []time.Weekday{7}, From: "8:00", To: "12:10"},
		{From: "12:00", To: "12:00"},
		{Days: []time.Weekday{1, 1}, From: "08:00", To: "25:00"},
	})
	for _, fault := range []string{
		"week[0].from", "week[0].to", "week[0].days: invalid: day 7", "week[1].to: invalid: 12:00 is not after",
		"week[1].days", "week[2].days: invalid: day 1 is named twice", "week[2].to",
	} {
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), fault) {
			t.Errorf("%q is not named by\n%v", fault, err)
		}
	}
	_, err = presage.ReadWeek("week", []presage.WeekHours{
		{Days: []time.Weekday{1, 2}, From: "08:00", To: "12:00"}, {Days: []time.Weekday{2}, From: "11:45", To: "13:00"},
	})
	if err == nil || !strings.Contains(err.Error(), "day 2: hours overlap at 11:45") || strings.Contains(err.Error(), "day 1") {
		t.Errorf("overlapping hours: %v", err)
	}
}

// A bay without kinds is written as it always was.
func TestBayInJSON(t *testing.T) {
	t.Parallel()
	const text = `["b1",{"id":"b2","kinds":["hv","lift"]},{"id":"v","kinds":["van"],"radius_km":25}]`
	var bays []presage.Bay
	if err := json.Unmarshal([]byte(text), &bays); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(bays)
	if err != nil || string(back) != text || bays[0].ID != "b1" || !bays[2].Van() {
		t.Errorf("%s %v", back, err)
	}
}

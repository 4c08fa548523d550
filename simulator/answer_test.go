package simulator_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/simulator"
)

func TestAnswersAreHumanAndRepeatable(t *testing.T) {
	t.Parallel()
	w := world(t, 200, 1, nil)
	other := world(t, 200, 1, nil)
	live(other, summer.AddDate(0, 0, 1)) // what happens meanwhile does not matter
	at := summer.Add(10 * time.Hour)
	var slots []presage.Slot
	for d := 1; d < 10; d++ {
		for _, h := range []int{2, 6, 9, 10} { // 10, 14, 17 and 18 o'clock in China
			start := summer.AddDate(0, 0, d).Add(time.Duration(h) * time.Hour)
			slots = append(slots, presage.Slot{ID: fmt.Sprintf("s%d-%d", d, h), Start: start, End: start.Add(time.Hour)})
		}
	}
	count := make(map[bool]map[simulator.AnswerKind]int)
	delays := make(map[bool]time.Duration)
	hours := make(map[int]int)
	for _, safety := range []bool{false, true} {
		count[safety] = make(map[simulator.AnswerKind]int)
		for i, c := range w.Fleet().Customers {
			zone, err := time.LoadLocation(c.Zone)
			if err != nil {
				t.Fatal(err)
			}
			m := presage.Message{Key: fmt.Sprint("m", i), CustomerID: c.ID, Kind: "offer", Channel: presage.ChannelSMS, Safety: safety}
			a := w.Answer(m, slots, at)
			if b := other.Answer(m, slots, at); a != b {
				t.Fatalf("%+v, then %+v", a, b)
			}
			count[safety][a.Kind]++
			if a.Kind == simulator.AnswerIgnore {
				if a.After != 0 || a.SlotID != "" {
					t.Errorf("ignored: %+v", a)
				}
				continue
			}
			if h := at.Add(a.After).In(zone).Hour(); h < 7 || h >= 23 || a.After < time.Minute || a.After > 5*24*time.Hour {
				t.Errorf("answer after %v, at %d o'clock", a.After, h)
			}
			delays[safety] += a.After
			if (a.Kind == simulator.AnswerBook) != (a.SlotID != "") || (a.Kind == simulator.AnswerBook && !a.Opened) {
				t.Errorf("%+v", a)
			}
			for _, s := range slots {
				if s.ID == a.SlotID && c.Zone == "Asia/Shanghai" {
					hours[s.Start.In(zone).Hour()]++
					if s.Start.Before(at.Add(a.After)) {
						t.Errorf("booked %v after it began", s.Start)
					}
				}
			}
		}
	}
	n := len(w.Fleet().Customers)
	for _, safety := range []bool{false, true} {
		c := count[safety]
		if c[simulator.AnswerBook] < n/4 || c[simulator.AnswerIgnore] < n/20 || c[simulator.AnswerDecline] == 0 ||
			c[simulator.AnswerCall] == 0 || c[simulator.AnswerStop] > n/20 {
			t.Errorf("safety %v: %v", safety, c)
		}
	}
	if count[true][simulator.AnswerBook] <= count[false][simulator.AnswerBook] || delays[true] >= 2*delays[false] {
		t.Errorf("danger moves nobody: %v, delays %v", count, delays)
	}
	if hours[17]+hours[18] < 2*(hours[10]+hours[14]) {
		t.Errorf("hours booked %v: most should be after work", hours)
	}
}

func TestAnswersThatCannotBook(t *testing.T) {
	t.Parallel()
	w := world(t, 50, 1, nil)
	for i, c := range w.Fleet().Customers {
		m := presage.Message{Key: fmt.Sprint(i), CustomerID: c.ID, Kind: "offer"}
		if a := w.Answer(m, nil, summer); a.Kind == simulator.AnswerBook {
			t.Errorf("booked without a slot: %+v", a)
		}
		m.Kind = "confirmation"
		if a := w.Answer(m, nil, summer); a.Kind != simulator.AnswerIgnore {
			t.Errorf("answered a confirmation: %+v", a)
		}
	}
	if a := w.Answer(presage.Message{Kind: "offer", CustomerID: "nobody"}, nil, summer); a.Kind != simulator.AnswerIgnore {
		t.Errorf("a stranger answered: %+v", a)
	}
}

package outreach_test

import (
	"testing"
	"time"

	"presage"
)

// withNeighbours gives the world's workshop a place and puts others around it:
// w2 near, w3 of another make, w4 in another city.
func withNeighbours(w *world) {
	w.t.Helper()
	all, err := w.store.Workshops(w.ctx())
	w.do(err)
	home := all[0]
	home.Place = &presage.Place{Lat: 31.23, Lon: 121.54}
	near := presage.Workshop{
		ID: "w2", Name: presage.Text{ZH: "徐汇店", EN: "Xuhui"}, Zone: "Asia/Shanghai", DepotID: "d2", OpenHour: 12,
		CloseHour: 20, Bays: presage.PlainBays("b2"), Technicians: []presage.Technician{{ID: "t2"}},
		Place:  &presage.Place{Lat: 31.19, Lon: 121.44},
		Prices: map[string]presage.Money{"battery_12v_replace": {Minor: 8900, Currency: "EUR"}},
	}
	other, far := near, near
	other.ID, other.Brands, other.Bays, other.Technicians = "w3", []string{"Lumen"}, presage.PlainBays("b3"), []presage.Technician{{ID: "t3"}}
	far.ID, far.Place = "w4", &presage.Place{Lat: 30.27, Lon: 120.15} // Hangzhou
	far.Bays, far.Technicians = presage.PlainBays("b4"), []presage.Technician{{ID: "t4"}}
	w.do(w.store.PutDepots(w.ctx(), []presage.Depot{{ID: "d2"}}))
	w.do(w.store.PutWorkshops(w.ctx(), []presage.Workshop{home, near, other, far}))
}

func TestAnyFreeDayCanBeBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	token := w.token()
	free := 0
	for _, month := range []string{"2026-11", "2026-12", "2027-01"} {
		m, err := w.s.OfferDays(w.ctx(), token, "", month)
		w.do(err)
		for _, d := range m.Days {
			times, err := w.s.OfferTimes(w.ctx(), token, "", d.Day)
			w.do(err)
			if (d.State == presage.DayFree) != (len(times) > 0) {
				t.Fatalf("%s is %s and has %d times", d.Day, d.State, len(times))
			}
			if len(times) == 0 {
				continue
			}
			free++
			b, err := w.s.Book(w.ctx(), token, times[len(times)/2].ID, "link")
			w.do(err)
			if !b.Start.Equal(times[len(times)/2].Start) {
				t.Fatalf("booked %s, want %s", b.Start, times[len(times)/2].Start)
			}
		}
	}
	if free < 15 {
		t.Errorf("%d days could be chosen, want three weeks of six days", free)
	}
	_, err := w.s.OfferDays(w.ctx(), token, "", "2026-13")
	w.wantErr(err, presage.ErrInvalid)
	_, err = w.s.OfferTimes(w.ctx(), token, "", "soon")
	w.wantErr(err, presage.ErrInvalid)
	_, err = w.s.OfferDays(w.ctx(), token[:20]+"A"+token[21:], "", "2026-12")
	w.wantErr(err, presage.ErrForbidden)
}

func TestVisitAtAnotherCentre(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	withNeighbours(w)
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	token := w.token()
	v, err := w.s.OfferByToken(w.ctx(), token)
	w.do(err)
	// 31.23, 121.54 to 31.19, 121.44 is 10.5 km: 4.45 km north and 9.51 km east.
	if len(v.Nearby) != 1 || v.Nearby[0].ID != "w2" || v.Nearby[0].Km < 10.4 || v.Nearby[0].Km > 10.6 {
		t.Fatalf("nearby %+v, want w2 at 10.5 km alone", v.Nearby)
	}
	there, err := w.s.OfferAt(w.ctx(), token, "w2")
	w.do(err)
	if there.Price != (presage.Money{Minor: 8900, Currency: "EUR"}) || len(there.Slots) == 0 || there.Slots[0].WorkshopID != "w2" {
		t.Fatalf("at w2: %v, slots %v", there.Price, there.Slots)
	}
	for _, id := range []string{"w3", "w4", "none"} {
		_, err := w.s.OfferAt(w.ctx(), token, id)
		w.wantErr(err, presage.ErrInvalid)
		_, err = w.s.Book(w.ctx(), token, id+"@"+"1764550800", "link")
		w.wantErr(err, presage.ErrInvalid)
	}
	w.do(book(w, token, v.Slots[0].ID, "w1"))
	w.do(book(w, token, there.Slots[0].ID, "w2"))
	w.do(book(w, token, v.Slots[0].ID, "w1"))
	for _, bay := range []string{"w1", "w2"} {
		busy, err := w.store.Busy(w.ctx(), bay, w.now, w.now.AddDate(0, 3, 0))
		w.do(err)
		if (len(busy) > 0) != (bay == "w1") {
			t.Errorf("%s has %d times taken after the visit came back to w1", bay, len(busy))
		}
	}
}

// book books a slot and tells where the case and its visit are not in the workshop.
func book(w *world, token, slot, workshop string) error {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	b, err := w.s.Book(w.ctx(), token, slot, "link")
	if c := w.last(); err == nil && (b.WorkshopID != workshop || c.WorkshopID != workshop) {
		w.t.Errorf("booked at %s, the case is of %s, want %s", b.WorkshopID, c.WorkshopID, workshop)
	}
	return err
}

func TestFreeDaysForAnAdviser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	e := presage.Errand{WorkshopID: "w1", Jobs: []string{"battery_12v_replace"}}
	m, err := w.s.FreeDays(w.ctx(), e, "2026-12")
	w.do(err)
	if len(m.Days) != 31 || m.Days[5].State != presage.DayClosed || m.Days[6].State != presage.DayFree {
		t.Fatalf("December: %+v", m.Days)
	}
	times, err := w.s.FreeTimes(w.ctx(), e, "2026-12-07")
	w.do(err)
	if len(times) == 0 || !times[0].Start.Equal(m.Days[6].First) {
		t.Errorf("times of 7 December %v, first %v", times, m.Days[6].First)
	}
	_, err = w.s.FreeDays(w.ctx(), presage.Errand{WorkshopID: "none", Jobs: e.Jobs}, "2026-12")
	w.wantErr(err, presage.ErrNotFound)
	_, err = w.s.FreeTimes(w.ctx(), presage.Errand{WorkshopID: "w1", Jobs: []string{"none"}}, "2026-12-07")
	w.wantErr(err, presage.ErrNotFound)
}

package simulator_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"hash/fnv"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/simulator"
)

// summer is where the tests begin.
var summer = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// catalogue is a small one in the manner of the embedded one.
func catalogue() *presage.Catalogue {
	row := func(id presage.ComponentID, model string, limit float64, unit string) presage.Component {
		return presage.Component{ID: id, Model: model, Limit: limit, Unit: unit, JobCode: "job_" + string(id)}
	}
	c := &presage.Catalogue{Components: []presage.Component{
		row(presage.BrakePadsFront, "wear", 100, "%"), row(presage.BrakePadsRear, "wear", 100, "%"),
		row(presage.Battery12V, "lead_acid", 11.9, "V"), row(presage.HVBattery, "hv_capacity", 70, "%"),
		row(presage.TyreLeak, "slow_leak", 20, "%"), row(presage.ShockAbsorbers, "survival", 1, ""),
		row("cabin_filter", "clock", 1, "interval"),
	}}
	for _, x := range c.Components {
		part := "P-" + string(x.ID)
		c.Jobs = append(c.Jobs, presage.Job{Code: x.JobCode, Minutes: 60, Parts: []presage.PartQuantity{{Part: part, Quantity: 2}}})
		c.Parts = append(c.Parts, presage.Part{Number: part, PackSize: 4, LeadTimeDays: 5})
	}
	return c
}

// world makes a fleet for a test; nil faults are the ordinary one.
func world(t *testing.T, vehicles int, seed uint64, faults *simulator.Faults) *simulator.World {
	t.Helper()
	w, err := simulator.New(simulator.Config{Vehicles: vehicles, Seed: seed, Start: summer, Catalogue: catalogue(), Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// digest hashes messages in their order.
type digest struct {
	hash  uint64
	count int
}

func (d *digest) add(m simulator.Message) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.Topic))
	_, _ = h.Write(m.Payload)
	_, _ = h.Write([]byte(m.At.Format(time.RFC3339Nano)))
	d.hash = d.hash*1099511628211 + h.Sum64()
	d.count++
}

func TestSameSeedSameBytesHoweverTimeIsCut(t *testing.T) {
	t.Parallel()
	end := summer.AddDate(0, 0, 4)
	whole := func(seed uint64) (d digest) {
		for m := range world(t, 15, seed, nil).Advance(end) {
			d.add(m)
		}
		return d
	}
	one := whole(7)
	if one.count < 200 {
		t.Fatalf("%d messages in four days of 15 vehicles", one.count)
	}
	var minutes, broken digest
	w := world(t, 15, 7, nil)
	for at := summer; at.Before(end); {
		at = at.Add(7 * time.Minute)
		if at.After(end) {
			at = end
		}
		for m := range w.Advance(at) {
			if m.At.After(at) {
				t.Fatalf("message of %v in Advance(%v)", m.At, at)
			}
			minutes.add(m)
		}
	}
	w = world(t, 15, 7, nil)
	for before := -1; before != broken.count; { // a consumer that takes one message at a time
		before = broken.count
		for m := range w.Advance(end) {
			broken.add(m)
			break
		}
	}
	for name, d := range map[string]digest{"again": whole(7), "7 minutes a call": minutes, "one message a call": broken} {
		if d != one {
			t.Errorf("%s: %+v, want %+v", name, d, one)
		}
	}
	if whole(8) == one {
		t.Error("another seed gives the same fleet")
	}
	if !w.Now().Equal(end) {
		t.Errorf("now %v, want %v", w.Now(), end)
	}
}

// sample is one sample of a payload as it was decoded.
type sample struct {
	at      time.Time
	signals map[string]json.RawMessage
}

// decode reads a telemetry payload by the book (README, "Connecting real vehicles"); nil when it is malformed.
func decode(t *testing.T, payload []byte) []sample {
	t.Helper()
	if len(payload) > 2 && payload[0] == 0x1f && payload[1] == 0x8b {
		z, err := gzip.NewReader(bytes.NewReader(payload))
		if err != nil {
			t.Fatal(err)
		}
		if payload, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	type row struct {
		TS      json.RawMessage            `json:"ts"`
		Signals map[string]json.RawMessage `json:"signals"`
	}
	var doc struct {
		row
		Samples []row `json:"samples"`
	}
	if json.Unmarshal(payload, &doc) != nil {
		return nil
	}
	rows := doc.Samples
	if doc.TS != nil {
		rows = append(rows, doc.row)
	}
	var out []sample
	for _, r := range rows {
		var ms int64
		var at time.Time
		if err := json.Unmarshal(r.TS, &ms); err == nil {
			at = time.UnixMilli(ms)
		} else if err := json.Unmarshal(r.TS, &at); err != nil {
			t.Fatalf("ts %s: %v", r.TS, err)
		}
		out = append(out, sample{at: at.UTC(), signals: r.Signals})
	}
	return out
}

func TestPublishedCountsWhatAReceiverMeets(t *testing.T) {
	t.Parallel()
	faults := simulator.Faults{
		Outage: 0.1, Reorder: 0.05, Repeat: 0.05, Nonsense: 0.01, BadValue: 0.005, Malformed: 0.02, Future: 0.02,
		UnknownName: 0.01, Gzip: 0.3, Single: 0.2,
	}
	w := world(t, 30, 3, &faults)
	type row struct {
		vin presage.VIN
		at  time.Time
	}
	rows := make(map[row]bool)
	var got simulator.Counts
	var last time.Time
	for m := range w.Advance(summer.AddDate(0, 0, 10)) {
		if m.At.Before(last) {
			t.Fatalf("message of %v after one of %v", m.At, last)
		}
		last = m.At
		if m.Topic == "presage/v1/"+string(m.VIN)+"/event" {
			got.Events++
			continue
		}
		got.Messages++
		samples := decode(t, m.Payload)
		if samples == nil {
			got.Malformed++
		}
		for _, s := range samples {
			if s.at.After(m.At.Add(5 * time.Minute)) {
				got.Future++
				continue
			}
			if !rows[row{m.VIN, s.at}] {
				got.Samples++
				for name, v := range s.signals {
					if _, ok := presage.LookupSignal(name); !ok {
						got.Unknown++
					}
					if string(v) == `"n/a"` {
						got.BadValues++
					}
				}
			}
			rows[row{m.VIN, s.at}] = true
		}
	}
	want := w.Published()
	want.BadValues -= got.BadValues // repeats of such a message count again
	if want.BadValues < 0 || want.BadValues > 5 {
		t.Errorf("bad values: %d more than met", want.BadValues)
	}
	if want.Repeats == 0 || want.Reordered == 0 || want.Late == 0 || want.Nonsense == 0 || want.Gzipped == 0 || want.Singles == 0 {
		t.Errorf("some faults is missing: %+v", want)
	}
	want.Repeats, want.Reordered, want.Late, want.Nonsense, want.Gzipped, want.Singles = 0, 0, 0, 0, 0, 0
	want.BadValues = got.BadValues
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutMessEverythingComesOnceInOrder(t *testing.T) {
	t.Parallel()
	w := world(t, 20, 5, &simulator.Faults{})
	newest := make(map[presage.VIN]time.Time)
	backwards := make(map[presage.VIN]bool) // boxes that upload what a garage kept from its newest message on
	for _, v := range w.Fleet().Vehicles {
		backwards[v.VIN] = v.Make == "Halden"
	}
	for m := range w.Advance(summer.AddDate(0, 0, 6)) {
		if m.Topic == "presage/v1/"+string(m.VIN)+"/event" {
			continue
		}
		for _, s := range decode(t, m.Payload) {
			if !s.at.After(newest[m.VIN]) && !backwards[m.VIN] {
				t.Fatalf("sample of %v after one of %v", s.at, newest[m.VIN])
			}
			newest[m.VIN] = s.at
			if m.At.Before(s.at) {
				t.Fatalf("sample of %v arrived at %v", s.at, m.At)
			}
		}
	}
	c := w.Published()
	if c.Repeats+c.Reordered+c.Nonsense+c.BadValues+c.Malformed+c.Future+c.Unknown+c.Gzipped != 0 {
		t.Errorf("counts %+v", c)
	}
}

func TestValidateNamesAllFaults(t *testing.T) {
	t.Parallel()
	_, err := simulator.New(simulator.Config{Faults: &simulator.Faults{Repeat: 2, Gzip: -1}})
	for _, want := range []string{"vehicles", "start", "repeat", "gzip"} {
		if err == nil || !bytes.Contains([]byte(err.Error()), []byte(want)) {
			t.Errorf("error %v does not name %q", err, want)
		}
	}
}

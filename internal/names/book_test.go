package names_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/names"
)

const (
	bad  presage.VIN = "1M8GDM9AXKP042788" // 49 CFR part 565
	good presage.VIN = "11111111111111111"
)

// disk is what outlives a restart: the rows of names, and the telemetry's table.
type disk struct {
	rows  map[string]presage.SignalName
	table map[string]bool
	err   error
	puts  int
}

func (d *disk) SignalNames(context.Context) ([]presage.SignalName, error) {
	return slices.Collect(maps.Values(d.rows)), d.err
}

func (d *disk) PutSignalNames(_ context.Context, ns []presage.SignalName) error {
	if d.err != nil {
		return d.err
	}
	d.puts++
	for _, n := range ns {
		if old, ok := d.rows[n.Name]; ok {
			n.VIN, n.Day = old.VIN, max(old.Day, n.Day)
		}
		d.rows[n.Name] = n
	}
	return nil
}

func (d *disk) DeleteSignalNames(_ context.Context, gone []string) error {
	for _, name := range gone {
		delete(d.rows, name)
	}
	return d.err
}

func (d *disk) Names() []string { return slices.Collect(maps.Keys(d.table)) }

func (d *disk) Forget(_ context.Context, gone []string) error {
	for _, name := range gone {
		delete(d.table, name)
	}
	return d.err
}

func open(t *testing.T, d *disk, perVehicle, total int) *names.Book {
	t.Helper()
	b, err := names.Open(t.Context(), names.Config{
		PerVehicle: perVehicle, Total: total, Reserved: []string{"OVMS.v.known"},
	}, d, d, 20000)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fresh() *disk { return &disk{rows: map[string]presage.SignalName{}, table: map[string]bool{}} }

// use is n names of vin on a day, from a number on.
func use(vin presage.VIN, day presage.Day, from, n int) []presage.NameUse {
	out := make([]presage.NameUse, n)
	for i := range out {
		out[i] = presage.NameUse{VIN: vin, Name: fmt.Sprintf("s%d", from+i), Day: day}
	}
	return out
}

func admitted(t *testing.T, b *names.Book, uses ...presage.NameUse) int {
	t.Helper()
	oks, err := b.Admit(t.Context(), uses)
	if err != nil || len(oks) != len(uses) {
		t.Fatalf("%d of %d, %v", len(oks), len(uses), err)
	}
	n := 0
	for _, ok := range oks {
		if ok {
			n++
		}
	}
	return n
}

// One vehicle's surplus is its own: others, and reserved names, do not notice.
func TestQuota(t *testing.T) {
	t.Parallel()
	d := fresh()
	b := open(t, d, 10, 15)
	if n := admitted(t, b, use(bad, 20000, 0, 40)...); n != 10 {
		t.Errorf("%d of one vehicle's 40 names, want 10", n)
	}
	if n := admitted(t, b, use(good, 20000, 5, 8)...); n != 8 {
		t.Errorf("%d of 8, of which it invents 3", n)
	}
	if n := admitted(t, b, use(good, 20000, 100, 8)...); n != 2 {
		t.Errorf("%d, want the 2 that all may still invent", n)
	}
	reserved := []presage.NameUse{
		{VIN: bad, Name: presage.SignalOdometer}, {VIN: bad, Name: "Presage.x"}, {VIN: bad, Name: "OVMS.v.known"},
	}
	if n := admitted(t, b, reserved...); n != 3 || len(d.rows) != 15 {
		t.Errorf("%d reserved names, %d rows; want 3 and 15", n, len(d.rows))
	}
	b = open(t, d, 10, 15)                                       // a restart
	if n := admitted(t, b, use(bad, 20000, 0, 40)...); n != 13 { // s0-s9, and s10-s12 of the other vehicle
		t.Errorf("%d after a restart, want the 13 of them that are known", n)
	}
	if vehicles, nobody := b.Counts(); vehicles != 15 || nobody != 0 {
		t.Errorf("%d and %d", vehicles, nobody)
	}
}

// Nothing is written for names that are known on their day.
func TestKnownNamesCostNothing(t *testing.T) {
	t.Parallel()
	d := fresh()
	b := open(t, d, 10, 10)
	for _, day := range []presage.Day{20000, 20000, 19999, 20001, 20000} {
		admitted(t, b, use(bad, day, 0, 3)...)
	}
	if d.puts != 2 || d.rows["s1"].Day != 20001 {
		t.Errorf("%d writes, newest day %s; want 2 and %s", d.puts, d.rows["s1"].Day, presage.Day(20001))
	}
}

// A name goes when its newest reading has, and makes room.
func TestFree(t *testing.T) {
	t.Parallel()
	d := fresh()
	b := open(t, d, 10, 10)
	admitted(t, b, use(bad, 100, 0, 10)...)
	admitted(t, b, use(good, 200, 0, 1)...)
	d.table = map[string]bool{"s0": true, "s1": true}
	if n, err := b.Free(t.Context(), names.Select{Before: 200}); n != 9 || err != nil {
		t.Fatalf("%d freed, %v; want 9", n, err)
	}
	if diff := cmp.Diff(map[string]bool{"s0": true}, d.table); diff != "" || len(d.rows) != 1 {
		t.Error(diff, len(d.rows))
	}
	if n := admitted(t, b, use(bad, 200, 50, 10)...); n != 9 {
		t.Errorf("%d of 10 new ones, want 9", n)
	}
	if n, err := b.Free(t.Context(), names.Select{VIN: good}); n != 0 || err != nil {
		t.Errorf("%d of who invented none, %v", n, err)
	}
}

// A store that was full before anybody counted: its names go on, and are in nobody's way.
func TestOldNames(t *testing.T) {
	t.Parallel()
	d := fresh()
	for _, u := range use("", 0, 0, 1000) {
		d.table[u.Name] = true
	}
	b := open(t, d, 10, 10)
	if n := admitted(t, b, use(bad, 20000, 995, 20)...); n != 15 {
		t.Errorf("%d, want 5 old ones and 10 new ones", n)
	}
	b = open(t, d, 10, 10)
	if vehicles, nobody := b.Counts(); vehicles != 10 || nobody != 1000 {
		t.Errorf("%d and %d, want 10 and 1000", vehicles, nobody)
	}
	if n, err := b.Free(t.Context(), names.Select{Nobodys: true}); n != 1000 || err != nil || len(d.table) != 0 {
		t.Errorf("%d freed, %v, %d left", n, err, len(d.table))
	}
}

// What could not be noted is not admitted, and counts for nobody.
func TestStoreDown(t *testing.T) {
	t.Parallel()
	d := fresh()
	b := open(t, d, 5, 5)
	d.err = errors.New("away")
	if _, err := b.Admit(t.Context(), use(bad, 1, 0, 5)); !errors.Is(err, d.err) {
		t.Fatalf("%v, want the store's error", err)
	}
	d.err = nil
	if n := admitted(t, b, use(bad, 1, 5, 5)...); n != 5 {
		t.Errorf("%d of 5", n)
	}
}
